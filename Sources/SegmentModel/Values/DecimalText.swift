/// A decimal in the grammar of JSON numbers (RFC 8259, section 6), taken apart but not yet computed.
///
/// Exact at any length: digits are read from the text itself, so `1e-4`, `0.0001` and `100.00e-6` are one value.
struct DecimalText {
    let isNegative: Bool
    private let bytes: UnsafeRawBufferPointer
    private let whole: Range<Int>
    private let fraction: Range<Int>
    private let exponent: Int

    /// Exponents are cut off here: no value with more digits than this fits any type, and no text is this long.
    private static let exponentMax = 1_000_000_000

    /// Takes a text apart; nil if it is not a JSON number.
    init?(_ text: UnsafeRawBufferPointer) {
        var scanner = TextScanner(text)
        isNegative = scanner.take(.minus)
        guard let whole = DecimalText.digits(&scanner) else { return nil }
        guard whole.count == 1 || text[whole.lowerBound] != UInt8(ascii: "0") else { return nil }
        var fraction = scanner.position..<scanner.position
        if scanner.take(.dot) {
            guard let digits = DecimalText.digits(&scanner) else { return nil }
            fraction = digits
        }
        guard let exponent = DecimalText.exponent(&scanner), scanner.isAtEnd else { return nil }
        bytes = text
        self.whole = whole
        self.fraction = fraction
        self.exponent = exponent
    }

    /// One or more digits.
    private static func digits(_ scanner: inout TextScanner) -> Range<Int>? {
        let start = scanner.position
        while scanner.digit() != nil {}
        return scanner.position > start ? start..<scanner.position : nil
    }

    /// The exponent, 0 if there is none; nil if it has no digits.
    private static func exponent(_ scanner: inout TextScanner) -> Int? {
        guard scanner.take(UInt8(ascii: "e")) || scanner.take(UInt8(ascii: "E")) else { return 0 }
        let isNegative = scanner.take(.minus)
        if !isNegative { _ = scanner.take(.plus) }
        guard var value = scanner.digit() else { return nil }
        while let digit = scanner.digit() {
            value = min(value * 10 + digit, exponentMax)
        }
        return isNegative ? -value : value
    }

    /// A scaled magnitude, or why there is none.
    enum Scaled<Magnitude> {
        /// `isExact` is false if digits other than zero were rounded away.
        case value(Magnitude, isExact: Bool)
        case tooLarge
    }

    /// The magnitude times ten to the number of fraction digits, rounded half to even, if it is at most `limit`.
    func scaled<Magnitude: FixedWidthInteger & UnsignedInteger>(
        fractionDigits: Int, limit: Magnitude
    ) -> Scaled<Magnitude> {
        // So many of the digits make the scaled value; those after them are rounded.
        let kept = whole.count + exponent + fractionDigits
        var value: Magnitude = 0
        for index in 0..<max(0, min(kept, digitCount)) {
            let (tens, isOverTens) = value.multipliedReportingOverflow(by: 10)
            let (sum, isOver) = tens.addingReportingOverflow(Magnitude(digit(index)))
            guard !isOverTens, !isOver, sum <= limit else { return .tooLarge }
            value = sum
        }
        var missing = max(0, kept - digitCount)
        while missing > 0, value > 0 {
            let (tens, isOver) = value.multipliedReportingOverflow(by: 10)
            guard !isOver, tens <= limit else { return .tooLarge }
            value = tens
            missing -= 1
        }
        return rounded(value, kept: kept, limit: limit)
    }

    private func rounded<Magnitude: FixedWidthInteger & UnsignedInteger>(
        _ value: Magnitude, kept: Int, limit: Magnitude
    ) -> Scaled<Magnitude> {
        let first = max(0, kept)
        let isTailZero = first >= digitCount || (first..<digitCount).allSatisfy { digit($0) == 0 }
        guard !isTailZero else { return .value(value, isExact: true) }
        // With digits missing in front of the first, the tail is less than a tenth.
        let leading: UInt8 = kept < 0 ? 0 : digit(first)
        let isHalf = leading == 5 && (first + 1..<digitCount).allSatisfy { digit($0) == 0 }
        let isUp = leading > 5 || (leading == 5 && !isHalf) || (isHalf && !value.isMultiple(of: 2))
        let result = isUp ? value + 1 : value
        return result <= limit ? .value(result, isExact: false) : .tooLarge
    }

    private var digitCount: Int { whole.count + fraction.count }

    /// The digit at a position counted over whole part and fraction.
    private func digit(_ index: Int) -> UInt8 {
        let position = index < whole.count ? whole.lowerBound + index : fraction.lowerBound + index - whole.count
        return bytes[position] - 0x30
    }
}

/// The shortest decimal of a scaled number: 1,250 hundredths are `12.5`.
func decimalText(isNegative: Bool, magnitude: UInt128, fractionDigits: Int) -> String {
    var digits = Array(String(magnitude).utf8)
    let missing = fractionDigits + 1 - digits.count
    if missing > 0 { digits.insert(contentsOf: repeatElement(UInt8(ascii: "0"), count: missing), at: 0) }
    var fraction = digits.suffix(fractionDigits)
    let whole = digits.dropLast(fractionDigits)
    while fraction.last == UInt8(ascii: "0") { fraction.removeLast() }
    let text = String(decoding: whole, as: UTF8.self)
    let tail = fraction.isEmpty ? "" : "." + String(decoding: fraction, as: UTF8.self)
    return (isNegative ? "-" : "") + text + tail
}
