/// An exact amount of money or goods: a decimal with at most four fraction digits.
///
/// Sums are taken in `Number`, which cannot overflow on any history the log can hold.
public struct Amount: Hashable, Comparable, Sendable {
    /// The amount in ten-thousandths: 12.5 is 125,000.
    public var tenThousandths: Int64

    /// Makes an amount from ten-thousandths.
    public init(tenThousandths: Int64) {
        self.tenThousandths = tenThousandths
    }

    /// Nothing.
    public static let zero = Amount(tenThousandths: 0)

    /// The largest magnitude admitted, one hundred billion.
    public static let magnitudeMax = Amount(tenThousandths: 1_000_000_000_000_000)

    public static func < (left: Amount, right: Amount) -> Bool {
        left.tenThousandths < right.tenThousandths
    }
}
