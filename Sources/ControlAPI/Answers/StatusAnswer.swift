/// The answer to `GET /v1/status`.
public struct StatusAnswer: Codable, Equatable, Sendable {
    public var version: String
    /// What the daemon's clock says.
    public var now: String
    /// Set if the clock does not tell the real time: the instant it was started at.
    public var clockStartedAt: String?
    /// Whether the system's clock is believed; nil from older daemons.
    public var clock: ClockAnswer?
    public var uptimeSeconds: Int64
    public var dataDirectory: String
    public var sockets: [SocketStatus]
    public var audiences: [AudienceStatusAnswer]
    /// What the daemon as a whole does and holds.
    public var figures: DaemonFiguresAnswer?
    /// The backup that is being written, and the last one since the daemon started.
    public var backup: BackupProgressAnswer?
    public var lastBackup: BackupAnswer?
    /// Whether space is held back for making room on a full disk; absent if the configuration wants none.
    public var reserveHeld: Bool?

    public init(
        version: String, now: String, clockStartedAt: String? = nil, clock: ClockAnswer? = nil, uptimeSeconds: Int64,
        dataDirectory: String, sockets: [SocketStatus], audiences: [AudienceStatusAnswer],
        figures: DaemonFiguresAnswer? = nil, backup: BackupProgressAnswer? = nil, lastBackup: BackupAnswer? = nil,
        reserveHeld: Bool? = nil
    ) {
        self.version = version
        self.now = now
        self.clockStartedAt = clockStartedAt
        self.clock = clock
        self.uptimeSeconds = uptimeSeconds
        self.dataDirectory = dataDirectory
        self.sockets = sockets
        self.audiences = audiences
        self.figures = figures
        self.backup = backup
        self.lastBackup = lastBackup
        self.reserveHeld = reserveHeld
    }
}

/// One socket that the daemon listens on.
public struct SocketStatus: Codable, Equatable, Sendable {
    public var path: String
    /// `ingest`, `query` or `operator`.
    public var role: String

    public init(path: String, role: String) {
        self.path = path
        self.role = role
    }
}

/// How one audience stands.
public struct AudienceStatusAnswer: Codable, Equatable, Sendable {
    public var id: String
    public var name: String
    /// Every event visible by then is part of every answer, none after it is.
    public var frontier: String
    /// Of the last event in the log; 0 if there is none.
    public var lastSequence: UInt64
    /// The last sequence that membership has seen.
    public var appliedSequence: UInt64
    /// Events accepted but not yet visible.
    public var pending: Int
    public var contacts: Int
    public var segments: Int
    /// Definitions that are being saved and wait for a look at all records.
    public var builds: [BuildAnswer]
    /// Segments that are being recomputed from the log.
    public var reruns: [RerunProgressAnswer]
    /// The rules of the audience's time zone.
    public var timezoneRules: TimezoneRulesAnswer?
    /// Contacts that are erased, or to be.
    public var erasures: ErasureStatusAnswer
    /// What it does and holds; only in the status of the daemon.
    public var figures: AudienceFiguresAnswer?
    /// What was damaged at the daemon's start and was built anew from the log, a sentence each.
    public var repairs: [String]
    public var scrub: ScrubAnswer

    public init(
        id: String, name: String, frontier: String, lastSequence: UInt64, appliedSequence: UInt64, pending: Int,
        contacts: Int, segments: Int, builds: [BuildAnswer] = [], reruns: [RerunProgressAnswer] = [],
        timezoneRules: TimezoneRulesAnswer? = nil, erasures: ErasureStatusAnswer? = nil,
        figures: AudienceFiguresAnswer? = nil, repairs: [String] = [], scrub: ScrubAnswer = ScrubAnswer()
    ) {
        self.id = id
        self.name = name
        self.frontier = frontier
        self.lastSequence = lastSequence
        self.appliedSequence = appliedSequence
        self.pending = pending
        self.contacts = contacts
        self.segments = segments
        self.builds = builds
        self.reruns = reruns
        self.timezoneRules = timezoneRules
        self.erasures = erasures ?? ErasureStatusAnswer(frontier: frontier)
        self.figures = figures
        self.repairs = repairs
        self.scrub = scrub
    }
}

/// How far the look at all records for a definition's new conditions has come.
public struct BuildAnswer: Codable, Equatable, Sendable {
    /// The segment's name.
    public var segment: String
    public var contactsDone: Int
    public var contacts: Int

    public init(segment: String, contactsDone: Int, contacts: Int) {
        self.segment = segment
        self.contactsDone = contactsDone
        self.contacts = contacts
    }

    /// How much is done, between 0 and 1.
    public var share: Double {
        contacts > 0 ? min(1, Double(contactsDone) / Double(contacts)) : 1
    }
}

/// Which rules an audience's time zone has.
public struct TimezoneRulesAnswer: Codable, Equatable, Sendable {
    /// The edition of the system's time zone data, such as `2025b`; nil if it does not say.
    public var edition: String?
    /// Of the zone's offsets: other rules have another, whatever the edition.
    public var checksum: UInt32
    /// Set if the daemon found other rules than those before, and computed memberships anew: the edition of those, or
    /// `unknown`.
    public var replacedEdition: String?

    public init(edition: String? = nil, checksum: UInt32, replacedEdition: String? = nil) {
        self.edition = edition
        self.checksum = checksum
        self.replacedEdition = replacedEdition
    }
}
