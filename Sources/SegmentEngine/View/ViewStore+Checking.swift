internal import EventLog
internal import LMDB
public import SegmentModel

// What can be said of a view without going on from it.
extension ViewStore {
    /// What the newest view holds.
    public struct Standing: Equatable, Sendable {
        /// The last event that its records have seen, and when that was recorded.
        public var sequence: UInt64
        public var recordedAt: Instant
        /// Which rewriting of the log they have seen.
        public var logGeneration: UInt64
    }

    /// Reads the newest view and checks everything that can be checked of it alone; nil if there is none.
    ///
    /// Throws a reason if it is damaged. Nothing is written.
    public func standing() throws -> Standing? {
        guard let number = numbers.last else { return nil }
        guard let state = try Self.rows(of: path(number)).state else { throw ViewError.unreadable("it has no state") }
        return Standing(
            sequence: state.sequence, recordedAt: Instant(microseconds: state.recordedAt),
            logGeneration: state.logGeneration)
    }

    /// Compares the newest view with what would be written now, row by row.
    ///
    /// - Parameter scratch: an empty directory, in which the other one is written.
    /// - Returns: the first table that differs; nil if both are the same bytes.
    public func firstDifference(from draft: ViewDraft, scratch: String) throws -> String? {
        let other = ViewStore(directory: scratch, mapSizeBytes: mapSizeBytes)
        _ = try other.write(draft.source, nil)
        guard let number = numbers.last, let otherNumber = other.numbers.last else { return nil }
        let (stored, made) = (try Self.rows(of: path(number)), try Self.rows(of: other.path(otherNumber)))
        return ViewTables.names.first { stored.digests[$0] != made.digests[$0] }
    }

    /// Looks at a view's file before LMDB does, which believes whatever a page says of itself. The rows' own checksums are
    /// compared when they are read.
    static func checkFile(_ path: String) throws {
        let summary = try EnvironmentFile.check(directory: path)
        guard let summary, Set(summary.tables.keys) == Set(ViewTables.names) else {
            throw ViewError.unreadable("it has other tables than a view")
        }
    }

    /// Counts and checksums of a view's tables, and its state.
    private struct Rows {
        var digests: [String: [UInt32]] = [:]
        var state: ViewState?
    }

    private static func rows(of path: String) throws -> Rows {
        try checkFile(path)
        var rows = Rows()
        try EnvironmentFile.check(directory: path, readsValues: true) { table, key, value in
            guard let value else { return }
            if table == "state" {
                rows.state = ViewState([UInt8](value))
            } else {
                _ = try ViewSeal.open(value, number: number(key))
            }
            let before = rows.digests[table] ?? [0, 0]
            rows.digests[table] = [
                before[0] + 1, CRC32C.checksum(value, continuing: CRC32C.checksum(key, continuing: before[1])),
            ]
        }
        return rows
    }

    /// A big-endian number of four or eight bytes.
    private static func number(_ key: UnsafeRawBufferPointer) -> UInt64 {
        key.reduce(0) { $0 << 8 | UInt64($1) }
    }
}

extension ViewTables {
    static let names = ["state", "symbols", "records", "refunds"]
}
