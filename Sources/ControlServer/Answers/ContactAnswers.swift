import Audiences
import ControlAPI
import SegmentModel

extension ContactList {
    init(_ page: ContactPage) {
        self.init(
            frontier: page.frontier.description, count: page.count,
            contacts: page.contacts.map { ContactLine(contact: $0.contact.text, email: $0.email) },
            next: page.next?.text)
    }
}

extension PendingAnswer {
    init(_ pending: PendingEvents) {
        self.init(
            frontier: pending.frontier.description, count: pending.count,
            nextVisibleAt: pending.nextVisibleAt?.description, lastVisibleAt: pending.lastVisibleAt?.description,
            events: pending.events.map { PendingEventAnswer($0) })
    }
}

extension PendingEventAnswer {
    init(_ logged: LoggedEvent) {
        self.init(
            sequence: logged.sequence, type: logged.event.fact.type, contact: logged.event.fact.contact?.text,
            source: logged.event.source.text, id: logged.event.id.text, recordedAt: logged.recordedAt.description,
            visibleAt: logged.visibleAt.description)
    }
}

extension ContactAnswer {
    init(_ id: Identifier, _ snapshot: ContactSnapshot) {
        self.init(
            id: id.text, frontier: snapshot.frontier.description,
            segments: snapshot.segments.map { ContactSegmentAnswer($0) }, segmentCount: snapshot.segmentCount,
            segmentsNext: snapshot.nextSegment, pending: snapshot.pending.map { PendingEventAnswer($0) },
            pendingCount: snapshot.pendingCount, coming: snapshot.coming.map { ComingChangeAnswer($0) })
        guard let contact = snapshot.contact else { return }
        firstSeenAt = contact.firstSeenAt.description
        fields = Dictionary(
            contact.attributes.map { ($0.key.path, JSONTree($0.value.json)) },
            // Names of fields differ by bytes; Swift takes some of those for equal.
            uniquingKeysWith: { first, _ in first })
        tags = contact.tags.values.sorted()
        orderCount = contact.orders.count
        orders = contact.orders.sorted { ($0.placedAt, $0.sequence) > ($1.placedAt, $1.sequence) }
            .prefix(Bounds.contactHistoryMax).map { ContactOrderAnswer($0) }
        activityCount = contact.activities.count
        activities = contact.activities.suffix(Bounds.contactHistoryMax).reversed().map { ContactActivityAnswer($0) }
    }
}

extension ContactOrderAnswer {
    fileprivate init(_ order: Order) {
        self.init(
            store: order.key.store.text, order: order.key.order.text, status: order.status.rawValue,
            currency: order.currency, amount: order.amount.description, test: order.isTest,
            placedAt: order.placedAt.description, lines: order.lines.map { ContactOrderLineAnswer($0) })
    }
}

extension ContactOrderLineAnswer {
    fileprivate init(_ line: OrderLine) {
        self.init(
            product: line.product.text, variant: line.variant?.text, title: line.title, vendor: line.vendor,
            category: line.category, quantity: line.quantity.description, price: line.price.description)
    }
}

extension ContactActivityAnswer {
    fileprivate init(_ activity: Activity) {
        let occurredAt = activity.occurredAt.description
        switch activity.kind {
        case .campaign(let kind, let campaign, let url):
            self.init(activity: kind.rawValue, occurredAt: occurredAt, campaign: campaign.text, url: url)
        case .recorded(let name, _):
            self.init(activity: "activity:" + name, occurredAt: occurredAt)
        }
    }
}

extension AttributeValue {
    /// The value as a source would send it.
    fileprivate var json: JSONValue {
        switch self {
        case .text(let text): .string(text)
        case .number(let number): .number(number.description)
        case .boolean(let boolean): .bool(boolean)
        case .list(let texts): .array(texts.map { .string($0) })
        case .instant(let instant): .string(instant.description)
        case .birthday(let month, let day):
            .string((month < 10 ? "0" : "") + "\(month)-" + (day < 10 ? "0" : "") + "\(day)")
        }
    }
}
