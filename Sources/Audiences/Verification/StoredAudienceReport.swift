public import SegmentModel

/// What a look at everything that is stored of one audience found.
public struct StoredAudienceReport: Equatable, Sendable {
    public var id: String
    /// Events in the log, and definition records.
    public var lastSequence: UInt64 = 0
    public var definitions = 0
    /// Of the log's content, in eight hexadecimal digits: equal for equal events, however they are stored.
    public var digest = ""
    /// The instant that the segments below are as of: all events are visible, all definitions count.
    public var asOf = Instant.earliest
    public var contacts = 0
    public var segments: [SegmentVerification] = []
    /// Recipient lists that are sound.
    public var recipientLists = 0
    public var index = DerivedState.missing
    public var view = DerivedState.missing
    /// What is damaged; empty if everything that cannot be built anew is sound.
    public var problems: [String] = []

    /// Whether something is derived as the log says.
    public enum DerivedState: Equatable, Sendable {
        /// It is not there, and is built at the next start.
        case missing
        case agrees
        /// It stands at an earlier event, agrees with the log up to there, and is caught up at the next start.
        case behind(sequence: UInt64)
        /// It is not believed, for the reason, and built anew at the next start.
        case rebuilt(String)
        /// It is believed and says something else than the log.
        case differs(String)

        public var text: String {
            switch self {
            case .missing: "missing; built at the next start"
            case .agrees: "agrees"
            case .behind(let sequence): "agrees up to \(sequence)"
            case .rebuilt(let reason): "built anew at the next start: \(reason)"
            case .differs(let reason): "differs: \(reason)"
            }
        }
    }

    public var isSound: Bool {
        if !problems.isEmpty { return false }
        return ![index, view].contains { if case .differs = $0 { true } else { false } }
    }
}

/// A segment as the log says it is.
public struct SegmentVerification: Equatable, Sendable {
    public var segment: SegmentLabel
    public var count: Int
    /// CRC-32C over the members' ids in order, in eight hexadecimal digits.
    public var digest: String
}

/// How far a verification has come.
public struct VerificationProgress: Equatable, Sendable {
    public var audience: String
    /// What is being done, in words: `reading the log`.
    public var step: String
    public var events: UInt64
}
