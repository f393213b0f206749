import ControlAPI
import SegmentModel

/// One contact as text.
struct ContactText {
    let contact: ContactAnswer
    let width: Int?
    let style: Style

    var text: String {
        [summary, orders, activities, pending].filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private var summary: String {
        var facts = Facts()
        facts.add("Contact", contact.id)
        facts.add("First seen", contact.firstSeenAt ?? "not yet: everything known is pending")
        for (name, value) in contact.fields.sorted(by: { $0.key < $1.key }) {
            facts.add(name, value.value.stringValue ?? value.value.text)
        }
        facts.add("Tags", contact.tags.isEmpty ? nil : contact.tags.joined(separator: ", "))
        facts.add("Segments", contact.segments.isEmpty ? "none" : contact.segments.map(\.name).joined(separator: ", "))
        facts.add("Frontier", contact.frontier)
        return facts.text(style: style)
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
        return PendingText.table(contact.pending, now: contact.frontier).text(width: width, style: style)
    }
}
