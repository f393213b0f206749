public import LMDB
public import SegmentModel
internal import Synchronization

/// The append-only record of an audience's accepted events, and of its definitions: the truth.
///
/// Comes in: admitted events. Goes out: the same events in sequence order, each with recordedAt and visibleAt.
/// Invariants: sequences are 1, 2, 3 … without gaps; recordedAt and visibleAt never fall from one sequence to the next;
/// a (source, id) stands once; what an append returned for is on disk.
public final class EventLog: Sendable {
    /// The stores, until a rewritten log takes their place. Who reads in several steps keeps one.
    var storage: LogStorage { current.withLock { $0 } }
    let current: Mutex<LogStorage>
    /// Held while definitions are stored, and while the log is exchanged.
    let defining = Mutex(())
    let directories: LogDirectories
    let mapSizeBytes: Int
    let writer: LogWriter
    private let executor: PinnedExecutor

    /// Opens the log in an audience's directory, making its tables if they are not there, and brings the index up to it.
    ///
    /// - Parameters:
    ///   - directory: the audience's directory; `log/` and `index/` lie in it.
    ///   - mapSizeBytes: bound on the size of each; address space, not disk.
    ///   - steps: how both become durable.
    ///   - digestKey: by which events of erased contacts are recognised when they are sent again; nil: they are not.
    public convenience init(
        directory: String, mapSizeBytes: Int, steps: DurableSteps = .system, digestKey: DigestKey? = nil
    ) throws(LogError) {
        let directories = LogDirectories(home: directory, steps: steps)
        try directories.recover()
        try self.init(directories, mapSizeBytes: mapSizeBytes, key: digestKey, scratch: nil)
    }

    /// Opens the log in an audience's directory to be read only, and builds an index of its own in the directory `scratch`:
    /// nothing is written to the log or beside it.
    public convenience init(reading directory: String, scratch: String, mapSizeBytes: Int) throws(LogError) {
        let directories = LogDirectories(home: directory, steps: .system)
        try self.init(directories, mapSizeBytes: mapSizeBytes, key: nil, scratch: scratch)
    }

    private init(
        _ directories: LogDirectories, mapSizeBytes: Int, key: DigestKey?, scratch: String?
    ) throws(LogError) {
        do {
            let (storage, appender) = try Self.open(
                directories, mapSizeBytes: mapSizeBytes, key: key, scratch: scratch)
            self.directories = directories
            self.mapSizeBytes = mapSizeBytes
            current = Mutex(storage)
            executor = PinnedExecutor(name: "log-writer")
            writer = LogWriter(storage: storage, appender: appender, executor: executor)
        } catch {
            throw LogError.wrapping(error)
        }
    }

    /// Opens the stores, the index as far as the log goes.
    static func open(
        _ directories: LogDirectories, mapSizeBytes: Int, key: DigestKey?, scratch: String? = nil
    ) throws -> (LogStorage, LogAppender) {
        let storage = try LogStorage(
            directory: directories.home, mapSizeBytes: mapSizeBytes, steps: directories.steps, digestKey: key,
            scratch: scratch)
        let open = try storage.openBlock()
        let names = try storage.catchUpIndex(to: open.end.sequence)
        storage.publish(open.end, names)
        return (storage, LogAppender(open: open, names: names))
    }

    /// The end of the log as of the last commit.
    public var tail: LogTail { storage.tail }

    /// The types that custom fields took from their first values in the log, by name without `fields.`.
    public var fieldTypes: [Identifier: FieldType] { storage.fieldTypes }

    /// Every `integration.connected` and `.disconnected` in the log, in order, visible or not. Costs a reference.
    public var integrationEvents: [LoggedEvent] { storage.integrations }

    /// Appends a batch; returns when it is durable. Concurrent calls share transactions.
    public func append(_ request: AppendRequest) async throws(LogError) -> AppendReceipt {
        do {
            return try await writer.append(try PreparedBatch(request))
        } catch {
            throw LogError.wrapping(error)
        }
    }

    /// Returns when the writer has taken a turn, after what waits before it. One that is stuck never does.
    public func passThrough() async {
        await writer.run {}
    }

    /// Events from `first` on, in order, checked against their checksums; empty at the log's end.
    ///
    /// At most `countMax` events, and about 16 MiB in their binary form.
    public func read(from first: UInt64, countMax: Int) throws(LogError) -> [LoggedEvent] {
        do {
            return try storage.read(from: first, countMax: countMax, bytesMax: Self.readBytesMax)
        } catch {
            throw LogError.wrapping(error)
        }
    }

    /// Bound on the memory that one call of `read` takes.
    private static let readBytesMax = 16 << 20

    /// Frees what readers of processes that are gone hold; to be called at times, every minute is enough.
    public func checkReaders() throws(LogError) {
        do {
            _ = try storage.environment.checkReaders()
            _ = try storage.index.environment.checkReaders()
        } catch {
            throw LogError.wrapping(error)
        }
    }

    /// Syncs and closes both environments, once no append is under way.
    public func close() throws(LogError) {
        do {
            executor.shutdown()
            let storage = storage
            try storage.index.close()
            storage.environment.close()
        } catch {
            throw LogError.wrapping(error)
        }
    }
}
