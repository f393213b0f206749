internal import EventLog
public import SegmentModel

/// Something that the live state says of a contact and that its events in the log do not.
public struct ContactDifference: Equatable, Sendable {
    /// What the difference is about.
    public enum Subject: Equatable, Sendable {
        /// Whether the contact is there at all.
        case existence
        /// What is known of it: fields, tags, orders, activity.
        case record
        /// Whether it is in a segment.
        case segment(SegmentLabel)
        /// Whether an elementary condition holds, in words.
        case leaf(String)
    }

    public var contact: Identifier
    public var subject: Subject
    /// What follows from the log; the live state says the opposite.
    public var isTrueByLog: Bool
}

/// A difference as it may be shown to whoever watches: with a digest in place of the contact.
public struct AuditReport: Equatable, Sendable {
    /// See `Audience.digest(of:)`.
    public var digest: String
    public var subject: ContactDifference.Subject
    public var isTrueByLog: Bool
    public var frontier: Instant
}

extension ContactDifference.Subject {
    /// The kind of difference in a word, stable.
    public var kind: String {
        switch self {
        case .existence: "contact"
        case .record: "record"
        case .segment: "segment"
        case .leaf: "leaf"
        }
    }
}

extension Audience {
    /// Stands for a contact where its id must not be: the first 16 digits of the SHA-256 of the audience's id, a zero
    /// byte and the contact's id.
    public func digest(of contact: Identifier) -> String {
        let bytes = Array(id.utf8) + [0] + Array(contact.text.utf8)
        return Array(SHA256.digest(of: bytes).prefix(8)).hexadecimal
    }
}
