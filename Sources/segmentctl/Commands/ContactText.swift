import ControlAPI
import SegmentModel

/// One contact as text.
struct ContactText {
    let contact: ContactAnswer
    let width: Int?
    let style: Style

    var text: String {
        [summary, segments, orders, activities, pending, coming].filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private var summary: String {
        var facts = Facts()
        facts.add("Contact", contact.id)
        facts.add("First seen", contact.firstSeenAt ?? "not yet: everything known is pending")
        for (name, value) in contact.fields.sorted(by: { $0.key < $1.key }) {
            facts.add(name, value.value.stringValue ?? value.value.text)
        }
        facts.add("Tags", contact.tags.isEmpty ? nil : contact.tags.joined(separator: ", "))
        facts.add("Segments", contact.segmentCount == 0 ? "none" : Quantities.grouped(contact.segmentCount))
        facts.add("Frontier", contact.frontier)
        return facts.text(style: style)
    }

    private var segments: String {
        guard !contact.segments.isEmpty else { return "" }
        var table = Table([
            .text("SEGMENT", shrinks: true), .text("ID"), .text("SINCE"), .text("", shrinks: true),
            .text("BECAUSE", shrinks: true),
        ])
        for segment in contact.segments {
            table.add([
                segment.name, segment.id, segment.since,
                Spans.relation(of: segment.since, to: contact.frontier) ?? "",
                CauseText.text(segment.because, segment.sequence),
            ])
        }
        let onward =
            contact.segmentsNext.map {
                "… of \(Quantities.count(contact.segmentCount, "segment")); the next page: --segments-after "
                    + ShellWord.quoted(TextWidth.printable($0)) + "\n"
            } ?? ""
        return table.text(width: width, style: style) + onward
    }

    private var orders: String {
        guard !contact.orders.isEmpty else { return "" }
        var table = Table([
            .text("ORDER", shrinks: true), .text("STORE", shrinks: true), .text("PLACED"), .text("STATUS"),
            .number("AMOUNT"), .text("CURRENCY"), .text("PRODUCTS", shrinks: true),
        ])
        for order in contact.orders {
            table.add([
                order.order, order.store, order.placedAt, order.test ? "test" : order.status, order.amount,
                order.currency, order.lines.map { $0.title ?? $0.product }.joined(separator: ", "),
            ])
        }
        return table.text(width: width, style: style) + more(contact.orderCount - contact.orders.count, "order")
    }

    private var activities: String {
        guard !contact.activities.isEmpty else { return "" }
        var table = Table([.text("ACTIVITY"), .text("OCCURRED"), .text("CAMPAIGN", shrinks: true)])
        for activity in contact.activities {
            table.add([activity.activity, activity.occurredAt, activity.campaign ?? ""])
        }
        let hidden = contact.activityCount - contact.activities.count
        return table.text(width: width, style: style) + more(hidden, "activity", "activities")
    }

    private func more(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
        count > 0 ? "… and \(Quantities.count(count, "older " + noun, plural.map { "older " + $0 }))\n" : ""
    }

    private var pending: String {
        guard !contact.pending.isEmpty else { return "" }
        let more = contact.pendingCount - contact.pending.count
        return PendingText.table(contact.pending, now: contact.frontier).text(width: width, style: style)
            + (more > 0 ? "… and \(Quantities.grouped(more)) more\n" : "")
    }

    /// What pending events will change.
    private var coming: String {
        guard !contact.coming.isEmpty else {
            return contact.pendingCount > 0 ? "Pending events change none of its segments.\n" : ""
        }
        var table = Table([
            .text("WILL"), .text("SEGMENT", shrinks: true), .text("AT"), .text("", shrinks: true),
            .text("BECAUSE", shrinks: true),
        ])
        for change in contact.coming {
            table.add([
                change.becomes == .entered ? "enter" : "leave", change.segment.name, change.at,
                Spans.relation(of: change.at, to: contact.frontier) ?? "",
                CauseText.text(change.because, change.sequence),
            ])
        }
        return table.text(width: width, style: style)
    }
}

/// What moved a contact, as text.
enum CauseText {
    static func text(_ cause: ChangeCause, _ sequence: UInt64?) -> String {
        switch cause {
        case .event: sequence.map { "event " + Quantities.grouped($0) } ?? "an event"
        case .time: "time"
        case .definition: "a definition"
        }
    }
}
