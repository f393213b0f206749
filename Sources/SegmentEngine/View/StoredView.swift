internal import CPlatform
internal import Glibc
internal import LMDB
internal import SegmentModel
internal import Synchronization

/// The view on disk: every contact's record as the log's events up to one sequence left it.
///
/// Written once beside the view before it, synced and put in its place by renaming its directory, then never changed:
/// records are read where they lie in its map, and a crash at any moment leaves a whole view or the one before. It may
/// be deleted at any time; the log has everything it holds. docs/format.md describes every byte.
final class StoredView: Sendable {
    /// The last event the records have seen, and when the log recorded it.
    let sequence: UInt64
    let recordedAt: Instant
    /// Which rewriting of the log they have seen.
    let logGeneration: UInt64

    private let environment: Environment
    private let snapshot: PinnedSnapshot
    private let tables: ViewTables

    init(directory: String, mapSizeBytes: Int) throws {
        // The file is whole and read only: the map is as large as it needs to be.
        environment = try Environment(
            directory: directory, options: EnvironmentOptions(mapSizeBytes: mapSizeBytes, durability: .unsynced))
        tables = try ViewTables(in: environment)
        snapshot = try PinnedSnapshot(of: environment)
        let tables = tables
        let head = try snapshot.withTransaction { try tables.state.value(forKey: ViewState.key, in: $0) }
        guard let head else { throw ViewError.unreadable("it has no state") }
        guard let version = head.first, ViewState.versions.contains(version) else {
            throw ViewError.unreadable(
                """
                it is of version \(head.first ?? 0); this version of segmentd reads version \
                \(ViewState.versions.upperBound) and before
                """)
        }
        guard let state = ViewState(head) else { throw ViewError.unreadable("its state is not what was written") }
        sequence = state.sequence
        recordedAt = Instant(microseconds: state.recordedAt)
        logGeneration = state.logGeneration
    }

    deinit {
        environment.close()
    }

    /// The fold that the view was written from, with its records in the map; found out on the threads of a pool.
    func makeFold(on pool: WorkerPool) throws -> RecordFold {
        let parts = try readRecords(on: pool)
        return RecordFold(
            vocabulary: try vocabulary(), store: RecordStore(parts.flatMap(\.references), map: self),
            refunds: try refunds(), slots: parts.map(\.slots), on: pool)
    }

    /// Where each record lies in the map, by ordinal.
    func references() throws -> [RecordReference] {
        var references: [RecordReference] = []
        try forEachRecord(in: 0..<(try recordCount())) { _, record in references.append(Self.reference(record)) }
        return references
    }

    private static func reference(_ record: UnsafeRawBufferPointer) -> RecordReference {
        record.isEmpty ? .none : RecordReference(record, isMapped: true)
    }

    /// A stretch of records: where they lie, and what indexes hold of them.
    private struct Part: Sendable {
        var references: [RecordReference] = []
        var slots = RecordSlots()
    }

    private func readRecords(on pool: WorkerPool) throws -> [Part] {
        let count = try recordCount()
        let size = max(1, (count + pool.width * Self.partsPerThread - 1) / (pool.width * Self.partsPerThread))
        let stretches = stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
        let parts = Mutex<[Result<Part, any Error>?]>(Array(repeating: nil, count: stretches.count))
        pool.forEach(count: stretches.count) { number in
            let part = Result { try readRecords(in: stretches[number]) }
            parts.withLock { $0[number] = part }
        }
        return try parts.withLock { try $0.compactMap { try $0?.get() } }
    }

    /// So that threads end about together, whoever gets the long records.
    private static let partsPerThread = 8

    private func readRecords(in ordinals: Range<Int>) throws -> Part {
        var part = Part()
        part.references.reserveCapacity(ordinals.count)
        try forEachRecord(in: ordinals) { ordinal, record in
            part.references.append(Self.reference(record))
            if !record.isEmpty { part.slots.add(record, of: ordinal) }
        }
        return part
    }

    private func recordCount() throws -> Int {
        try snapshot.withTransaction { try tables.records.count(in: $0) }
    }

    /// Calls the body with each record of a stretch, its checksum compared. Bytes stay where they are.
    private func forEachRecord(in ordinals: Range<Int>, _ body: (Ordinal, UnsafeRawBufferPointer) -> Void) throws {
        var next = ordinals.lowerBound
        try environment.withReadTransaction { transaction in
            try tables.records.forEach(from: Ordinal(next), in: transaction) { ordinal, value in
                guard next < ordinals.upperBound else { return .stop }
                guard Int(ordinal) == next else { throw ViewError.unreadable("a record is missing") }
                body(ordinal, try ViewSeal.open(value, number: UInt64(ordinal)))
                next += 1
                return .next
            }
        }
        guard next == ordinals.upperBound else { throw ViewError.unreadable("a record is missing") }
    }

