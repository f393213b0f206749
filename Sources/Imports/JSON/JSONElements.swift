/// Finds the elements of a stream of JSON objects: a list, the list in a wrapper such as `{"orders": […]}`, or objects
/// one after the other, on a line each or over several.
///
/// In: bytes, cut anywhere. Out: the bytes of each element with its place: in a list the element's number from 1, else
/// the line on which it begins. Memory: one element. Elements are found by their brackets and read by others.
struct JSONElements {
    /// What was found.
    enum Finding: Equatable {
        case element(bytes: [UInt8], place: Int)
        /// Something that is no object, passed over.
        case stray(place: Int)
        /// An element longer than the bound, passed over.
        case tooLong(place: Int)

        var place: Int {
            switch self {
            case .element(_, let place), .stray(let place), .tooLong(let place): place
            }
        }
    }

    /// An order of ten thousand lines, as shops write them.
    static let elementBytesMax = 16 << 20
    /// How much may stand before the list in a wrapper.
    private static let wrapperBytesMax = 64

    private enum Shape { case unknown, list, objects }

    /// Keys whose list holds the elements, if a document begins with one.
    private let wrappers: [String]
    private var shape = Shape.unknown
    private var line = 1
    private var count = 0
    private var element: [UInt8] = []
    private var found: [Finding] = []
    private var place = 0
    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    private var isTooLong = false
    /// In a list: the list has ended. What follows belongs to the wrapper.
    private var isOver = false
    private var isPassingStray = false
    /// The byte before, and the last one before it that is no white space.
    private var previous: UInt8 = 0x0A
    private var significant: UInt8 = 0

    init(wrappers: [String]) {
        self.wrappers = wrappers
    }

    /// Whether elements are told apart by their number in a list, and not by their line.
    var isList: Bool { shape == .list }
    /// Whether the end of the stream would be in the middle of something.
    var isOpen: Bool { depth > 0 || (shape == .list && !isOver) }
    /// Where the element begins in the middle of which the stream would end.
    var openPlace: Int { depth > 0 ? place : count }

    /// Takes the next bytes. Returns what they make complete.
    mutating func feed(_ bytes: UnsafeRawBufferPointer) -> [Finding] {
        for byte in bytes {
            take(byte)
            if byte == 0x0A { line += 1 }
            previous = byte
            if byte > 0x20 { significant = byte }
        }
        defer { found = [] }
        return found
    }

    private mutating func take(_ byte: UInt8) {
        if depth > 0 { return takeInside(byte) }
        switch byte {
        case 0x20, 0x09, 0x0D: return
        case 0x0A:
            if shape != .list { isPassingStray = false }
        case _ where isOver: return
        case 0xEF, 0xBB, 0xBF:
            // A byte order mark.
            if count > 0 || shape != .unknown { stray() }
        case UInt8(ascii: "{"):
            if shape == .unknown { shape = .objects }
            begin(byte)
        case UInt8(ascii: "[") where shape == .unknown: shape = .list
        case UInt8(ascii: ",") where shape == .list: isPassingStray = false
        case UInt8(ascii: "]") where shape == .list: isOver = true
        default: stray()
        }
    }

    private mutating func begin(_ byte: UInt8) {
        count += 1
        place = shape == .list ? count : line
        depth = 1
        isInString = false
        isTooLong = false
        isPassingStray = false
        element.removeAll(keepingCapacity: true)
        element.append(byte)
    }

    /// A value that is no object counts as one element up to the next comma or line end.
    private mutating func stray() {
        guard !isPassingStray else { return }
        isPassingStray = true
        if shape == .unknown { shape = .objects }
        count += 1
        found.append(.stray(place: shape == .list ? count : line))
    }

    private mutating func takeInside(_ byte: UInt8) {
        if byte == UInt8(ascii: "{"), isObjectCut {
            found.append(.element(bytes: element, place: place))
            return begin(byte)
        }
        if element.count < Self.elementBytesMax { element.append(byte) } else { isTooLong = true }
        if isInString {
            if byte == 0x0A {
                // No JSON text goes on over a line's end: its quote is missing, and the next lines are not part of it.
                isInString = false
                isEscaped = false
            } else if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isInString = false
            }
            return
        }
        switch byte {
        case UInt8(ascii: "\""): isInString = true
        case UInt8(ascii: "{"): depth += 1
        case UInt8(ascii: "["):
            depth += 1
            if depth == 2, count == 1, shape == .objects { unwrap() }
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            depth -= 1
            if depth == 0 { found.append(isTooLong ? .tooLong(place: place) : .element(bytes: element, place: place)) }
        default: return
        }
    }

    /// Whether an object on a line of its own begins where the one before it has not ended.
    private var isObjectCut: Bool {
        shape == .objects && previous == 0x0A && !isInString
            && ![UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "[")].contains(significant)
    }

    /// Goes on as a list if what was read so far is `{"orders": [`.
    private mutating func unwrap() {
        guard element.count <= Self.wrapperBytesMax else { return }
        let begun = element.filter { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D && $0 != 0x0A }
        guard wrappers.contains(where: { begun.elementsEqual("{\"\($0)\":[".utf8) }) else { return }
        shape = .list
        depth = 0
        count = 0
    }
}
