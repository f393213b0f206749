internal import SegmentModel

/// Many tests of one text at once: which of them hold. What a test stands for (a leaf, a filter) is its payload.
///
/// `is` and `in`, by far the most, cost one look-up together however many there are; the others are tried one by one.
struct TextMatcher: Sendable {
    private var operands = TextTable()
    /// The payloads that hold for an operand, by its number.
    private var byOperand: [[UInt32]] = []
    private var others: [(test: FoldedTest, isInverted: Bool, payload: UInt32)] = []
    private var always: [UInt32] = []
    /// What holds for a blank.
    private(set) var onBlank: [UInt32] = []

    /// Adds a test; with `isInverted`, of what does not pass it.
    mutating func add(_ test: TextTest, isInverted: Bool, _ payload: UInt32) {
        switch test {
        case .isNot(let operand): add(.is(operand), isInverted: !isInverted, payload)
        case .doesNotContain(let operand): add(.contains(operand), isInverted: !isInverted, payload)
        case .notIn(let list): add(.in(list), isInverted: !isInverted, payload)
        case .isBlank: add(.isNotBlank, isInverted: !isInverted, payload)
        case .is(let operand) where !isInverted: addEqual([operand], payload)
        case .in(let list) where !isInverted: addEqual(list, payload)
        case .isNotBlank where !isInverted: always.append(payload)
        case .isNotBlank: onBlank.append(payload)
        case .is(let operand): addOther(.equal([operand.folded]), isInverted, payload)
        case .in(let list): addOther(.equal(list.map(\.folded)), isInverted, payload)
        case .contains(let operand): addOther(.contains(Array(operand.folded.utf8)), isInverted, payload)
        case .startsWith(let operand): addOther(.starts(Array(operand.folded.utf8)), isInverted, payload)
        case .endsWith(let operand): addOther(.ends(Array(operand.folded.utf8)), isInverted, payload)
        }
    }

    private mutating func addEqual(_ list: [TextOperand], _ payload: UInt32) {
        for operand in list {
            let number = operands.insert(operand.folded)
            if number == byOperand.count { byOperand.append([]) }
            // Two operands of one list may fold to the same text.
            if byOperand[number].last != payload { byOperand[number].append(payload) }
        }
    }

    private mutating func addOther(_ test: FoldedTest, _ isInverted: Bool, _ payload: UInt32) {
        others.append((test, isInverted, payload))
        if isInverted { onBlank.append(payload) }
    }

    /// Whether there is no test at all.
    var isEmpty: Bool { byOperand.isEmpty && others.isEmpty && always.isEmpty && onBlank.isEmpty }

    /// Appends what holds for a text that was folded; for a blank if it is empty.
    func match(folded text: UnsafeRawBufferPointer, into payloads: inout [UInt32]) {
        guard !text.isEmpty else {
            payloads.append(contentsOf: onBlank)
            return
        }
        payloads.append(contentsOf: always)
        if let number = operands.index(of: text) { payloads.append(contentsOf: byOperand[number]) }
        for other in others where other.test.holds(text) != other.isInverted { payloads.append(other.payload) }
    }
}

/// A positive test of a text that was folded and is not empty.
private enum FoldedTest: Sendable {
    case equal([String])
    case contains([UInt8])
    case starts([UInt8])
    case ends([UInt8])

    func holds(_ text: UnsafeRawBufferPointer) -> Bool {
        switch self {
        case .equal(let operands): operands.contains { $0.utf8.elementsEqual(text) }
        case .contains(let part): FoldedTest.hasPart(text, part)
        case .starts(let part): FoldedTest.isPart(part, of: text, at: 0)
        case .ends(let part): FoldedTest.isPart(part, of: text, at: text.count - part.count)
        }
    }

    private static func hasPart(_ text: UnsafeRawBufferPointer, _ part: [UInt8]) -> Bool {
        guard part.count <= text.count else { return false }
        for offset in 0...(text.count - part.count) where isPart(part, of: text, at: offset) { return true }
        return false
    }

    private static func isPart(_ part: [UInt8], of text: UnsafeRawBufferPointer, at offset: Int) -> Bool {
        guard offset >= 0, offset + part.count <= text.count else { return false }
        for index in part.indices where part[index] != text[offset + index] { return false }
        return true
    }
}
