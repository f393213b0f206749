internal import Admission
internal import Glibc
internal import LMDB
internal import SegmentModel

/// `index/`: which (source, id) stands at which sequence, and the types of custom fields.
///
/// Derived from the log, written without a sync, and caught up from the log's tail. After a power loss an unsynced file
/// may be anything, so the index is believed only if it was closed cleanly or the machine has not been restarted since.
struct EventIndex {
    let environment: Environment
    let ids: Table<BytesKey, UInt64Value>
    let fields: Table<StringKey, StringValue>
    private let state: Table<StringKey, UInt64Value>
    private let marker: TrustMarker

    /// Opens the index in `directory`, empty if what is there cannot be believed.
    init(directory: String, mapSizeBytes: Int) throws {
        marker = TrustMarker(directory: directory)
        if !marker.isTrustworthy() { marker.removeIndex() }
        environment = try Self.open(
            directory, options: EnvironmentOptions(mapSizeBytes: mapSizeBytes, durability: .unsynced), marker: marker)
        ids = try environment.openTable("ids", key: BytesKey.self, value: UInt64Value.self)
        fields = try environment.openTable("fields", key: StringKey.self, value: StringValue.self)
        state = try environment.openTable("state", key: StringKey.self, value: UInt64Value.self)
        try marker.write(isClean: false)
    }

    /// Opens the environment; a damaged file is thrown away, since the log has everything it held.
    private static func open(
        _ directory: String, options: EnvironmentOptions, marker: TrustMarker
    ) throws -> Environment {
        do {
            return try Environment(directory: directory, options: options)
        } catch {
            guard error.isFatal else { throw error }
            marker.removeIndex()
            return try Environment(directory: directory, options: options)
        }
    }

    /// Up to which sequence of the log the index stands.
    func sequence(in transaction: borrowing some Transaction & ~Copyable) throws -> UInt64 {
        try state.value(forKey: "sequence", in: transaction) ?? 0
    }

    func setSequence(_ sequence: UInt64, in transaction: borrowing WriteTransaction) throws {
        try state.put(sequence, forKey: "sequence", in: transaction)
    }

    /// Syncs and marks the index as believable after a restart of the machine.
    func close() throws {
        try environment.sync()
        environment.close()
        try marker.write(isClean: true)
    }

    /// The key of an event: source and id as bytes, exactly, so that no two events share one.
    ///
    /// At most 401 bytes. Ids that rise within a source lie side by side, which keeps inserting them cheap.
    static func key(of event: Event, into key: inout [UInt8]) {
        key.removeAll(keepingCapacity: true)
        key.append(UInt8(truncatingIfNeeded: event.source.text.utf8.count))
        key.append(contentsOf: event.source.text.utf8)
        key.append(contentsOf: event.id.text.utf8)
    }
}

/// A file beside unsynced data that says whether it may be believed.
private struct TrustMarker {
    let directory: String
    private var path: String { directory + "/TRUST" }

    func isTrustworthy() -> Bool {
        guard let text = FileText.read(path) else { return false }
        return text == Self.clean || text == Self.dirty
    }

    func write(isClean: Bool) throws {
        try FileText.write(isClean ? Self.clean : Self.dirty ?? "dirty\n", to: path)
    }

    func removeIndex() {
        for name in ["data.mdb", "lock.mdb", "TRUST"] { unlink(directory + "/" + name) }
    }

    private static let clean = "clean\n"

    /// Unsynced pages survive the death of the process, but not of the machine: hence the boot. Nil if the kernel does
    /// not tell which boot this is; then only a clean close is believed.
    private static var dirty: String? {
        FileText.read("/proc/sys/kernel/random/boot_id").map { "dirty " + $0 }
    }
}
