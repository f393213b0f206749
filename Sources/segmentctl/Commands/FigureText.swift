import ControlAPI

/// What the daemon does and holds, in words.
enum FigureText {
    static func add(_ figures: DaemonFiguresAnswer?, to facts: inout Facts) {
        guard let figures else { return }
        facts.add("Memory", figures.ownMemoryBytes.map { Quantities.bytes($0) })
        facts.add("Disk", figures.diskFreeBytes.map { Quantities.bytes($0) + " free" })
        let failed = figures.requestsFailed == 0 ? "" : ", \(Quantities.grouped(figures.requestsFailed)) of them failed"
        facts.add("Requests", Quantities.grouped(figures.requests) + failed)
    }

    /// A line for each audience, and what is wrong.
    static func text(_ audiences: [AudienceStatusAnswer], style: Style) -> String {
        let lines = audiences.compactMap { audience in
            audience.figures.map { line(of: audience.id, $0) + alarms(of: audience.id, $0, style) }
        }
        return lines.isEmpty ? "" : "\n" + lines.joined()
    }

    /// `shop: 1,204 events appended, 3 duplicates, 2 refused; frontier 0.1 s behind the clock; log 1.2 % full; …`
    private static func line(of audience: String, _ figures: AudienceFiguresAnswer) -> String {
        var events = Quantities.count(figures.appended, "event") + " appended"
        if figures.duplicates > 0 { events += ", " + Quantities.count(figures.duplicates, "duplicate") }
        if figures.conflicts > 0 { events += ", " + Quantities.count(figures.conflicts, "conflict") }
        if figures.rejected > 0 { events += ", " + Quantities.grouped(figures.rejected) + " refused" }
        let parts = [
            events, "frontier \(seconds(figures.frontierLagSeconds)) behind the clock", fullest(figures.stores),
            audit(figures.audit),
        ]
        return audience + ": " + parts.compactMap { $0 }.joined(separator: "; ") + "\n"
    }

    private static func fullest(_ stores: [StoreAnswer]) -> String? {
        stores.max { $0.share < $1.share }.map { "\($0.name) \(Quantities.percent($0.share)) full" }
    }

    private static func audit(_ audit: AuditAnswer) -> String? {
        guard audit.contacts > 0 else { return nil }
        let differences = audit.differences == 0 ? "no difference" : Quantities.count(audit.differences, "difference")
        return Quantities.count(audit.contacts, "contact") + " audited, " + differences
    }

    private static func alarms(of audience: String, _ figures: AudienceFiguresAnswer, _ style: Style) -> String {
        var alarms: [String] = []
        if figures.audit.differences > 0 {
            alarms.append("the live state differs from the log. Run: segmentctl verify --audience \(audience)")
            alarms += figures.audit.reports.map { DifferenceSentence.text($0) + " at \($0.frontier)" }
        }
        if figures.ticksFailed > 0 {
            alarms.append("\(Quantities.count(figures.ticksFailed, "move")) of the frontier failed; the log says why")
        }
        for store in figures.stores where store.share >= fullShare {
            alarms.append("the \(store.name) is \(Quantities.percent(store.share)) full: raise mapSize and restart")
        }
        return alarms.map { "  " + style.red("! " + TextWidth.printable($0)) + "\n" }.joined()
    }

    /// From here on a store wants attention.
    private static let fullShare = 0.8

    /// `0.1 s`, `2 h 5 min`
    static func seconds(_ seconds: Double) -> String {
        guard seconds.magnitude < 60 else { return Spans.text(seconds: Int64(seconds)) }
        return Quantities.decimal(seconds, digits: 1) + " s"
    }
}

/// One difference between the log and the live state as a sentence without its full stop.
enum DifferenceSentence {
    static func text(_ difference: StateDifferenceAnswer) -> String {
        let contact = difference.contact ?? "contact " + difference.digest
        return contact + " " + what(difference)
    }

    private static func what(_ difference: StateDifferenceAnswer) -> String {
        switch (difference.segment, difference.leaf, difference.kind) {
        case (let segment?, _, _):
            let name = "\(segment.id) “\(segment.name)”"
            return difference.byLog
                ? "is in \(name) by the log, and not in the live segment"
                : "is in the live segment \(name), and not by the log"
        case (_, let leaf?, _):
            return "“\(leaf)” is \(difference.byLog ? "true" : "false") by the log, and the opposite in its column"
        case (_, _, "contact"):
            return difference.byLog ? "is in the log, and not live" : "is live, and not in the log"
        default:
            return "has other data by the log than in its record"
        }
    }
}
