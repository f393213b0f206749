/// An exact decimal with nine fraction digits: what conditions compare.
///
/// Every measure (counts, sums of amounts, quantity times price) has an exact `Number`; nothing is ever rounded on the
/// way to a comparison.
public struct Number: Hashable, Comparable, Sendable {
    /// The number in billionths: 1.5 is 1,500,000,000.
    public var billionths: Int128

    /// Makes a number from billionths.
    public init(billionths: Int128) {
        self.billionths = billionths
    }

    /// A whole number.
    public init(_ whole: Int) {
        billionths = Int128(whole) * Number.scale
    }

    /// The number an amount stands for.
    public init(_ amount: Amount) {
        billionths = Int128(amount.tenThousandths) * 100_000
    }

    static let scale: Int128 = 1_000_000_000

    /// Nothing.
    public static let zero = Number(billionths: 0)

    public static func < (left: Number, right: Number) -> Bool {
        left.billionths < right.billionths
    }

    public static func + (left: Number, right: Number) -> Number {
        Number(billionths: left.billionths + right.billionths)
    }

    public static func - (left: Number, right: Number) -> Number {
        Number(billionths: left.billionths - right.billionths)
    }
}
