/// How an import goes on: one line that is rewritten on a terminal, a line now and then elsewhere.
struct ImportProgress {
    enum Mode {
        case none
        case rewritten
        case logged
    }

    let mode: Mode
    let output: Output
    /// Bytes of the whole input, if known.
    let size: Int?
    private let start: ContinuousClock.Instant
    private var lastShown: ContinuousClock.Instant

    init(mode: Mode, output: Output, size: Int?) {
        self.mode = mode
        self.output = output
        self.size = size
        start = .now
        lastShown = start
    }

    var seconds: Double { Self.seconds(ContinuousClock.now - start) }

    /// Shows the state if it is time to. Progress that cannot be shown is no reason to stop.
    mutating func show(_ summary: ImportSummary) {
        let interval: Duration = mode == .rewritten ? .milliseconds(100) : .seconds(5)
        guard mode != .none, ContinuousClock.now - lastShown >= interval else { return }
        lastShown = .now
        let line = Self.line(summary, size: size, seconds: seconds)
        if mode == .rewritten {
            ProgressLine(output: output).show(line)
        } else {
            try? output.write(line: line)
        }
    }

    /// Takes the line away again.
    func clear() {
        if mode == .rewritten { ProgressLine(output: output).clear() }
    }

    /// `[######------]  52.1 %  1.2 GB of 2.3 GB  412,000 events/s  2 min 3 s left  17 rejected`
    static func line(_ summary: ImportSummary, size: Int?, seconds: Double) -> String {
        var parts: [String] = []
        if let size, size > 0 {
            let share = min(1, Double(summary.bytes) / Double(size))
            parts.append(ProgressLine.bar(share) + "  " + Quantities.percent(share))
            parts.append("\(Quantities.bytes(summary.bytes)) of \(Quantities.bytes(size))")
        } else {
            parts.append(Quantities.bytes(summary.bytes))
            parts.append(Quantities.count(summary.events, "event"))
        }
        if seconds > 0 {
            parts.append(Quantities.decimal(Double(summary.events) / seconds, digits: 0) + " events/s")
            if let size, summary.bytes > 0, size > summary.bytes {
                let left = Double(size - summary.bytes) / Double(summary.bytes) * seconds
                parts.append(Spans.text(seconds: Int64(left.rounded(.up))) + " left")
            }
        }
        if summary.notTaken > 0 { parts.append("\(Quantities.grouped(summary.notTaken)) rejected") }
        return parts.joined(separator: "  ")
    }

    private static func seconds(_ duration: Duration) -> Double {
        let (seconds, attoseconds) = duration.components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }
}
