internal import SegmentModel

/// All tests of one number (a measure, a field), gathered before they are arranged as a `NumberChain`.
struct NumberTests {
    /// A strict threshold is reached above its operand, any other one at it.
    struct Threshold: Hashable {
        var operand: Int128
        var isStrict: Bool
    }

    enum Form {
        /// From the threshold on.
        case from(Threshold)
        /// Until the threshold.
        case until(Threshold)
        /// At the operands alone, or everywhere else.
        case at([Int128], isInverted: Bool)
        /// From the one to the other, both included, or outside of that.
        case between(Int128, Int128, isInverted: Bool)
    }

    private(set) var forms: [(form: Form, payload: UInt32)] = []
    private(set) var always: [UInt32] = []
    private(set) var onBlank: [UInt32] = []
    private(set) var isEmpty = true

    /// Adds a test; with `isInverted`, of what does not pass it.
    mutating func add(_ test: NumberTest, isInverted: Bool, _ payload: UInt32) {
        isEmpty = false
        switch test {
        case .isNot(let operand): return add(.is(operand), isInverted: !isInverted, payload)
        case .notIn(let operands): return add(.in(operands), isInverted: !isInverted, payload)
        case .isBlank: return add(.isNotBlank, isInverted: !isInverted, payload)
        case .isNotBlank: if !isInverted { always.append(payload) }
        case .atLeast(let operand): addHalf(operand, isStrict: false, isUpper: !isInverted, payload)
        case .greaterThan(let operand): addHalf(operand, isStrict: true, isUpper: !isInverted, payload)
        case .lessThan(let operand): addHalf(operand, isStrict: false, isUpper: isInverted, payload)
        case .atMost(let operand): addHalf(operand, isStrict: true, isUpper: isInverted, payload)
        case .is(let operand): forms.append((.at([operand.billionths], isInverted: isInverted), payload))
        case .in(let operands): forms.append((.at(operands.map(\.billionths), isInverted: isInverted), payload))
        case .between(let low, let high):
            forms.append((.between(low.billionths, high.billionths, isInverted: isInverted), payload))
        }
        if isInverted { onBlank.append(payload) }
    }

    private mutating func addHalf(_ operand: Number, isStrict: Bool, isUpper: Bool, _ payload: UInt32) {
        let threshold = Threshold(operand: operand.billionths, isStrict: isStrict)
        forms.append((isUpper ? .from(threshold) : .until(threshold), payload))
    }

    /// The thresholds that a form has.
    static func thresholds(of form: Form) -> [Threshold] {
        switch form {
        case .from(let threshold), .until(let threshold): [threshold]
        case .at(let operands, _):
            operands.flatMap { [Threshold(operand: $0, isStrict: false), Threshold(operand: $0, isStrict: true)] }
        case .between(let low, let high, _):
            [Threshold(operand: low, isStrict: false), Threshold(operand: high, isStrict: true)]
        }
    }
}
