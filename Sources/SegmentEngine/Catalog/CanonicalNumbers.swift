internal import SegmentModel

/// What is known beforehand of a number that is compared.
struct NumberDomain {
    /// It has no fraction.
    var isWhole: Bool
    /// It is at least zero.
    var isNonNegative: Bool
    /// There is always a number.
    var isNeverBlank: Bool

    /// Nothing is known.
    static let plain = NumberDomain(isWhole: false, isNonNegative: false, isNeverBlank: false)

    /// What is known of a measure: amounts, quantities and prices are admitted only if not negative.
    init(_ measure: Measure) {
        switch measure {
        case .count, .products: self.init(isWhole: true, isNonNegative: true, isNeverBlank: true)
        case .total, .quantity, .lineTotal: self.init(isWhole: false, isNonNegative: true, isNeverBlank: true)
        case .netTotal: self.init(isWhole: false, isNonNegative: false, isNeverBlank: true)
        case .average, .largest, .smallest, .averageQuantity:
            self.init(isWhole: false, isNonNegative: true, isNeverBlank: false)
        case .daysSinceFirst, .daysSinceLast: self.init(isWhole: true, isNonNegative: true, isNeverBlank: false)
        case .first, .last: self = .plain
        }
    }

    init(isWhole: Bool, isNonNegative: Bool, isNeverBlank: Bool) {
        self.isWhole = isWhole
        self.isNonNegative = isNonNegative
        self.isNeverBlank = isNeverBlank
    }
}

/// One end of a range of numbers.
struct NumberBound: Equatable {
    var number: Number
    /// The number itself is in the range.
    var isClosed: Bool
}

/// The numbers from one end to the other; nil is without an end.
struct NumberRange: Equatable {
    var low: NumberBound?
    var high: NumberBound?

    /// True if there is no number in it.
    var isEmpty: Bool {
        guard let low, let high else { return false }
        return low.number > high.number || (low.number == high.number && !(low.isClosed && high.isClosed))
    }

    /// The range with its ends moved to where numbers of the domain are, and ends that exclude nothing taken away.
    func narrowed(to domain: NumberDomain) -> NumberRange {
        var range = self
        if domain.isWhole {
            range.low = low.map {
                NumberBound(
                    number: $0.isClosed ? $0.number.roundedUp : $0.number.roundedDown + Number(1), isClosed: true)
            }
            range.high = high.map {
                NumberBound(
                    number: $0.isClosed ? $0.number.roundedDown : $0.number.roundedUp - Number(1), isClosed: true)
            }
        }
        guard domain.isNonNegative else { return range }
        if let low = range.low, low.number < .zero || (low.number == .zero && low.isClosed) { range.low = nil }
        if let high = range.high, high.number < .zero || (high.number == .zero && !high.isClosed) {
            // Nothing is below zero; the low end, which may be gone, would let the range look inhabited.
            range.low = high
            range.high = NumberBound(number: high.number, isClosed: false)
        }
        return range
    }
}

extension NumberTest {
    /// The canonical form over numbers of a domain.
    func canonical(in domain: NumberDomain) -> Canonical<NumberTest> {
        switch self {
        case .isNot(let operand): NumberTest.is(operand).canonical(in: domain).negated
        case .notIn(let operands): NumberTest.in(operands).canonical(in: domain).negated
        case .isBlank: NumberTest.isNotBlank.canonical(in: domain).negated
        case .isNotBlank: NumberTest.present(domain)
        case .in(let operands): NumberTest.oneOf(operands, in: domain)
        case .is(let operand): NumberTest.range(.exactly(operand), in: domain)
        case .lessThan(let operand): NumberTest.range(.below(operand, isClosed: false), in: domain)
        case .atMost(let operand): NumberTest.range(.below(operand, isClosed: true), in: domain)
        case .greaterThan(let operand): NumberTest.range(.above(operand, isClosed: false), in: domain)
        case .atLeast(let operand): NumberTest.range(.above(operand, isClosed: true), in: domain)
        case .between(let low, let high):
            NumberTest.range(
                NumberRange(
                    low: NumberBound(number: low, isClosed: true), high: NumberBound(number: high, isClosed: true)),
                in: domain)
        }
    }

    /// The operator that says the opposite of `is`, `in` and `isNotBlank`; nil for the others, which blanks fail.
    var complement: NumberTest? {
        switch self {
        case .is(let operand): .isNot(operand)
        case .in(let operands): .notIn(operands)
        case .isNotBlank: .isBlank
        default: nil
        }
    }

    private static func present(_ domain: NumberDomain) -> Canonical<NumberTest> {
        domain.isNeverBlank ? .constant(true) : .positive(.isNotBlank)
    }

    private static func oneOf(_ operands: [Number], in domain: NumberDomain) -> Canonical<NumberTest> {
        let possible = Set(operands).filter { !NumberRange.exactly($0).narrowed(to: domain).isEmpty }.sorted()
        guard let first = possible.first else { return .constant(false) }
        return possible.count == 1 ? range(.exactly(first), in: domain) : .positive(.in(possible))
    }

    private static func range(_ range: NumberRange, in domain: NumberDomain) -> Canonical<NumberTest> {
        let range = range.narrowed(to: domain)
        if range.isEmpty { return .constant(false) }
        switch (range.low, range.high) {
        case (nil, nil): return present(domain)
        case (let low?, nil): return .positive(low.isClosed ? .atLeast(low.number) : .greaterThan(low.number))
        case (nil, let high?): return below(high, in: domain)
        case (let low?, let high?):
            return .positive(
                low.number == high.number ? .is(low.number) : .between(low: low.number, high: high.number))
        }
    }

    /// Where there is always a number, what is not below an end is above it.
    private static func below(_ high: NumberBound, in domain: NumberDomain) -> Canonical<NumberTest> {
        guard domain.isNeverBlank else {
            return .positive(high.isClosed ? .atMost(high.number) : .lessThan(high.number))
        }
        let rest = NumberRange(low: NumberBound(number: high.number, isClosed: !high.isClosed)).narrowed(to: domain)
        guard let low = rest.low else { return .constant(false) }
        return .test(low.isClosed ? .atLeast(low.number) : .greaterThan(low.number), isNegated: true)
    }
}

extension NumberRange {
    static func exactly(_ number: Number) -> NumberRange {
        let bound = NumberBound(number: number, isClosed: true)
        return NumberRange(low: bound, high: bound)
    }

    static func above(_ number: Number, isClosed: Bool) -> NumberRange {
        NumberRange(low: NumberBound(number: number, isClosed: isClosed))
    }

    static func below(_ number: Number, isClosed: Bool) -> NumberRange {
        NumberRange(high: NumberBound(number: number, isClosed: isClosed))
    }
}

extension Number {
    private static let one = Number(1).billionths

    /// The greatest whole number not above it.
    var roundedDown: Number {
        let rest = billionths % Number.one
        return Number(billionths: billionths - (rest < 0 ? rest + Number.one : rest))
    }

    /// The least whole number not below it.
    var roundedUp: Number {
        let down = roundedDown
        return down == self ? self : down + Number(1)
    }
}
