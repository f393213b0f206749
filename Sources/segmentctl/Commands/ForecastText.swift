import ControlAPI

/// What pending events will do to segments, as text.
struct ForecastText {
    let forecast: ForecastAnswer
    let width: Int?
    let style: Style

    /// Minute by minute, with what it is about.
    var text: String {
        var facts = Facts()
        facts.add("Pending", Quantities.count(forecast.pending, "event") + cut)
        facts.add("Looked ahead to", Spans.dated(forecast.through, now: forecast.frontier))
        facts.add("Frontier", forecast.frontier)
        return facts.text(style: style) + "\n" + (forecast.changes.isEmpty ? nothing : changes)
    }

    /// Added up by segment.
    var totals: String {
        guard forecast.pending > 0 else { return "" }
        guard !forecast.totals.isEmpty else { return "\n" + nothing }
        var table = Table([.text("SEGMENT", shrinks: true), .number("WILL ENTER"), .number("WILL LEAVE")])
        for total in forecast.totals {
            table.add([total.segment.name, Quantities.grouped(total.entered), Quantities.grouped(total.left)])
        }
        return "\n" + table.text(width: width, style: style)
            + "until \(Spans.dated(forecast.through, now: forecast.frontier))\(cut); when: --forecast\n"
    }

    private var changes: String {
        var table = Table([
            .text("AT"), .text("", shrinks: true), .text("SEGMENT", shrinks: true), .number("ENTER"), .number("LEAVE"),
        ])
        for change in forecast.changes {
            table.add([
                change.at, Spans.relation(of: change.at, to: forecast.frontier) ?? "", change.segment.name,
                Quantities.grouped(change.entered), Quantities.grouped(change.left),
            ])
        }
        let more = forecast.changeCount - forecast.changes.count
        return table.text(width: width, style: style) + (more > 0 ? "… and \(Quantities.grouped(more)) more\n" : "")
    }

    private var nothing: String { "Pending events, and time until then, change no segment.\n" }

    private var cut: String {
        forecast.examined < forecast.pending
            ? ", of which the first \(Quantities.grouped(forecast.examined)) are in this" : ""
    }
}
