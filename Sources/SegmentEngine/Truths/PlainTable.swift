/// A table of a compiled program: written once, then only read, by any thread.
///
/// Every contact looks into hundreds of tables. Arrays count a reference and check a bound at each look; this is a
/// pointer. That is all it is unsafe for: it is good as long as the `TableMemory` it was made in, which the program
/// keeps.
struct PlainTable<Element: BitwiseCopyable>: BitwiseCopyable, Sendable {
    nonisolated(unsafe) let start: UnsafePointer<Element>
    let count: Int

    var isEmpty: Bool { count == 0 }

    subscript(index: Int) -> Element {
        assert(index >= 0 && index < count, "a table is read beyond its end")
        return start[index]
    }

    /// The element in its place, for elements too large to be copied.
    func pointer(_ index: Int) -> UnsafePointer<Element> {
        assert(index >= 0 && index < count, "a table is read beyond its end")
        return start + index
    }

    /// The elements from a place on.
    func pointer(_ index: UInt32) -> UnsafePointer<Element> { start + Int(index) }
}

/// Some elements side by side in a table.
struct TableSlice: BitwiseCopyable, Sendable {
    var start: UInt32 = 0
    var count: UInt32 = 0

    var isEmpty: Bool { count == 0 }
    var places: Range<Int> { Int(start)..<Int(start) + Int(count) }
}

extension TableSlice {
    /// Adds elements at the end of a table that is being made; says where they are.
    init<Element>(_ elements: some Collection<Element>, in table: inout [Element]) {
        start = UInt32(table.count)
        count = UInt32(elements.count)
        table.append(contentsOf: elements)
    }
}

/// Makes tables.
struct TableBuilder {
    private var blocks: [UnsafeMutableRawPointer] = []

    mutating func table<Element: BitwiseCopyable>(_ elements: [Element]) -> PlainTable<Element> {
        let block = UnsafeMutablePointer<Element>.allocate(capacity: max(1, elements.count))
        _ = UnsafeMutableBufferPointer(start: block, count: elements.count).initialize(from: elements)
        blocks.append(UnsafeMutableRawPointer(block))
        return PlainTable(start: UnsafePointer(block), count: elements.count)
    }

    /// The owner of all tables made here.
    consuming func finish() -> TableMemory { TableMemory(blocks) }
}

/// Keeps the tables of a program, and gives their memory back.
final class TableMemory: Sendable {
    // Nobody writes to the blocks once they are here.
    nonisolated(unsafe) private let blocks: [UnsafeMutableRawPointer]

    fileprivate init(_ blocks: [UnsafeMutableRawPointer]) {
        self.blocks = blocks
    }

    deinit {
        for block in blocks { block.deallocate() }
    }
}

/// Plain memory that is used again and again and grows when it must; its owner gives it back.
struct ScratchTable<Element: BitwiseCopyable>: BitwiseCopyable {
    private(set) var start: UnsafeMutablePointer<Element>
    private(set) var capacity: Int

    init(capacity: Int) {
        self.capacity = max(1, capacity)
        start = .allocate(capacity: self.capacity)
    }

    /// As many elements as there is room for, all the same.
    init(repeating element: Element, count: Int) {
        self.init(capacity: count)
        start.initialize(repeating: element, count: capacity)
    }

    subscript(index: Int) -> Element {
        get {
            assert(index >= 0 && index < capacity, "scratch memory is read beyond its end")
            return start[index]
        }
        nonmutating set {
            assert(index >= 0 && index < capacity, "scratch memory is written beyond its end")
            start[index] = newValue
        }
    }

    /// Makes room for so many elements in all; those that were there stay.
    @inline(__always)
    mutating func reserve(_ count: Int) {
        if count > capacity { grow(to: count) }
    }

    /// Makes room and fills what is new.
    mutating func reserve(_ count: Int, filling element: Element) {
        guard count > capacity else { return }
        let old = capacity
        grow(to: count)
        (start + old).initialize(repeating: element, count: capacity - old)
    }

    @inline(never)
    private mutating func grow(to count: Int) {
        let larger = max(count, capacity * 2)
        let memory = UnsafeMutablePointer<Element>.allocate(capacity: larger)
        memory.update(from: start, count: capacity)
        start.deallocate()
        (start, capacity) = (memory, larger)
    }

    func deallocate() { start.deallocate() }
}

/// A list that numbers (leaves, filters) are appended to, in memory used again for contact after contact.
struct NumberSink: BitwiseCopyable {
    private(set) var memory: ScratchTable<UInt32>
    private(set) var count = 0

    init(capacity: Int) {
        memory = ScratchTable(capacity: capacity)
    }

    subscript(index: Int) -> UInt32 { memory[index] }

    /// Where the numbers lie until the next is appended.
    var start: UnsafePointer<UInt32> { UnsafePointer(memory.start) }

    mutating func removeAll() { count = 0 }

    @inline(__always)
    mutating func append(_ number: UInt32) {
        memory.reserve(count + 1)
        memory.start[count] = number
        count &+= 1
    }

    @inline(__always)
    mutating func append(_ numbers: UnsafePointer<UInt32>, count added: Int) {
        memory.reserve(count + added)
        let end = memory.start + count
        // Most lists are of one or two numbers: a call costs more than they do.
        if added <= 4 {
            for index in 0..<added { end[index] = numbers[index] }
        } else {
            end.update(from: numbers, count: added)
        }
        count &+= added
    }

    /// Makes room for so many more.
    mutating func reserve(_ added: Int) { memory.reserve(count + added) }

    /// Appends a number or not, without a branch; there must be room.
    @inline(__always)
    mutating func append(_ number: UInt32, if isTrue: Bool) {
        assert(count < memory.capacity, "room was made before")
        memory.start[count] = number
        // The bit of the truth itself: a choice between numbers becomes a jump, and is guessed wrong half of the time.
        count &+= Int(unsafeBitCast(isTrue, to: UInt8.self))
    }

    /// The numbers from a place on; good until the next is appended.
    func numbers(from first: Int = 0) -> UnsafeBufferPointer<UInt32> {
        UnsafeBufferPointer(start: memory.start + first, count: count - first)
    }

    func deallocate() { memory.deallocate() }
}
