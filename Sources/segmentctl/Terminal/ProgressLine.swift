/// One line on a terminal that is rewritten while something goes on.
struct ProgressLine {
    let output: Output

    private static let barWidth = 20

    /// Shows the line in place of the one before. Progress that cannot be shown is no reason to stop.
    func show(_ line: String) {
        try? output.write("\r" + TextWidth.truncated(line, to: (output.columns ?? 80) - 1) + "\u{1B}[K")
    }

    /// Takes the line away.
    func clear() {
        try? output.write("\r\u{1B}[K")
    }

    /// A share between 0 and 1 as `[######--------------]`.
    static func bar(_ share: Double) -> String {
        let full = Int(share * Double(barWidth))
        return "[" + String(repeating: "#", count: full) + String(repeating: "-", count: barWidth - full) + "]"
    }
}
