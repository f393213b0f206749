extension Amount {
    private static let fractionDigits = 4

    /// Reads a decimal in the grammar of JSON numbers, exactly: `12.50`, `-3`, `1e2`.
    ///
    /// Refused: more than four fraction digits (zeros at the end do not count), magnitudes above `magnitudeMax`.
    /// Allocates only to describe an error.
    public init(decimal text: UnsafeRawBufferPointer) throws(ValueError) {
        if let tenThousandths = Amount.usual(text) {
            self.init(tenThousandths: tenThousandths)
            return
        }
        guard let decimal = DecimalText(text) else { throw Amount.fault(text, "it is not written as a number") }
        let limit = Amount.magnitudeMax.tenThousandths.magnitude
        switch decimal.scaled(fractionDigits: Amount.fractionDigits, limit: limit) {
        case .value(let magnitude, isExact: true):
            self.init(tenThousandths: decimal.isNegative ? -Int64(magnitude) : Int64(magnitude))
        case .value: throw Amount.fault(text, "it has more than four fraction digits")
        case .tooLarge: throw Amount.fault(text, "it is beyond \(Amount.magnitudeMax)")
        }
    }

    /// The value of digits, at most eleven, with or without a point before the last four or fewer; nil for all other
    /// texts, be they amounts or not.
    private static func usual(_ text: UnsafeRawBufferPointer) -> Int64? {
        guard text.count <= 11, let first = text.first, first > 0x30 || text.count == 1 || text[1] == .dot else {
            return nil
        }
        var value: Int64 = 0
        var point = text.count
        for (offset, byte) in text.enumerated() {
            if byte == .dot, offset > 0, point == text.count {
                point = offset
            } else {
                guard byte &- 0x30 <= 9 else { return nil }
                value = value * 10 + Int64(byte &- 0x30)
            }
        }
        switch text.count - point {
        case 0: return value * 10_000
        case 2: return value * 1_000
        case 3: return value * 100
        case 4: return value * 10
        case 5: return value
        // A point without digits behind it, or with too many.
        default: return nil
        }
    }

    /// Reads a decimal from a string.
    public init(decimal text: String) throws(ValueError) {
        self = try withBytes(of: text) { (bytes) throws(ValueError) in try Amount(decimal: bytes) }
    }

    private static func fault(_ text: UnsafeRawBufferPointer, _ reason: String) -> ValueError {
        ValueError(
            text, isNot: "an amount", because: reason,
            expected: "a decimal of at most \(magnitudeMax) with at most four fraction digits, such as \"12.50\"")
    }
}

extension Amount: CustomStringConvertible {
    /// The shortest decimal: `12.5`, `-3`, `0`.
    public var description: String {
        decimalText(
            isNegative: tenThousandths < 0, magnitude: UInt128(tenThousandths.magnitude),
            fractionDigits: Amount.fractionDigits)
    }
}
