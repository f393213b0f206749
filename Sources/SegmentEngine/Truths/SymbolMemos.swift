/// What was worked out once for each symbol, by question: lists of numbers. Grows with the vocabulary.
struct SymbolMemos: BitwiseCopyable {
    /// Per question, per symbol where its list begins in `entries` plus one; 0 as long as nobody asked.
    private let places: ScratchTable<ScratchTable<UInt32>>
    private let questionCount: Int
    private var entries = ScratchTable<UInt32>(capacity: 1 << 10)
    private var entryCount = 0

    init(questionCount: Int) {
        self.questionCount = questionCount
        places = ScratchTable(capacity: questionCount)
        for question in 0..<questionCount {
            (places.start + question).initialize(to: ScratchTable(repeating: 0, count: 16))
        }
    }

    func deallocate() {
        for question in 0..<questionCount { places[question].deallocate() }
        places.deallocate()
        entries.deallocate()
    }

    /// The symbol's list; nil if it has not been worked out yet. Good until the next is inserted.
    @inline(__always)
    func find(_ question: Int, _ symbol: Symbol) -> UnsafePointer<UInt32>? {
        let table = places.start + question
        let index = Int(symbol.rawValue)
        guard index < table.pointee.capacity else { return nil }
        let place = table.pointee.start[index]
        return place == 0 ? nil : UnsafePointer(entries.start + Int(place) - 1)
    }

    /// Keeps what was worked out for a symbol.
    @discardableResult
    mutating func insert(_ list: some Collection<UInt32>, _ question: Int, _ symbol: Symbol) -> UnsafePointer<UInt32> {
        let index = Int(symbol.rawValue)
        places.start[question].reserve(index + 1, filling: 0)
        entries.reserve(entryCount + max(1, list.count))
        let first = entryCount
        for number in list {
            entries[entryCount] = number
            entryCount += 1
        }
        places.start[question][index] = UInt32(first + 1)
        return UnsafePointer(entries.start + first)
    }
}
