/// The answer to `POST …/contacts/{contact}/erasure`: from when the contact is in no answer, and by when nothing is left.
public struct ErasureAnswer: Codable, Equatable, Sendable {
    public var contact: String
    /// Of the `contact.erased` in the log.
    public var sequence: UInt64
    public var recordedAt: String
    /// From then on the contact is in no segment, list, count or answer.
    public var visibleAt: String
    /// By then nothing is left of it in the data directory.
    public var goneBy: String

    public init(contact: String, sequence: UInt64, recordedAt: String, visibleAt: String, goneBy: String) {
        self.contact = contact
        self.sequence = sequence
        self.recordedAt = recordedAt
        self.visibleAt = visibleAt
        self.goneBy = goneBy
    }
}

/// How an audience's erasures stand; also the answer to `GET …/erasures`.
public struct ErasureStatusAnswer: Codable, Equatable, Sendable {
    /// Every erasure visible by then counts as done or waiting, the others as pending.
    public var frontier: String
    /// Erasures of which nothing is left.
    public var done: Int
    /// Visible ones whose bytes are still in the files.
    public var waiting: Int
    public var pending: Int
    /// When the next pass over the files begins, and by when it has to be done; absent if no erasure is known that needs one.
    public var nextPassAt: String?
    public var goneBy: String?
    /// When the last pass since the daemon's start was done.
    public var lastPassAt: String?
    public var underWay: Bool
    /// Why the last pass failed; absent if it did not.
    public var failure: String?

    public init(
        frontier: String, done: Int = 0, waiting: Int = 0, pending: Int = 0, nextPassAt: String? = nil,
        goneBy: String? = nil, lastPassAt: String? = nil, underWay: Bool = false, failure: String? = nil
    ) {
        self.frontier = frontier
        self.done = done
        self.waiting = waiting
        self.pending = pending
        self.nextPassAt = nextPassAt
        self.goneBy = goneBy
        self.lastPassAt = lastPassAt
        self.underWay = underWay
        self.failure = failure
    }
}

/// The answer to `POST …/erasures/pass`: what was done.
public struct ErasurePassAnswer: Codable, Equatable, Sendable {
    public var frontier: String
    /// Erasures worked off, and the events in whose place holes stand now, or what others' history needs of them.
    public var erasures: Int
    public var events: Int
    /// Rows of recipient lists that were blanked.
    public var recipients: Int
    public var durationSeconds: Double

    public init(frontier: String, erasures: Int, events: Int, recipients: Int, durationSeconds: Double) {
        self.frontier = frontier
        self.erasures = erasures
        self.events = events
        self.recipients = recipients
        self.durationSeconds = durationSeconds
    }
}
