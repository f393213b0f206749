internal import SegmentModel

/// Tests of a value, gathered before they are arranged as a `ValueMatcher`. An inverted one is of what does not pass.
struct ValueTests {
    fileprivate private(set) var text = TextMatcher()
    fileprivate private(set) var number = NumberTests()
    fileprivate private(set) var onTrue: [UInt32] = []
    fileprivate private(set) var onFalse: [UInt32] = []
    fileprivate private(set) var onNoBoolean: [UInt32] = []
    fileprivate private(set) var onPresent: [UInt32] = []
    fileprivate private(set) var onAbsent: [UInt32] = []

    mutating func add(_ test: TextTest, isInverted: Bool, _ payload: UInt32) {
        text.add(test, isInverted: isInverted, payload)
    }

    mutating func add(_ test: NumberTest, isInverted: Bool, _ payload: UInt32) {
        number.add(test, isInverted: isInverted, payload)
    }

    mutating func add(_ test: BooleanTest, isInverted: Bool, _ payload: UInt32) {
        if test.holds(for: true) != isInverted { onTrue.append(payload) }
        if test.holds(for: false) != isInverted { onFalse.append(payload) }
        if test.holds(for: nil) != isInverted { onNoBoolean.append(payload) }
    }

    mutating func add(_ test: BlankTest, isInverted: Bool, _ payload: UInt32) {
        if test.holds(isBlank: false) != isInverted { onPresent.append(payload) } else { onAbsent.append(payload) }
    }

    mutating func add(_ test: FilterTest, _ payload: UInt32) {
        switch test {
        case .text(let test): add(test, isInverted: false, payload)
        case .number(let test): add(test, isInverted: false, payload)
        case .boolean(let test): add(test, isInverted: false, payload)
        case .untyped(let test): add(test, isInverted: false, payload)
        }
    }
}

/// Tests of a value whose type is not known before it comes: a custom field, a property. Which of them hold.
///
/// As the reference has it: a value of another type than a test asks for is blank, and text that spells a number counts
/// as that number.
final class ValueMatcher: Sendable {
    private let text: TextMatcher
    private let number: NumberChain
    private let onTrue: [UInt32]
    private let onFalse: [UInt32]
    private let onNoBoolean: [UInt32]
    private let onPresent: [UInt32]
    private let onAbsent: [UInt32]

    init(_ tests: ValueTests) {
        text = tests.text
        number = NumberChain(tests.number)
        (onTrue, onFalse, onNoBoolean) = (tests.onTrue, tests.onFalse, tests.onNoBoolean)
        (onPresent, onAbsent) = (tests.onPresent, tests.onAbsent)
    }

    /// Appends what holds for text in UTF-8, not folded yet.
    func match(text bytes: UnsafeRawBufferPointer, _ folding: FoldingBuffer, into payloads: inout [UInt32]) {
        if !text.isEmpty { text.match(folded: folding.folded(bytes), into: &payloads) }
        if !number.isEmpty {
            if let spelt = ValueMatcher.number(speltBy: bytes) {
                number.match(rank: number.rank(of: spelt), into: &payloads)
            } else {
                payloads.append(contentsOf: number.onBlank)
            }
        }
        payloads.append(contentsOf: onNoBoolean)
        payloads.append(contentsOf: bytes.isEmpty ? onAbsent : onPresent)
    }

    /// Appends what holds for a number in billionths.
    func match(number value: Int128, into payloads: inout [UInt32]) {
        payloads.append(contentsOf: text.onBlank)
        if !number.isEmpty { number.match(rank: number.rank(of: value), into: &payloads) }
        payloads.append(contentsOf: onNoBoolean)
        payloads.append(contentsOf: onPresent)
    }

    /// Appends what holds for true or false.
    func match(boolean value: Bool, into payloads: inout [UInt32]) {
        payloads.append(contentsOf: text.onBlank)
        payloads.append(contentsOf: number.onBlank)
        payloads.append(contentsOf: value ? onTrue : onFalse)
        payloads.append(contentsOf: onPresent)
    }

    /// Appends what holds for a value of no type that is asked for here, or for none at all.
    func matchOther(isBlank: Bool, into payloads: inout [UInt32]) {
        payloads.append(contentsOf: text.onBlank)
        payloads.append(contentsOf: number.onBlank)
        payloads.append(contentsOf: onNoBoolean)
        payloads.append(contentsOf: isBlank ? onAbsent : onPresent)
    }

    /// The number in billionths that a text spells. Does not read what cannot be one: describing why costs memory.
    private static func number(speltBy text: UnsafeRawBufferPointer) -> Int128? {
        guard let first = text.first, first == UInt8(ascii: "-") || first &- 0x30 < 10 else { return nil }
        return try? Number(decimal: text).billionths
    }
}
