internal import SegmentModel

/// Something that events are about and that a contact's history may depend on.
///
/// A refund's number is its source's own, an order's its store's.
struct Subject: Hashable {
    enum Kind: UInt8 {
        case contact = 1
        case order = 2
        case refund = 3
    }

    var kind: Kind
    /// The contact; the order's store; the refund's source.
    var first: [UInt8]
    /// The order's or refund's number, empty for a contact.
    var second: [UInt8] = []

    static func contact(_ id: UnsafeRawBufferPointer) -> Subject { Subject(kind: .contact, first: [UInt8](id)) }

    static func contact(_ id: Identifier) -> Subject { Subject(kind: .contact, first: [UInt8](id.text.utf8)) }
}

extension EventSubjects {
    /// The order, by store and number.
    var orderSubject: Subject? {
        order.map { Subject(kind: .order, first: [UInt8]($0.store), second: [UInt8]($0.order)) }
    }

    var refundSubject: Subject? {
        refund.map { Subject(kind: .refund, first: [UInt8]($0.source), second: [UInt8]($0.refund)) }
    }

    var contactSubject: Subject? { contact.map(Subject.contact) }
}
