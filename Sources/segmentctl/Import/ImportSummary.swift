import ControlAPI

/// What became of an import so far: the sum of the daemon's receipts.
struct ImportSummary: Equatable {
    /// Counts and sequences of all requests; its problems are the first ones only.
    private(set) var total = IngestAnswer()
    /// Problems there were.
    private(set) var problemCount = 0
    /// Every line up to this one has been answered for: it is in the log, or it is among the problems.
    private(set) var lastLine = 0
    /// Bytes of the input up to there.
    private(set) var bytes = 0
    /// Whether nothing was stored.
    let isDryRun: Bool
    /// Whether lines are elements of a list.
    private(set) var countsElements = false

    init(isDryRun: Bool = false) {
        self.isDryRun = isDryRun
        if isDryRun {
            total.dryRun = true
            total.types = [:]
        }
    }

    /// That many problems are kept to be shown.
    static let shownProblemsMax = 50

    /// Adds the receipt of a whole chunk.
    mutating func add(_ receipt: IngestAnswer, for chunk: LineChunk) {
        add(receipt)
        lastLine = chunk.lastLine
        bytes = chunk.endOffset
        countsElements = chunk.conversion?.countsElements ?? false
    }

    /// Adds what was taken of a chunk before the daemon refused the rest.
    mutating func add(partial receipt: IngestAnswer, of chunk: LineChunk) {
        add(chunk.told(receipt, isWhole: false))
        lastLine = chunk.lastAnswered(receipt)
    }

    private mutating func add(_ receipt: IngestAnswer) {
        total.lines += receipt.lines
        total.appended += receipt.appended
        total.duplicates += receipt.duplicates
        total.conflicts += receipt.conflicts
        total.rejected += receipt.rejected
        total.firstSequence = total.firstSequence ?? receipt.firstSequence
        total.lastSequence = receipt.lastSequence ?? total.lastSequence
        total.recordedAt = receipt.recordedAt ?? total.recordedAt
        total.visibleAt = receipt.visibleAt ?? total.visibleAt
        for (type, count) in receipt.types ?? [:] { total.types?[type, default: 0] += count }
        problemCount += receipt.problems.count
        let room = max(0, Self.shownProblemsMax - total.problems.count)
        total.problems += receipt.problems.prefix(room)
    }

    var events: Int { total.appended + total.duplicates + total.conflicts + total.rejected }

    /// Lines that are not in the log as they were sent.
    var notTaken: Int { total.conflicts + total.rejected }

    /// The summary for people: counts and rate, then from when the events are seen.
    func text(seconds: Double) -> String {
        let rate = seconds > 0 ? Double(events) / seconds : 0
        var text = "\(Quantities.count(events, "event")) in \(Quantities.decimal(seconds, digits: 1)) s"
        text += " (\(Quantities.decimal(rate, digits: 0)) per second): \(Quantities.grouped(total.appended)) "
        text += isDryRun ? "would be appended" : "appended"
        text += ", \(Quantities.count(total.duplicates, "duplicate"))"
        text += ", \(Quantities.count(total.conflicts, "conflict"))"
        text += ", \(Quantities.grouped(total.rejected)) \(isDryRun ? "would be rejected" : "rejected").\n"
        if isDryRun { return text + types + "Nothing was stored.\n" }
        if let first = total.firstSequence, let last = total.lastSequence {
            text += first == last ? "Sequence" : "Sequences \(Quantities.grouped(first)) to"
            text += " \(Quantities.grouped(last))"
            if let visibleAt = total.visibleAt {
                let dated = total.recordedAt.map { Spans.dated(visibleAt, now: $0) } ?? visibleAt
                text += "; \(first == last ? "" : "all ")visible at \(dated)"
            }
            text += ".\n"
        }
        return text
    }

    /// What would be appended, type by type.
    private var types: String {
        guard let types = total.types, !types.isEmpty else { return "" }
        var table = Table([.text("TYPE"), .number("EVENTS")])
        for (type, count) in types.sorted(by: { $0.key < $1.key }) { table.add([type, Quantities.grouped(count)]) }
        return table.text(width: nil, style: Style(isColoured: false))
    }

    /// What the places of problems are called.
    var placeNoun: String { countsElements ? "element" : "line" }

    /// How to go on after an import that ended early.
    var resumeHint: String {
        let last = "every \(placeNoun) up to \(placeNoun) \(Quantities.grouped(lastLine))"
        if isDryRun { return lastLine == 0 ? "Nothing was looked at." : "Looked at: \(last)." }
        guard lastLine > 0 else { return "Nothing is acknowledged. " + Self.again }
        return "Acknowledged: \(last). \(Self.again) --from-line \(lastLine + 1) passes over what is acknowledged."
    }

    private static let again =
        "Run the same command again to go on: what the log has already is a duplicate and does no harm."
}
