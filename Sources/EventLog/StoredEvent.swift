public import SegmentModel

/// An event as it is stored; `bytes` (its binary form) is lent for the duration of the call it was handed to.
public struct StoredEvent {
    /// Position in the log.
    public var sequence: UInt64
    /// When the log took it; never lower than that of an earlier sequence.
    public var recordedAt: Instant
    /// From when segmentation may see it; never lower than that of an earlier sequence.
    public var visibleAt: Instant
    /// The event's binary form, valid only during the call.
    public var bytes: UnsafeRawBufferPointer
}

extension StoredEvent {
    /// Whether nothing is left of the event: it was said of a contact that was erased since.
    public var isHole: Bool { EventHead(bytes)?.code == .hole }

    /// Whether it stands in the place of an event of an erased contact: a hole, or what others' history needs of it.
    public var isErased: Bool { EventHead(bytes)?.isErased ?? false }

    /// The event itself. Cost: some microseconds, and an allocation for most of its texts.
    func logged() throws(LogError) -> LoggedEvent {
        do {
            return LoggedEvent(
                sequence: sequence, recordedAt: recordedAt, visibleAt: visibleAt, event: try Event(decoding: bytes))
        } catch {
            throw LogError(
                .damaged(sequence: sequence), "Event \(sequence) has the right checksum but cannot be read: \(error)")
        }
    }
}

extension EventLog {
    /// Calls the body for events from `first` on, in order, without building `Event` values.
    ///
    /// Stops at the log's end, after `countMax` events, or when the body returns false; what the body throws comes out
    /// as `LogError`. No read transaction is open while the body runs. Cost per event: its share of checksum and
    /// decompression, about 0.1 µs; a call in the middle of a block reads the block from its beginning.
    ///
    /// - Returns: the sequence to go on with: the one after the last event the body was called for.
    public func forEachStored(
        from first: UInt64, countMax: Int, _ body: (StoredEvent) throws -> Bool
    ) throws(LogError) -> UInt64 {
        do {
            return try storage.forEachStored(from: first, countMax: countMax, body)
        } catch {
            throw LogError.wrapping(error)
        }
    }

    /// The same for the events from `first` on to the end of the block that holds it, some hundreds, none at the log's
    /// end: who goes on block by block decompresses each once.
    public func forEachStored(
        inBlockOf first: UInt64, _ body: (StoredEvent) throws -> Bool
    ) throws(LogError) -> UInt64 {
        do {
            return try storage.forEachStored(inBlockOf: first, body).next
        } catch {
            throw LogError.wrapping(error)
        }
    }
}