    private func vocabulary() throws -> Vocabulary {
        let vocabulary = Vocabulary()
        try snapshot.withTransaction { transaction in
            try tables.symbols.forEach(in: transaction) { number, value in
                guard vocabulary.intern(try ViewSeal.open(value, number: UInt64(number))).rawValue == number else {
                    throw ViewError.unreadable("a symbol is missing")
                }
                return .next
            }
        }
        return vocabulary
    }

    private func refunds() throws -> RefundBook {
        var book = RefundBook()
        try snapshot.withTransaction { transaction in
            try tables.refunds.forEach(in: transaction) { number, value in
                try book.restore(try ViewSeal.open(value, number: number))
                return .next
            }
        }
        return book
    }
}

/// Why a view is not used, and then built again from the log, or not written.
enum ViewError: Error, CustomStringConvertible {
    case unreadable(String)
    case unwritable
    case unremovable(path: String)
    case noRoom(neededBytes: Int)

    var description: String {
        switch self {
        case .unreadable(let reason): reason
        case .unwritable: "it could not be put in its place"
        case .unremovable(let path): "The view \(path) could not be removed"
        case .noRoom(let bytes): "it needs \(bytes) bytes, and the disk has less"
        }
    }
}

/// The tables of a view.
struct ViewTables: Sendable {
    let state: Table<StringKey, BytesValue>
    let symbols: Table<UInt32Key, BytesValue>
    let records: Table<UInt32Key, BytesValue>
    let refunds: Table<UInt64Key, BytesValue>

    init(in environment: Environment) throws {
        state = try environment.openTable("state", key: StringKey.self, value: BytesValue.self)
        symbols = try environment.openTable("symbols", key: UInt32Key.self, value: BytesValue.self)
        records = try environment.openTable("records", key: UInt32Key.self, value: BytesValue.self)
        refunds = try environment.openTable("refunds", key: UInt64Key.self, value: BytesValue.self)
    }
}

/// What a view says of itself.
struct ViewState {
    var sequence: UInt64
    var recordedAt: Int64
    var logGeneration: UInt64

    static let key = "view"
    /// Version 1 says nothing of the log's rewriting, and is that of a log that never was rewritten.
    static let versions: ClosedRange<UInt8> = 1...2

    init(sequence: UInt64, recordedAt: Int64, logGeneration: UInt64) {
        self.sequence = sequence
        self.recordedAt = recordedAt
        self.logGeneration = logGeneration
    }

    init?(_ bytes: [UInt8]) {
        guard let version = bytes.first, Self.versions.contains(version),
            let content = bytes.withUnsafeBytes({ try? [UInt8](ViewSeal.open($0, number: 0)) }),
            content.count == (version == 1 ? 17 : 25)
        else { return nil }
        (sequence, recordedAt, logGeneration) = content.withUnsafeBytes { content in
            (
                content.loadUnaligned(fromByteOffset: 1, as: UInt64.self),
                content.loadUnaligned(fromByteOffset: 9, as: Int64.self),
                version == 1 ? 0 : content.loadUnaligned(fromByteOffset: 17, as: UInt64.self)
            )
        }
    }

    var bytes: [UInt8] {
        var bytes: [UInt8] = [logGeneration == 0 ? 1 : 2]
        withUnsafeBytes(of: sequence.littleEndian) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: recordedAt.littleEndian) { bytes.append(contentsOf: $0) }
        guard logGeneration > 0 else { return bytes }
        withUnsafeBytes(of: logGeneration.littleEndian) { bytes.append(contentsOf: $0) }
        return bytes
    }
}

/// CRC-32C behind every value of a view, over its row's number and the value, so that none is silently wrong.
enum ViewSeal {
    static let size = 4

    static func checksum(_ bytes: UnsafeRawBufferPointer, number: UInt64) -> UInt32 {
        let seed = withUnsafeBytes(of: number.littleEndian) { platform_crc32c(0, $0.baseAddress, $0.count) }
        return platform_crc32c(seed, bytes.baseAddress, bytes.count)
    }

    /// The value without its checksum, after comparing that.
    static func open(_ bytes: UnsafeRawBufferPointer, number: UInt64) throws(ViewError) -> UnsafeRawBufferPointer {
        guard bytes.count >= size else { throw .unreadable("a row is cut off") }
        let content = UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count - size)])
        let stored = bytes.loadUnaligned(fromByteOffset: content.count, as: UInt32.self)
        guard UInt32(littleEndian: stored) == checksum(content, number: number) else {
            throw .unreadable("a row's checksum does not match")
        }
        return content
    }
}
