internal import LMDB
internal import SegmentModel
internal import Synchronization

/// The filters of all full blocks, in the index beside what else is derived from the log.
///
/// Made when somebody first looks for a contact, and then for the blocks that came since, so that ingest pays nothing for
/// them. Full blocks never change, so neither do filters.
final class BlockFilters: Sendable {
    private let table: Table<UInt64Key, BytesValue>
    private let state: Table<StringKey, UInt64Value>
    /// Held while filters are made: who comes meanwhile waits instead of making the same.
    private let making = Mutex(())

    /// With more subjects than that to look for, all blocks are read: asking the filters would take as long.
    private static let subjectsMax = 512
    /// Filters written in one transaction, for which appending events waits; about a megabyte.
    private static let batchMax = 512

    init(in environment: Environment) throws {
        table = try environment.openTable("filters", key: UInt64Key.self, value: BytesValue.self)
        state = try environment.openTable("state", key: StringKey.self, value: UInt64Value.self)
    }

    /// The first sequences of the full blocks that may be about one of the subjects, in order, and the sequence from which
    /// on blocks have no filters; nil if there are so many subjects that all blocks are to be read.
    func candidates(
        for subjects: Set<Subject>, in storage: LogStorage
    ) throws -> (blocks: [UInt64], rest: UInt64)? {
        guard subjects.count <= Self.subjectsMax else { return nil }
        let rest = try making.withLock { _ in try catchUp(storage) }
        let hashes = subjects.map(\.hash64)
        var blocks: [UInt64] = []
        try storage.index.environment.withReadTransaction { transaction in
            try table.forEach(from: nil, in: transaction) { first, filter in
                guard first < rest else { return .stop }
                if SubjectFilter.admits(filter, oneOf: hashes) { blocks.append(first) }
                return .next
            }
        }
        return (blocks, rest)
    }

    /// Makes some of the filters that are missing, so that the first look for a contact finds less to do.
    ///
    /// - Returns: whether there is nothing more to make.
    func makeSome(_ storage: LogStorage) throws -> Bool {
        try making.withLock { _ in
            let next = try standing(storage)
            guard try makeBatch(from: next, storage) == nil else { return false }
            // Without room there may be blocks left.
            return try storage.fullBlock(startingWith: next) == nil
        }
    }

    /// Makes the filters that are missing, as long as they can be stored: without room for them blocks are read instead.
    ///
    /// - Returns: the sequence from which on blocks have none.
    private func catchUp(_ storage: LogStorage) throws -> UInt64 {
        var next = try standing(storage)
        while let later = try makeBatch(from: next, storage) { next = later }
        return next
    }

    /// Makes the filters of the next full blocks, in one transaction.
    ///
    /// - Returns: the sequence after them; nil if no full block is left, or there is no room.
    private func makeBatch(from first: UInt64, _ storage: LogStorage) throws -> UInt64? {
        var next = first
        var made: [(first: UInt64, filter: [UInt8])] = []
        while made.count < Self.batchMax, let block = try storage.fullBlock(startingWith: next) {
            made.append((next, try SubjectFilter.encode(block)))
            next = block.lastSequence + 1
        }
        guard !made.isEmpty else { return nil }
        do {
            try storage.index.environment.withWriteTransaction { [made] transaction in
                var sum = try sum(in: transaction)
                for (first, filter) in made {
                    try table.put(filter, forKey: first, in: transaction)
                    sum &+= Self.term(first, filter)
                }
                try state.put(sum, forKey: EventIndex.filterDigestKey, in: transaction)
            }
        } catch let error as LMDBError where error.isDiskFull || error == .mapFull {
            return nil
        }
        return next
    }

    /// The sum over the filters that there are; counted once where a version stored them that wrote none.
    private func sum(in transaction: borrowing WriteTransaction) throws -> UInt64 {
        if let sum = try state.value(forKey: EventIndex.filterDigestKey, in: transaction) { return sum }
        var sum: UInt64 = 0
        try table.forEach(in: transaction) { first, filter in
            sum &+= Self.term(first, [UInt8](filter))
            return .next
        }
        return sum
    }

    private static func term(_ first: UInt64, _ filter: [UInt8]) -> UInt64 {
        UInt64Key.withBytes(of: first) { key in filter.withUnsafeBytes { IndexDigest.term(.filters, key, $0) } }
    }

    /// The sequence after the last block that has a filter.
    private func standing(_ storage: LogStorage) throws -> UInt64 {
        try storage.index.environment.withReadTransaction { transaction in
            guard let last = try table.last(in: transaction),
                let count = last.value.withUnsafeBytes({ SubjectFilter.eventCount($0) })
            else { return 1 }
            return last.key + UInt64(count)
        }
    }
}

extension LogStorage {
    /// The block whose first event that is; nil if it is not full yet.
    fileprivate func fullBlock(startingWith first: UInt64) throws -> EventBlock? {
        guard let block = try environment.withReadTransaction({ try block(holding: first, in: $0) }),
            block.form == .frame, block.firstSequence == first
        else { return nil }
        return block
    }

    /// Calls the body for the events that may be about one of the subjects, and for others, in order.
    func forEachStored(
        about subjects: Set<Subject>, through last: UInt64, _ body: (StoredEvent) throws -> Void
    ) throws {
        func visit(_ event: StoredEvent) throws -> Bool {
            guard event.sequence <= last else { return false }
            try body(event)
            return true
        }
        guard let (blocks, rest) = try index.filters.candidates(for: subjects, in: self) else {
            _ = try forEachStored(from: 1, countMax: .max, visit)
            return
        }
        for first in blocks where first <= last { _ = try forEachStored(inBlockOf: first, visit) }
        if rest <= last { _ = try forEachStored(from: rest, countMax: .max, visit) }
    }
}
