public import SegmentModel

/// A segment's contacts as they were frozen for a campaign: who they are stands in a file of its own.
///
/// What is recorded here never changes, whatever becomes of the segment.
public struct RecipientList: Equatable, Sendable {
    /// What the list was frozen for; unique in the audience, compared as bytes.
    public var campaign: Identifier
    /// The list's permanent number, also the name of its file: 1, 2, 3 …
    public var number: Int
    /// The segment by id, with the name and the revision it had.
    public var segment: SegmentLabel
    public var revision: Int
    public var sentAt: Instant
    /// The instant that membership and subscription are true at, and the last event they have seen.
    public var frontier: Instant
    public var sequence: UInt64
    /// Contacts in the list: members that are subscribed and have an e-mail address.
    public var recipients: Int
    /// Members that are not subscribed.
    public var notSubscribed: Int
    /// Members that are subscribed and have no e-mail address.
    public var withoutEmail: Int
    /// CRC-32C over the checksums of the list's blocks, so that no other file is taken for it.
    public var digest: UInt32

    /// Members that the segment had.
    public var members: Int { recipients + notSubscribed + withoutEmail }

    /// The digest in eight hexadecimal digits.
    public var digestText: String {
        let digits = String(digest, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}

/// What came of a request to send.
public struct SendReceipt: Equatable, Sendable {
    public var list: RecipientList
    /// False if the campaign had its list already; then nothing was done.
    public var isNew: Bool
}

/// Recipient lists, the newest first.
public struct RecipientListPage: Equatable, Sendable {
    /// Lists there are in all.
    public var count: Int
    public var lists: [RecipientList]
    /// Where the next page starts (`after`), nil at the end.
    public var next: Identifier?
}

/// Recipients of one list in the order of their ids' bytes.
public struct RecipientPage: Equatable, Sendable {
    public var list: RecipientList
    /// Recipients in all.
    public var count: Int
    public var recipients: [Member]
    /// Where the next page starts (`after`), nil at the end.
    public var next: Identifier?
}

/// A recipient list beside its segment as it is now.
public struct RecipientComparison: Equatable, Sendable {
    public var list: RecipientList
    /// The segment's present name, and the instant that its members are looked at.
    public var segment: SegmentLabel
    public var frontier: Instant
    public var members: Int
    /// Recipients that are still members.
    public var inBoth = 0
    /// Recipients that are no members any more.
    public var onlyInList = 0
    /// Members that are no recipients, and those of them who could be: subscribed, with an e-mail address.
    public var onlyInSegment = 0
    public var reachable = 0
    /// The first of each in the order of their ids.
    public var onlyInListSample: [Member] = []
    public var onlyInSegmentSample: [Member] = []
}
