import SegmentModel

/// The CloudEvents types that are known.
enum EventType: String, CaseIterable {
    case contactChanged = "contact.changed"
    case contactErased = "contact.erased"
    case orderPlaced = "order.placed"
    case orderChanged = "order.changed"
    case orderCancelled = "order.cancelled"
    case orderRefunded = "order.refunded"
    case integrationConnected = "integration.connected"
    case integrationDisconnected = "integration.disconnected"
    case campaignSent = "campaign.sent"
    case campaignOpened = "campaign.opened"
    case campaignClicked = "campaign.clicked"
    case campaignBounced = "campaign.bounced"
    case activityRecorded = "activity.recorded"

    init?(_ text: UnsafeBufferPointer<UInt8>) {
        guard let type = Self.table.first(where: { text.equals($0.name) }) else { return nil }
        self = type.type
    }

    private static let table: [(name: StaticString, type: EventType)] = [
        ("contact.changed", .contactChanged), ("contact.erased", .contactErased), ("order.placed", .orderPlaced),
        ("order.changed", .orderChanged), ("order.cancelled", .orderCancelled), ("order.refunded", .orderRefunded),
        ("integration.connected", .integrationConnected), ("integration.disconnected", .integrationDisconnected),
        ("campaign.sent", .campaignSent), ("campaign.opened", .campaignOpened), ("campaign.clicked", .campaignClicked),
        ("campaign.bounced", .campaignBounced), ("activity.recorded", .activityRecorded),
    ]

    /// What stands for the type in the binary form.
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
        case .campaignSent: .campaignSent
        case .campaignOpened: .campaignOpened
        case .campaignClicked: .campaignClicked
        case .campaignBounced: .campaignBounced
        case .activityRecorded: .activityRecorded
        }
    }
}
