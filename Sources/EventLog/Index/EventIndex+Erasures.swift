internal import LMDB
internal import SegmentModel

// The table of erasures: who works them off need not look for them in the log.
extension EventIndex {
    /// Stores an erasure that is to be worked off, and adds it to those in memory.
    func note(
        erasure event: StoredEvent, _ names: inout IndexNames, in transaction: borrowing WriteTransaction
    ) throws {
        names.erasures.append(try event.logged())
        let row = LoggedRow.encode(event)
        try erasures.put(row, forKey: event.sequence, in: transaction)
        names.noteRow(.erasures, event.sequence, row)
    }

    /// The digests by which events of erased contacts are recognised.
    func storedIdentities(in transaction: borrowing some Transaction & ~Copyable) throws -> ErasedIdentities {
        var identities = ErasedIdentities()
        try ids.forEach(from: IndexKey.erasedPrefix, in: transaction) { key, _ in
            guard key.starts(with: IndexKey.erasedPrefix) else { return .stop }
            // Behind the prefix stands the length of the id.
            key.withUnsafeBytes { key in
                identities.note(UnsafeRawBufferPointer(rebasing: key.dropFirst(IndexKey.erasedPrefix.count + 1)))
            }
            return .next
        }
        return identities
    }
}

extension LogStorage {
    /// Makes up for erasures that a version without the table put into the index: they are looked for in the log, once.
    func catchUpErasures(to standing: UInt64, _ names: inout IndexNames) throws {
        let known = try index.environment.withReadTransaction { try index.erasureSequence(in: $0) }
        guard known < standing else { return }
        try index.environment.withWriteTransaction { transaction in
            _ = try forEachStored(from: known + 1, countMax: .max) { event in
                guard event.sequence <= standing else { return false }
                guard let head = EventHead(event.bytes) else { throw EventBlock.malformed(event.sequence) }
                if head.isErasure { try index.note(erasure: event, &names, in: transaction) }
                return true
            }
            try index.setErasureSequence(standing, in: transaction)
            try index.putDigest(names, in: transaction)
        }
    }

    /// Where the event stands if it was in the log and its contact was erased since; nil otherwise.
    func sequence(
        ofErased event: EventHead, _ identities: ErasedIdentities,
        in transaction: borrowing some Transaction & ~Copyable
    ) throws -> UInt64? {
        guard !identities.isEmpty, let digestKey else { return nil }
        var id = digestKey.erasedID(source: event.source, id: event.id).text
        return try id.withUTF8 { id in
            let id = UnsafeRawBufferPointer(id)
            guard identities.mayHave(id) else { return nil }
            var key: [UInt8] = []
            IndexKey.append(erased: id, to: &key)
            return try index.ids.value(forKey: key, in: transaction)
        }
    }
}

extension DigestKey {
    /// The id of what takes the place of an event of that source and id.
    func erasedID(source: UnsafeRawBufferPointer, id: UnsafeRawBufferPointer) -> Identifier {
        var message: [UInt8] = []
        message.reserveCapacity(2 + source.count + id.count)
        // Lengths are at most 200; with it no two pairs are one message.
        message.append(UInt8(truncatingIfNeeded: source.count))
        message.append(contentsOf: source)
        message.append(contentsOf: id)
        return ErasedEvent.id(digest: Array(digest(of: message).prefix(Self.identityBytes)))
    }

    /// Of a digest that an event is recognised by: of a million million events no two have the same.
    private static let identityBytes = 16
}

/// What is kept in memory of the digests in the index: enough to pass over nearly all events that have none.
struct ErasedIdentities: Sendable {
    private var prefixes: Set<UInt64> = []

    var isEmpty: Bool { prefixes.isEmpty }

    /// Takes the id of an event of an erased contact.
    mutating func note(_ id: UnsafeRawBufferPointer) { prefixes.insert(Self.prefix(of: id)) }

    /// Whether an event of an erased contact may have that id.
    func mayHave(_ id: UnsafeRawBufferPointer) -> Bool { prefixes.contains(Self.prefix(of: id)) }

    /// The first digits behind the mark; they are as good as random.
    private static func prefix(of id: UnsafeRawBufferPointer) -> UInt64 {
        id.dropFirst().prefix(16).reduce(0) { $0 &* 31 &+ UInt64($1) }
    }
}
