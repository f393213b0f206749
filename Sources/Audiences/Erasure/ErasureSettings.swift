public import SegmentModel

/// How contacts are erased.
public struct ErasureSettings: Sendable {
    /// Within that time after an erasure became visible nothing is left of the contact on disk.
    public var deadlineMicroseconds: Int64
    /// Where the list of erasures is kept; nil: `erasures/` in the data directory.
    public var listDirectory: String?
    /// The file with the key of all digests; nil: `key` beside the list, made once.
    public var keyFile: String?

    public init(
        deadlineMicroseconds: Int64 = 86_400_000_000, listDirectory: String? = nil, keyFile: String? = nil
    ) {
        self.deadlineMicroseconds = deadlineMicroseconds
        self.listDirectory = listDirectory
        self.keyFile = keyFile
    }

    /// How long an erasure waits for others before a pass begins: what goes wrong can be tried again three times over.
    var waitMicroseconds: Int64 { deadlineMicroseconds / 4 }

    /// How long a pass that failed is left alone.
    var retryMicroseconds: Int64 { min(deadlineMicroseconds / 24, 3_600_000_000) }
}

/// A contact that is to be erased.
public struct ErasureReceipt: Equatable, Sendable {
    public var contact: Identifier
    /// The `contact.erased` in the log.
    public var sequence: UInt64
    public var recordedAt: Instant
    /// From when the contact is in no answer any more.
    public var visibleAt: Instant
    /// By when nothing is left of it on disk.
    public var goneBy: Instant
    /// False if it was to be erased already; then nothing was done.
    public var isNew: Bool
}

/// How an audience's erasures stand.
public struct ErasureStatus: Equatable, Sendable {
    /// Erasures of which nothing is left, since the list of erasures was begun.
    public var done: Int
    /// Visible ones whose bytes are still there, and those that are not visible yet.
    public var waiting: Int
    public var pending: Int
    /// When the next pass begins, and by when it has to be done; nil if nothing waits.
    public var nextPassAt: Instant?
    public var goneBy: Instant?
    /// When the last pass of this process was done.
    public var lastPassAt: Instant?
    public var isUnderWay: Bool
    /// Why the last pass failed, if it did.
    public var failure: String?
}

/// What a pass did.
public struct ErasurePass: Equatable, Sendable {
    public var frontier: Instant
    /// Erasures worked off, and the events in whose place something else stands now.
    public var erasures = 0
    public var events = 0
    /// Rows of recipient lists that were blanked.
    public var recipients = 0
}
