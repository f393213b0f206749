internal import SegmentModel

/// Events that are about to be folded one after the other, copied.
///
/// With a million contacts every look at another one waits for memory. A window of events lets the processor wait for many
/// at once: their contacts' records are touched first, then all events are folded in order.
struct FoldWindow {
    private struct Entry {
        var bytes: Range<Int>
        var sequence: UInt64
        var recordedAt: Int64
        var visibleAt: Int64
    }

    private let buffer = ByteBuffer()
    private var entries: [Entry] = []
    private var hashes: [UInt64] = []
    private var touched: UInt64 = 0

    private static let countMax = 64

    var isFull: Bool { entries.count >= Self.countMax }

    mutating func append(_ bytes: UnsafeRawBufferPointer, sequence: UInt64, recordedAt: Instant, visibleAt: Instant) {
        let start = buffer.count
        buffer.raw(bytes)
        entries.append(
            Entry(
                bytes: start..<buffer.count, sequence: sequence, recordedAt: recordedAt.microseconds,
                visibleAt: visibleAt.microseconds))
    }

    /// Folds the events in order and forgets them; the body is called after each.
    mutating func flush(into fold: inout RecordFold, _ body: (EventBytes, inout RecordFold) -> Void) {
        guard !entries.isEmpty else { return }
        hashes.removeAll(keepingCapacity: true)
        for entry in entries { if let id = event(entry).contactID { hashes.append(ContactIndex.hash(id)) } }
        fold.contacts.candidates(of: hashes) { ordinal in
            // Added up, so that the reading is not left out.
            touched &+= fold.store.touch(ordinal)
        }
        for entry in entries {
            let event = event(entry)
            fold.apply(event)
            body(event, &fold)
        }
        entries.removeAll(keepingCapacity: true)
        buffer.removeAll()
    }

    private func event(_ entry: Entry) -> EventBytes {
        EventBytes(
            buffer.bytes.slice(entry.bytes), sequence: entry.sequence, recordedAt: entry.recordedAt,
            visibleAt: entry.visibleAt)
    }
}

extension EventBytes {
    /// The id of the contact that the event names.
    var contactID: UnsafeRawBufferPointer? {
        var fact = fact
        switch code {
        case .contactChanged, .contactErased, .activityRecorded: break
        case .campaignSent, .campaignOpened, .campaignClicked, .campaignBounced: _ = fact.byte()
        case .orderPlaced, .orderChanged:
            _ = fact.byte()
            _ = fact.byte()
            _ = fact.text()
            _ = fact.text()
        case .orderRefunded:
            _ = fact.byte()
            _ = fact.text()
        case .orderCancelled, .integrationConnected, .integrationDisconnected: return nil
        }
        return bytes.slice(fact.text())
    }
}
