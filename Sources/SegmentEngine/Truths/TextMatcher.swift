internal import SegmentModel

/// Many tests of one text at once, gathered before they are arranged as a `TextMatcher`. What a test stands for (a
/// leaf, a filter) is its number.
struct TextTests {
    fileprivate var operands = TextTable()
    /// The numbers that hold for an operand, by its number.
    fileprivate var byOperand: [[UInt32]] = []
    fileprivate var others: [(test: FoldedTest, isInverted: Bool, number: UInt32)] = []
    fileprivate var always: [UInt32] = []
    private(set) var onBlank: [UInt32] = []

    /// Adds a test; with `isInverted`, of what does not pass it.
    mutating func add(_ test: TextTest, isInverted: Bool, _ number: UInt32) {
        switch test {
        case .isNot(let operand): add(.is(operand), isInverted: !isInverted, number)
        case .doesNotContain(let operand): add(.contains(operand), isInverted: !isInverted, number)
        case .notIn(let list): add(.in(list), isInverted: !isInverted, number)
        case .isBlank: add(.isNotBlank, isInverted: !isInverted, number)
        case .is(let operand) where !isInverted: addEqual([operand], number)
        case .in(let list) where !isInverted: addEqual(list, number)
        case .isNotBlank where !isInverted: always.append(number)
        case .isNotBlank: onBlank.append(number)
        case .is(let operand): addOther(.equal([operand.folded]), isInverted, number)
        case .in(let list): addOther(.equal(list.map(\.folded)), isInverted, number)
        case .contains(let operand): addOther(.contains(operand.folded), isInverted, number)
        case .startsWith(let operand): addOther(.starts(operand.folded), isInverted, number)
        case .endsWith(let operand): addOther(.ends(operand.folded), isInverted, number)
        }
    }

    private mutating func addEqual(_ list: [TextOperand], _ number: UInt32) {
        for operand in list {
            let place = operands.insert(operand.folded)
            if place == byOperand.count { byOperand.append([]) }
            // Two operands of one list may fold to the same text.
            if byOperand[place].last != number { byOperand[place].append(number) }
        }
    }

    private mutating func addOther(_ test: FoldedTest, _ isInverted: Bool, _ number: UInt32) {
        others.append((test, isInverted, number))
        if isInverted { onBlank.append(number) }
    }
}

/// A positive test of a text that was folded and is not empty.
private enum FoldedTest {
    case equal([String])
    case contains(String)
    case starts(String)
    case ends(String)

    var form: TextMatcher.Form {
        switch self {
        case .equal: .equal
        case .contains: .contains
        case .starts: .starts
        case .ends: .ends
        }
    }

    var operands: [String] {
        switch self {
        case .equal(let operands): operands
        case .contains(let operand), .starts(let operand), .ends(let operand): [operand]
        }
    }
}

/// Many tests of one text: which of them hold.
///
/// `is` and `in`, by far the most, cost one look-up together however many there are; the others are tried one by one.
struct TextMatcher: BitwiseCopyable, Sendable {
    fileprivate enum Form: UInt8, BitwiseCopyable { case equal, contains, starts, ends }

    /// A test that is tried.
    struct Other: BitwiseCopyable, Sendable {
        fileprivate let form: Form
        fileprivate let isInverted: Bool
        fileprivate let number: UInt32
        /// Texts, of which one must do.
        fileprivate let operands: TableSlice
    }

    fileprivate let operands: TextIndex
    fileprivate let lists: UInt32
    fileprivate let others: TableSlice
    fileprivate let always: TableSlice
    let onBlank: TableSlice
    /// Whether there is no test at all.
    let isEmpty: Bool
}

extension MatcherCompiler {
    mutating func matcher(_ tests: TextTests) -> TextMatcher {
        let first = lists.count
        for numbers in tests.byOperand { lists.append(slice(numbers)) }
        let others = tests.others.map { other in
            let operands = other.test.operands.map { TableSlice(Array($0.utf8), in: &texts.bytes) }
            return TextMatcher.Other(
                form: other.test.form, isInverted: other.isInverted, number: other.number,
                operands: TableSlice(operands, in: &textOperands))
        }
        return TextMatcher(
            operands: tests.operands.index(&texts), lists: UInt32(first),
            others: TableSlice(others, in: &textOthers), always: slice(tests.always), onBlank: slice(tests.onBlank),
            isEmpty: tests.byOperand.isEmpty && others.isEmpty && tests.always.isEmpty && tests.onBlank.isEmpty)
    }
}

extension MatcherTables {
    /// Appends what holds for a text that was folded; for a blank if it is empty.
    func match(_ matcher: TextMatcher, folded text: UnsafeRawBufferPointer, into sink: inout NumberSink) {
        guard !text.isEmpty else { return append(matcher.onBlank, to: &sink) }
        append(matcher.always, to: &sink)
        if let number = texts.number(of: text, in: matcher.operands) {
            append(lists[Int(matcher.lists) + number], to: &sink)
        }
        for place in matcher.others.places {
            let other = textOthers.pointer(place)
            if holds(other, text) != other.pointee.isInverted { sink.append(other.pointee.number) }
        }
    }

    private func holds(_ test: UnsafePointer<TextMatcher.Other>, _ text: UnsafeRawBufferPointer) -> Bool {
        test.pointee.operands.places.contains { place in
            let operand = textOperands[place]
            switch test.pointee.form {
            case .equal: return texts.isText(operand, text)
            case .starts: return texts.isPart(operand, of: text, at: 0)
            case .ends: return texts.isPart(operand, of: text, at: text.count - Int(operand.count))
            case .contains:
                let last = text.count - Int(operand.count)
                return last >= 0 && (0...last).contains { texts.isPart(operand, of: text, at: $0) }
            }
        }
    }
}
