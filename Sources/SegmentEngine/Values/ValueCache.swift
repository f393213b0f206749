internal import CPlatform
internal import Synchronization

/// The values of an audience's contacts by chunk, made when somebody first reviews a definition whose conditions nobody
/// has saved, and kept for the next one.
///
/// Values are true of the record snapshot they were made from. For a later one the store says which contacts have
/// changed since; those are looked up in their records, and when they become many the chunk is made again.
final class ValueCache: Sendable {
    /// A chunk, and the number of the snapshot it was made from.
    private struct Made {
        let chunk: ValueChunk
        let snapshot: UInt32
    }

    private struct State {
        var chunks: [Made?] = []
        /// The instant of the last review, in microseconds since 1970.
        var lastUse = Int64.min
    }

    /// A chunk as it stands to a snapshot.
    struct Entry: Sendable {
        /// nil if there are only values of a later snapshot.
        var chunk: ValueChunk?
        /// Contacts that are not as the values say, as places in the chunk.
        var changed: [Int] = []
    }

    private let state = Mutex(State())
    /// Held while chunks are made: who comes meanwhile waits instead of making the same.
    private let making = Mutex(())

    /// A chunk of which more contacts than about one in so many have changed is made again.
    private static let changedShare = 32
    /// Values that nobody asked for during so many microseconds are let go.
    private static let idleMax: Int64 = 10 * 60 * 1_000_000

    init() {}

    /// Whether nobody has made values, or they were let go.
    var isEmpty: Bool { state.withLock { $0.chunks.isEmpty } }

    /// Memory of all values, in bytes.
    var byteCount: Int { state.withLock { $0.chunks.reduce(0) { $0 + ($1?.chunk.byteCount ?? 0) } } }

    /// The values for a snapshot, chunk by chunk; those that are missing are made by all threads of the pool.
    func entries(for records: RecordSnapshot, at instant: Int64, on pool: WorkerPool) -> [Entry] {
        making.withLock { _ in
            let known = state.withLock { $0.chunks }
            let found = Mutex<[(made: Made?, entry: Entry)]>(
                Array(repeating: (nil, Entry()), count: records.chunkCount))
            pool.forEach(count: records.chunkCount) { chunk in
                let entry = Self.entry(chunk, known: chunk < known.count ? known[chunk] : nil, records)
                found.withLock { $0[chunk] = entry }
            }
            return found.withLock { found in
                keep(found.map(\.made), at: instant)
                // Chunks take several times their size while they are made.
                let isAnyNew = found.enumerated().contains { chunk, found in
                    chunk >= known.count || found.made?.chunk !== known[chunk]?.chunk
                }
                if isAnyNew { platform_give_back_memory() }
                return found.map(\.entry)
            }
        }
    }

    private static func entry(
        _ chunk: Int, known: Made?, _ records: RecordSnapshot
    ) -> (made: Made?, entry: Entry) {
        let ordinals = records.ordinals(ofChunk: chunk)
        if let known {
            guard known.snapshot <= records.number else { return (known, Entry()) }
            let changed = changes(in: ordinals, since: known, records)
            // Some chunks bear more than others, so that a review seldom has to make many again.
            if changed.count <= ordinals.count / changedShare * (8 + chunk % 8) / 8 {
                return (known, Entry(chunk: known.chunk, changed: changed))
            }
        }
        let made = ValueChunk.made(of: ordinals, in: records)
        return (Made(chunk: made, snapshot: records.number), Entry(chunk: made))
    }

    /// Contacts that have changed or come since, as places in the chunk.
    private static func changes(in ordinals: Range<Int>, since known: Made, _ records: RecordSnapshot) -> [Int] {
        guard known.snapshot < records.number else { return [] }
        let first = ordinals.lowerBound
        var changed: [Int] = []
        records.forEachChange(since: known.snapshot, in: first..<first + known.chunk.contactCount) {
            changed.append($0 - first)
        }
        return changed + Array(known.chunk.contactCount..<ordinals.count)
    }

    private func keep(_ chunks: [Made?], at instant: Int64) {
        state.withLock { state in
            state.lastUse = max(state.lastUse, instant)
            // A reader of an older snapshot may know of fewer chunks.
            state.chunks = chunks + state.chunks.dropFirst(chunks.count)
        }
    }

    /// Lets values go that nobody has asked for in a while.
    func letGoIfIdle(at instant: Int64) {
        let isIdle = state.withLock { state in
            guard !state.chunks.isEmpty, instant - state.lastUse > Self.idleMax else { return false }
            state.chunks = []
            return true
        }
        if isIdle { platform_give_back_memory() }
    }
}

extension ValueChunk {
    /// Unpacks the records of a chunk of contacts. Cost: about a microsecond for each.
    static func made(of ordinals: Range<Int>, in records: RecordSnapshot) -> ValueChunk {
        var builder = ValueChunkBuilder(contactCount: ordinals.count)
        var contact = DecodedContact()
        for ordinal in ordinals {
            records.withRecord(Ordinal(ordinal)) { record in
                guard !record.isEmpty else { return }
                contact.decode(record)
                builder.add(contact, record, contact: ordinal - ordinals.lowerBound)
            }
        }
        return builder.finish()
    }
}

extension RecordSnapshot {
    /// Chunks of contacts, as bitmaps have them.
    var chunkCount: Int { (count + ColumnChunk.contactCount - 1) / ColumnChunk.contactCount }

    /// The contacts of a chunk.
    func ordinals(ofChunk chunk: Int) -> Range<Int> {
        chunk * ColumnChunk.contactCount..<min((chunk + 1) * ColumnChunk.contactCount, count)
    }
}
