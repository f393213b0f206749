import ControlAPI

/// The daemon's status at a moment.
struct TopSample: Sendable {
    let status: StatusAnswer
    let at: ContinuousClock.Instant
}

/// What the daemon did between two looks, as a head and a table.
struct TopText {
    private let status: StatusAnswer
    private let before: StatusAnswer?
    private let seconds: Double

    /// - Parameter before: an earlier look at the same daemon; without one nothing is said of what it did.
    init(_ sample: TopSample, since before: TopSample?) {
        status = sample.status
        // A daemon that was started anew counts from zero again.
        let isSame = before.map { $0.status.uptimeSeconds <= sample.status.uptimeSeconds } ?? false
        self.before = isSame ? before?.status : nil
        seconds = before.map { $0.at.duration(to: sample.at) / .seconds(1) } ?? 0
    }

    func text(width: Int?, _ style: Style) -> String {
        head(width: width) + "\n" + table(width: width, style) + alarms(width: width, style)
    }

    // MARK: Head

    /// What is of the daemon, in as many lines as it takes.
    private func head(width: Int?) -> String {
        var parts = ["segmentd \(status.version)", "up " + Spans.text(seconds: status.uptimeSeconds), status.now]
        if let figures = status.figures {
            if let memory = figures.ownMemoryBytes { parts.append("memory " + Quantities.bytes(memory)) }
            if let free = figures.diskFreeBytes { parts.append(Quantities.bytes(free) + " free") }
            parts.append(Quantities.count(figures.connections, "connection"))
            let requests = rate(figures.requests, before?.figures?.requests)
            parts.append(requests + " requests/s")
        }
        var lines = [""]
        for part in parts {
            let last = lines[lines.count - 1]
            let joined = last.isEmpty ? part : last + "  " + part
            if last.isEmpty || TextWidth.columns(of: joined) <= width ?? .max {
                lines[lines.count - 1] = joined
            } else {
                lines.append(part)
            }
        }
        return lines.map { TextWidth.printable($0) + "\n" }.joined()
    }

    // MARK: Table

    /// As many columns as fit, the first ones.
    private func table(width: Int?, _ style: Style) -> String {
        let columns = Column.all
        for count in (Self.columnsMin...columns.count).reversed() {
            let table = table(Array(columns.prefix(count)))
            let widest = table.text(width: nil).split(separator: "\n").map { TextWidth.columns(of: $0) }.max() ?? 0
            guard let width, widest > width, count > Self.columnsMin else {
                return table.text(width: width, style: style)
            }
        }
        return ""
    }

    private static let columnsMin = 3

    private func table(_ columns: [Column]) -> Table {
        var table = Table(columns.map(\.head))
        for audience in status.audiences {
            let earlier = before?.audiences.first { $0.id == audience.id }
            table.add(columns.map { $0.cell(self, audience, earlier) })
        }
        return table
    }

    /// A column and what it says of an audience, with its status of the look before.
    private struct Column: Sendable {
        let head: Table.Column
        let cell: @Sendable (TopText, AudienceStatusAnswer, AudienceStatusAnswer?) -> String

        static let all: [Column] = [
            Column(head: .text("AUDIENCE", shrinks: true)) { _, audience, _ in audience.id },
            Column(head: .number("EVENTS/S")) { $0.rate($1.figures?.appended, $2?.figures?.appended) },
            Column(head: .number("LAG")) { _, audience, _ in
                audience.figures.map { FigureText.seconds($0.frontierLagSeconds) } ?? "–"
            },
            Column(head: .number("PENDING")) { _, audience, _ in Quantities.grouped(audience.pending) },
            Column(head: .number("CONTACTS")) { _, audience, _ in Quantities.grouped(audience.contacts) },
            Column(head: .number("TICK")) { _, audience, earlier in
                TopText.mean(audience.figures, earlier?.figures, \.tickSeconds, \.ticks)
            },
            Column(head: .number("SYNC")) { _, audience, earlier in
                TopText.mean(audience.figures, earlier?.figures, \.commitSeconds, \.commits)
            },
            Column(head: .number("DUP/S")) { $0.rate($1.figures?.duplicates, $2?.figures?.duplicates) },
            Column(head: .number("BAD/S")) { $0.rate($1.figures?.refused, $2?.figures?.refused) },
            Column(head: .number("FULL")) { _, audience, _ in
                audience.figures.map { Quantities.percent($0.stores.map(\.share).max() ?? 0) } ?? "–"
            },
            Column(head: .number("AUDITED")) { _, audience, _ in
                audience.figures.map { Quantities.grouped($0.audit.contacts) } ?? "–"
            },
            Column(head: .number("SEGMENTS")) { _, audience, _ in Quantities.grouped(audience.segments) },
        ]
    }

    private func alarms(width: Int?, _ style: Style) -> String {
        let wrong = status.audiences.filter { ($0.figures?.audit.differences ?? 0) > 0 }
        let lines = wrong.map { "\($0.id): the live state differs from the log; see segmentctl status" }
        return lines.isEmpty
            ? "" : "\n" + lines.map { style.red(TextWidth.truncated($0, to: width ?? .max)) + "\n" }.joined()
    }

    // MARK: Figures

    /// How often a second something happened; `–` without an earlier look.
    private func rate(_ now: Int?, _ before: Int?) -> String {
        guard let now, let before, seconds > 0, now >= before else { return "–" }
        let rate = Double(now - before) / seconds
        return rate < 10 && rate > 0 ? Quantities.decimal(rate, digits: 1) : Quantities.decimal(rate, digits: 0)
    }

    /// The mean time of what happened meanwhile; `–` if nothing did.
    private static func mean(
        _ now: AudienceFiguresAnswer?, _ before: AudienceFiguresAnswer?,
        _ seconds: KeyPath<AudienceFiguresAnswer, Double>, _ count: KeyPath<AudienceFiguresAnswer, Int>
    ) -> String {
        guard let now, let before, now[keyPath: count] > before[keyPath: count] else { return "–" }
        let mean =
            (now[keyPath: seconds] - before[keyPath: seconds]) / Double(now[keyPath: count] - before[keyPath: count])
        return Quantities.decimal(mean * 1_000, digits: 1) + " ms"
    }
}

extension AudienceFiguresAnswer {
    /// Lines that were not taken, and were no duplicates.
    fileprivate var refused: Int { rejected + conflicts }
}
