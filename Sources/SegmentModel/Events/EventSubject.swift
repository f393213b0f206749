/// What an event is about, as hashes, read from its binary form without the rest of it.
///
/// For work that looks at the log part by part: all events of a contact have the same `contact`, all that name an order
/// the same `order`. Different names may have one hash; one name has never two. Cost: a tenth of a microsecond.
public struct EventSubject: Equatable, Sendable {
    /// The contact; nil for cancellations, integrations and holes.
    public private(set) var contact: UInt64?
    /// The order that is placed, changed, cancelled or refunded.
    public private(set) var order: UInt64?
    /// The refund, which its source and its number name.
    public private(set) var refund: UInt64?
    /// Whether the event erases its contact.
    public private(set) var isErasure = false

    /// Reads the subject of an event in its binary form.
    public init(of bytes: UnsafeRawBufferPointer) throws(EventDecodingError) {
        var reader = EventReader(bytes)
        guard try reader.byte() == EventFormat.version else { throw reader.failure(.unknownVersion) }
        let bits = try reader.byte()
        guard let code = EventCode(rawValue: try reader.byte()) else { throw reader.failure(.unknownCode) }
        let source = try reader.textBytes()
        _ = try reader.textBytes()
        if bits & EventFormat.hasTime != 0 { _ = try reader.instant() }
        if bits & EventFormat.hasExtensions != 0 {
            for _ in 0..<(try reader.count()) {
                _ = try reader.textBytes()
                _ = try reader.json()
            }
        }
        switch code {
        case .contactChanged, .activityRecorded: contact = try reader.hash()
        case .contactErased:
            contact = try reader.hash()
            isErasure = true
        case .orderPlaced, .orderChanged:
            _ = try reader.byte()
            _ = try reader.byte()
            order = try reader.pairHash()
            contact = try reader.hash()
        case .orderCancelled: order = try reader.pairHash()
        case .orderRefunded: try readRefund(from: &reader, source: source)
        case .campaignSent, .campaignOpened, .campaignClicked, .campaignBounced:
            _ = try reader.byte()
            contact = try reader.hash()
        case .integrationConnected, .integrationDisconnected, .hole: break
        }
    }

    private mutating func readRefund(
        from reader: inout EventReader, source: UnsafeRawBufferPointer
    ) throws(EventDecodingError) {
        let bits = try reader.byte()
        refund = Self.hash(try reader.textBytes(), after: Self.hash(source, after: Self.refundSeed))
        contact = try reader.hash()
        _ = try reader.textBytes()
        _ = try reader.amount()
        guard bits & EventFormat.refundHasStore != 0, bits & EventFormat.refundHasOrder != 0 else { return }
        order = try reader.pairHash()
    }

    /// The hash that `contact` is for this contact.
    public static func hash(of contact: Identifier) -> UInt64 {
        var text = contact.text
        return text.withUTF8 { hash(UnsafeRawBufferPointer($0), after: seed) }
    }

    /// FNV-1a, 64 bits; what follows is told from what was before by the length in between.
    fileprivate static func hash(_ bytes: UnsafeRawBufferPointer, after start: UInt64) -> UInt64 {
        var hash = start
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        return (hash ^ UInt64(bytes.count) &* 0x9E37_79B9_7F4A_7C15) &* 0x0000_0100_0000_01B3
    }

    fileprivate static let seed: UInt64 = 0xCBF2_9CE4_8422_2325
    /// Refunds and orders are told apart.
    private static let refundSeed: UInt64 = 0x84222325_CBF29CE4
}

extension EventReader {
    fileprivate mutating func hash() throws(EventDecodingError) -> UInt64 {
        EventSubject.hash(try textBytes(), after: EventSubject.seed)
    }

    /// Of a store and an order in it.
    fileprivate mutating func pairHash() throws(EventDecodingError) -> UInt64 {
        EventSubject.hash(try textBytes(), after: try hash())
    }
}
