/// Settings that are a number with a unit.
enum SettingText {
    /// A time: `100ms`, `1s`, `30min`, `24h`.
    static func duration(_ text: String) -> Duration? {
        measured(text, units: [("ms", 1), ("s", 1_000), ("min", 60_000), ("h", 3_600_000)]).map { .milliseconds($0) }
    }

    /// A size in binary units: `512MiB`, `64GiB`, `1TiB`.
    static func bytes(_ text: String) -> Int? {
        measured(text, units: [("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40)])
    }

    /// The number times its unit; nil if it is not of that form or does not fit.
    private static func measured(_ text: String, units: [(name: String, factor: Int)]) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits) else { return nil }
        let rest = text.dropFirst(digits.count).drop { $0 == " " }
        guard let unit = units.first(where: { $0.name == rest }) else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: unit.factor)
        return overflow ? nil : product
    }
}
