/// What the daemon as a whole does and holds; counts are since it started.
public struct DaemonFiguresAnswer: Codable, Equatable, Sendable {
    /// Resident memory, and the part of it that is no file's; absent where the system does not say.
    public var memoryBytes: Int?
    public var ownMemoryBytes: Int?
    /// Room for the data directory; absent where the system does not say.
    public var diskFreeBytes: Int?
    /// Open connections, over all sockets.
    public var connections: Int
    /// Requests answered, the seconds until their answers began, and those answered with a status of 500 or more.
    public var requests: Int
    public var requestSeconds: Double
    public var requestsFailed: Int

    public init(
        memoryBytes: Int? = nil, ownMemoryBytes: Int? = nil, diskFreeBytes: Int? = nil, connections: Int,
        requests: Int, requestSeconds: Double, requestsFailed: Int
    ) {
        self.memoryBytes = memoryBytes
        self.ownMemoryBytes = ownMemoryBytes
        self.diskFreeBytes = diskFreeBytes
        self.connections = connections
        self.requests = requests
        self.requestSeconds = requestSeconds
        self.requestsFailed = requestsFailed
    }
}

/// What an audience does and holds; counts are since the daemon started.
public struct AudienceFiguresAnswer: Codable, Equatable, Sendable {
    /// What became of the events handed in.
    public var appended: Int
    public var duplicates: Int
    public var conflicts: Int
    public var rejected: Int
    /// How far the frontier is behind the daemon's clock.
    public var frontierLagSeconds: Double
    /// How long the oldest event that is not yet visible has been in the log; absent if there is none.
    public var oldestPendingSeconds: Double?
    /// Moves of the frontier, the seconds they took together, and those that failed.
    public var ticks: Int
    public var tickSeconds: Double
    public var ticksFailed: Int
    /// Transactions of the log, and the seconds that making them durable took together.
    public var commits: Int
    public var commitSeconds: Double
    /// Distinct conditions, combinations of them, and contacts that will be looked at again though nothing happens.
    public var leaves: Int
    public var gates: Int
    public var wakes: Int
    public var columnBytes: Int
    public var stores: [StoreAnswer]
    public var audit: AuditAnswer

    public init(
        appended: Int, duplicates: Int, conflicts: Int, rejected: Int, frontierLagSeconds: Double,
        oldestPendingSeconds: Double? = nil, ticks: Int, tickSeconds: Double, ticksFailed: Int, commits: Int,
        commitSeconds: Double, leaves: Int, gates: Int, wakes: Int, columnBytes: Int, stores: [StoreAnswer],
        audit: AuditAnswer
    ) {
        self.appended = appended
        self.duplicates = duplicates
        self.conflicts = conflicts
        self.rejected = rejected
        self.frontierLagSeconds = frontierLagSeconds
        self.oldestPendingSeconds = oldestPendingSeconds
        self.ticks = ticks
        self.tickSeconds = tickSeconds
        self.ticksFailed = ticksFailed
        self.commits = commits
        self.commitSeconds = commitSeconds
        self.leaves = leaves
        self.gates = gates
        self.wakes = wakes
        self.columnBytes = columnBytes
        self.stores = stores
        self.audit = audit
    }
}

/// One store of an audience: `log`, `index` or `view`.
public struct StoreAnswer: Codable, Equatable, Sendable {
    public var name: String
    /// Of its map, which it can never outgrow.
    public var usedBytes: Int
    public var mapBytes: Int

    public init(name: String, usedBytes: Int, mapBytes: Int) {
        self.name = name
        self.usedBytes = usedBytes
        self.mapBytes = mapBytes
    }

    /// The part of the map that is used, 0 to 1.
    public var share: Double { mapBytes > 0 ? Double(usedBytes) / Double(mapBytes) : 0 }
}
