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
        guard let type = Self.table.first(where: { text.elementsEqual($0.name) }) else { return nil }
        self = type.type
    }

    private static let table = allCases.map { (name: Array($0.rawValue.utf8), type: $0) }
}
