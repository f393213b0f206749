/// How an environment is opened; fixed until it is closed.
public struct EnvironmentOptions: Sendable {
    /// What a commit promises.
    public enum Durability: Sendable {
        /// A commit that returned survives a power loss. Costs one synced write.
        case synced
        /// A commit survives the end of the process but a power loss may destroy the whole file: for derived
        /// data only, or until `Environment.sync()` after building a new directory.
        case unsynced
    }

    /// Address space set aside, in bytes, rounded up to whole pages. Costs nothing until written, but the file
    /// can never outgrow it: choose generously. Never changed while open.
    public var mapSizeBytes: Int
    /// Tables that may be open.
    public var tableCountMax: UInt32
    /// Read transactions at a time, over all processes that have the environment open.
    public var readerCountMax: UInt32
    /// What a commit promises.
    public var durability: Durability
    /// Opens what is there without writing anything, not even a lock file: for directories that nobody writes to
    /// meanwhile. Write transactions are refused, and so are tables that are not there.
    public var isReadOnly: Bool
    /// The age past which a read transaction is counted as too old when it ends. While one is open, no page it
    /// can see is used again and the file grows.
    public var readerAgeMax: Duration
    /// How the directory and the file become durable.
    public var steps: DurableSteps

    /// Makes the options; the defaults are those of an audience's log.
    public init(
        mapSizeBytes: Int = 64 << 30,
        tableCountMax: UInt32 = 16,
        readerCountMax: UInt32 = 1024,
        durability: Durability = .synced,
        isReadOnly: Bool = false,
        readerAgeMax: Duration = .seconds(5),
        steps: DurableSteps = .system
    ) {
        self.mapSizeBytes = mapSizeBytes
        self.tableCountMax = tableCountMax
        self.readerCountMax = readerCountMax
        self.durability = durability
        self.isReadOnly = isReadOnly
        self.readerAgeMax = readerAgeMax
        self.steps = steps
    }
}

/// What an environment uses at a moment: the figures an operator watches.
public struct EnvironmentUsage: Sendable {
    /// The map's size, in bytes: the file can never grow past it.
    public let mapSizeBytes: Int
    /// Bytes of the map that have ever been used; freed pages count until they are used again.
    public let usedBytes: Int
    /// Size of a page, in bytes.
    public let pageSizeBytes: Int
    /// Reader slots taken or kept for use again, over all processes: the most there ever were at a time.
    public let readerSlotCount: Int
    /// Slots there are.
    public let readerSlotCountMax: Int
    /// Age of the oldest read transaction that has ended since the environment was opened.
    public let longestRead: Duration
    /// Read transactions that ended older than `EnvironmentOptions.readerAgeMax`.
    public let agedReadCount: Int

    /// The part of the map that is used, 0 to 1: at 0.8 plan a larger map, at 0.95 refuse to write.
    public var usedPart: Double {
        Double(usedBytes) / Double(mapSizeBytes)
    }
}
