internal import SegmentModel

// A row is when it was said (8 bytes), the sequence (8 bytes; 0 for a cancellation that waits), and the statement in the
// binary form of events.
extension RefundBook {
    /// Everything in the book, in an order that depends on its content alone.
    var rows: [[UInt8]] {
        let stated = entries.values.sorted { $0.stamp < $1.stamp }.map { entry in
            row(
                entry.stamp,
                Event(source: entry.key.source, id: entry.key.refund, time: nil, fact: .orderRefunded(entry.refund)))
        }
        let waiting = cancellations.sorted { $0.key < $1.key }.map { key, occurredAt in
            row(
                Stamp(occurredAt: occurredAt, sequence: 0),
                Event(source: key.store, id: key.order, time: nil, fact: .orderCancelled(key)))
        }
        return stated + waiting
    }

    private func row(_ stamp: Stamp, _ event: Event) -> [UInt8] {
        var bytes: [UInt8] = []
        withUnsafeBytes(of: stamp.occurredAt.littleEndian) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: stamp.sequence.littleEndian) { bytes.append(contentsOf: $0) }
        event.encode(into: &bytes)
        return bytes
    }

    /// Takes a row back. The hashes of orders are not stored; the fold notes them when it begins.
    mutating func restore(_ row: UnsafeRawBufferPointer) throws {
        guard row.count > 16 else { throw ViewError.unreadable("a refund is cut off") }
        let stamp = Stamp(
            occurredAt: row.loadUnaligned(as: Int64.self),
            sequence: row.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        let event = try Event(decoding: UnsafeRawBufferPointer(rebasing: row[16...]))
        switch event.fact {
        case .orderRefunded(let refund):
            _ = take(
                Entry(key: Key(source: event.source, refund: event.id), refund: refund, stamp: stamp), orderHash: nil)
        case .orderCancelled(let key):
            wait(cancellation: stamp.occurredAt, of: key, hash: nil)
        default: throw ViewError.unreadable("a refund is something else")
        }
    }
}
