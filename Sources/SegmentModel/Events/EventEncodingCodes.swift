// The bytes that stand for cases in the encoded form of an event. They are written into logs that are kept for ever:
// a code is never changed and never used again for anything else.

/// Constants of the encoded form.
package enum EventFormat {
    package static let version: UInt8 = 1
    /// JSON inside an extension attribute may be nested this deep, as at admission.
    package static let depthMax = 64

    package static let hasTime: UInt8 = 1 << 0
    package static let hasExtensions: UInt8 = 1 << 1

    package static let orderHasPlacedAt: UInt8 = 1 << 0
    package static let orderIsTest: UInt8 = 1 << 1

    package static let lineHasVariant: UInt8 = 1 << 0
    package static let lineHasTitle: UInt8 = 1 << 1
    package static let lineHasVendor: UInt8 = 1 << 2
    package static let lineHasCategory: UInt8 = 1 << 3

    package static let refundHasStore: UInt8 = 1 << 0
    package static let refundHasOrder: UInt8 = 1 << 1

    package static let storeHasName: UInt8 = 1 << 0
    package static let storeHasCurrency: UInt8 = 1 << 1
    package static let storeHasTimezone: UInt8 = 1 << 2
}

/// The type of an event, third byte of its encoded form.
package enum EventCode: UInt8, CaseIterable {
    case contactChanged = 1
    case contactErased = 2
    case orderPlaced = 3
    case orderChanged = 4
    case orderCancelled = 5
    case orderRefunded = 6
    case integrationConnected = 7
    case integrationDisconnected = 8
    case campaignSent = 9
    case campaignOpened = 10
    case campaignClicked = 11
    case campaignBounced = 12
    case activityRecorded = 13
    /// In the place of an event of a contact that was erased; no source can send it.
    case hole = 14

    /// The CloudEvents type.
    package var type: StaticString {
        switch self {
        case .contactChanged: "contact.changed"
        case .contactErased: "contact.erased"
        case .orderPlaced: "order.placed"
        case .orderChanged: "order.changed"
        case .orderCancelled: "order.cancelled"
        case .orderRefunded: "order.refunded"
        case .integrationConnected: "integration.connected"
        case .integrationDisconnected: "integration.disconnected"
        case .campaignSent: "campaign.sent"
        case .campaignOpened: "campaign.opened"
        case .campaignClicked: "campaign.clicked"
        case .campaignBounced: "campaign.bounced"
        case .activityRecorded: "activity.recorded"
        case .hole: "event.erased"
        }
    }

    /// The types that sources send.
    package static let admitted = allCases.filter { $0 != .hole }
}

/// What follows as the value of an attribute, property or extension.
package enum ValueCode: UInt8 {
    case null = 0
    case text = 1
    case number = 2
    case no = 3
    case yes = 4
    case list = 5
    case instant = 6
    case birthday = 7
    case object = 8
}

/// How a contact's tags change.
package enum TagCode: UInt8 {
    case unchanged = 0
    case edit = 1
    case set = 2
}

extension Fact {
    var code: EventCode {
        switch self {
        case .contactChanged: .contactChanged
        case .contactErased: .contactErased
        case .orderPlaced: .orderPlaced
        case .orderChanged: .orderChanged
        case .orderCancelled: .orderCancelled
        case .orderRefunded: .orderRefunded
        case .integrationConnected: .integrationConnected
        case .integrationDisconnected: .integrationDisconnected
        case .campaignActivity(let activity): activity.kind.code
        case .activityRecorded: .activityRecorded
        case .hole: .hole
        }
    }
}

extension CampaignActivityKind {
    var code: EventCode {
        switch self {
        case .sent: .campaignSent
        case .opened: .campaignOpened
        case .clicked: .campaignClicked
        case .bounced: .campaignBounced
        }
    }
}

extension OrderStatus {
    package var code: UInt8 {
        switch self {
        case .pending: 1
        case .placed: 2
        case .paid: 3
        case .fulfilled: 4
        case .cancelled: 5
        case .refunded: 6
        }
    }

    package init?(code: UInt8) {
        switch code {
        case 1: self = .pending
        case 2: self = .placed
        case 3: self = .paid
        case 4: self = .fulfilled
        case 5: self = .cancelled
        case 6: self = .refunded
        default: return nil
        }
    }
}

extension KnownAttribute {
    /// Zero is left for custom fields, which are followed by their name.
    package var code: UInt8 {
        switch self {
        case .email: 1
        case .status: 2
        case .rating: 3
        case .vip: 4
        case .language: 5
        case .country: 6
        case .region: 7
        case .city: 8
        case .zip: 9
        case .latitude: 10
        case .longitude: 11
        case .signupSource: 12
        case .signedUpAt: 13
        case .birthday: 14
        }
    }

    private static let byCode: [KnownAttribute] = allCases.sorted { $0.code < $1.code }

    package init?(code: UInt8) {
        guard code >= 1, code <= Self.byCode.count else { return nil }
        self = Self.byCode[Int(code) - 1]
    }
}

extension AttributeKey {
    /// The order of attributes in canonical events: known ones by code, then custom ones by the bytes of their names.
    func canonicallyPrecedes(_ other: AttributeKey) -> Bool {
        switch (self, other) {
        case (.known(let left), .known(let right)): left.code < right.code
        case (.known, .custom): true
        case (.custom, .known): false
        case (.custom(let left), .custom(let right)): left.utf8.lexicographicallyPrecedes(right.utf8)
        }
    }
}

extension Event {
    /// The event with everything that has no order of its own in canonical order: attributes, properties, extensions.
    ///
    /// Admission makes canonical events only. Cost: nothing is copied where the order already holds.
    public var canonical: Event {
        var event = self
        event.extensions.sortIfNeeded { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        switch fact {
        case .contactChanged(var change):
            change.attributes.sortIfNeeded { $0.key.canonicallyPrecedes($1.key) }
            event.fact = .contactChanged(change)
        case .activityRecorded(var activity):
            activity.properties.sortIfNeeded { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            event.fact = .activityRecorded(activity)
        default: break
        }
        return event
    }
}

extension Array {
    mutating func sortIfNeeded(by precedes: (Element, Element) -> Bool) {
        let isSorted = zip(self, dropFirst()).allSatisfy { !precedes($1, $0) }
        if !isSorted { sort(by: precedes) }
    }
}
