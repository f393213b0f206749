/// Numbers as people read them.
enum Quantities {
    /// Digits in groups of three: `1,234,567`.
    static func grouped(_ number: some BinaryInteger) -> String {
        let digits = Array(String(number.magnitude))
        var text = number < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text += "," }
            text.append(digit)
        }
        return text
    }

    /// A count and its noun: `1 event`, `2,000 events`.
    static func count(_ number: some BinaryInteger, _ noun: String, _ plural: String? = nil) -> String {
        grouped(number) + " " + (number == 1 ? noun : plural ?? noun + "s")
    }

    /// Bytes in decimal units with one fraction digit: `8.4 MB`.
    static func bytes(_ number: Int) -> String {
        guard number >= 1_000 else { return "\(number) B" }
        var units = ["kB", "MB", "GB", "TB"][...]
        var value = Double(number) / 1_000
        while value >= 999.95, units.count > 1 {
            value /= 1_000
            units = units.dropFirst()
        }
        return "\(decimal(value, digits: 1)) \(units.first ?? "TB")"
    }

    /// A share between 0 and 1 in percent: `12.3 %`.
    static func percent(_ share: Double, digits: Int = 1) -> String {
        decimal(share * 100, digits: digits) + " %"
    }

    /// A number with that many fraction digits, rounded half away from zero.
    static func decimal(_ value: Double, digits: Int) -> String {
        guard value.isFinite, value.magnitude < 1e15 else { return "–" }
        let scale = (0..<digits).reduce(1) { scale, _ in scale * 10 }
        let scaled = Int((value * Double(scale)).rounded())
        let whole = grouped(scaled.magnitude / scale.magnitude)
        let fraction = String(scaled.magnitude % scale.magnitude)
        let zeros = String(repeating: "0", count: digits - min(digits, fraction.count))
        return (scaled < 0 ? "-" : "") + whole + (digits > 0 ? "." + zeros + fraction : "")
    }
}
