extension Number {
    private static let fractionDigits = 9
    /// One billionth less than ten to the eighteenth.
    private static let magnitudeMax: UInt128 = 999_999_999_999_999_999_999_999_999

    /// Reads a decimal in the grammar of JSON numbers: `12.50`, `-3`, `1e2`.
    ///
    /// Exact up to nine fraction digits; what is finer is rounded half to even. Refused: magnitudes of ten to the
    /// eighteenth and above. Allocates only to describe an error.
    public init(decimal text: UnsafeRawBufferPointer) throws(ValueError) {
        guard let decimal = DecimalText(text) else { throw Number.fault(text, "it is not written as a number") }
        switch decimal.scaled(fractionDigits: Number.fractionDigits, limit: Number.magnitudeMax) {
        case .value(let magnitude, _):
            self.init(billionths: decimal.isNegative ? -Int128(magnitude) : Int128(magnitude))
        case .tooLarge:
            throw Number.fault(text, "its magnitude is not below 1000000000000000000")
        }
    }

    /// Reads a decimal from a string.
    public init(decimal text: String) throws(ValueError) {
        self = try withBytes(of: text) { (bytes) throws(ValueError) in try Number(decimal: bytes) }
    }

    private static func fault(_ text: UnsafeRawBufferPointer, _ reason: String) -> ValueError {
        ValueError(text, isNot: "a number", because: reason, expected: "a decimal such as \"12.50\" or \"-3\"")
    }
}

extension Number: CustomStringConvertible {
    /// The shortest decimal: `12.5`, `-3`, `0`.
    public var description: String {
        decimalText(
            isNegative: billionths < 0, magnitude: billionths.magnitude, fractionDigits: Number.fractionDigits)
    }
}
