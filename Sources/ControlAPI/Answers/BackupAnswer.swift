/// The answer to `POST /v1/backups`: what was written, synced and read again.
public struct BackupAnswer: Codable, Equatable, Sendable {
    /// Where it lies.
    public var path: String
    /// When the copying began: what was acknowledged by then is in it.
    public var at: String
    public var bytes: Int
    public var audiences: [AudienceBackupAnswer]

    public init(path: String, at: String, bytes: Int, audiences: [AudienceBackupAnswer]) {
        self.path = path
        self.at = at
        self.bytes = bytes
        self.audiences = audiences
    }
}

/// One audience in a backup.
public struct AudienceBackupAnswer: Codable, Equatable, Sendable {
    public var id: String
    /// The last event in it; 0 if there is none.
    public var lastSequence: UInt64
    public var definitions: Int
    public var recipientLists: Int
    /// Campaigns whose lists were damaged already and are not in it.
    public var damagedLists: [String]
    /// Of the log's content, in eight hexadecimal digits.
    public var digest: String
    public var bytes: Int

    public init(
        id: String, lastSequence: UInt64, definitions: Int, recipientLists: Int, damagedLists: [String] = [],
        digest: String, bytes: Int
    ) {
        self.id = id
        self.lastSequence = lastSequence
        self.definitions = definitions
        self.recipientLists = recipientLists
        self.damagedLists = damagedLists
        self.digest = digest
        self.bytes = bytes
    }
}

/// How far a backup under way has come.
public struct BackupProgressAnswer: Codable, Equatable, Sendable {
    public var path: String
    public var startedAt: String
    /// The audience that is being copied.
    public var audience: String
    public var audiencesDone: Int
    public var audiences: Int

    public init(path: String, startedAt: String, audience: String, audiencesDone: Int, audiences: Int) {
        self.path = path
        self.startedAt = startedAt
        self.audience = audience
        self.audiencesDone = audiencesDone
        self.audiences = audiences
    }
}

/// The body of `POST /v1/backups`.
public struct BackupRequest: Codable, Equatable, Sendable {
    /// An absolute path, or a name in the configured directory of backups. Nothing may be there.
    public var to: String

    public init(to: String) {
        self.to = to
    }
}

/// What the daily looks at everything that is stored of an audience have found since the daemon started.
public struct ScrubAnswer: Codable, Equatable, Sendable {
    /// When the one under way began, and the last event that it has seen.
    public var startedAt: String?
    public var checkedSequence: UInt64
    /// When the last one ended that saw everything.
    public var completedAt: String?
    /// What the last one found; absent if all was sound.
    public var fault: String?
    public var passes: Int
    public var faults: Int

    public init(
        startedAt: String? = nil, checkedSequence: UInt64 = 0, completedAt: String? = nil, fault: String? = nil,
        passes: Int = 0, faults: Int = 0
    ) {
        self.startedAt = startedAt
        self.checkedSequence = checkedSequence
        self.completedAt = completedAt
        self.fault = fault
        self.passes = passes
        self.faults = faults
    }
}
