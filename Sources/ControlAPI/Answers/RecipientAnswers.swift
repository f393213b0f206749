/// The body of `POST …/segments/{segment}/sends`.
public struct SendRequest: Codable, Equatable, Sendable {
    /// What the recipients are frozen for. A campaign has one list for ever.
    public var campaign: String

    public init(campaign: String) {
        self.campaign = campaign
    }
}

/// A segment's contacts as they were frozen for a campaign.
public struct RecipientListAnswer: Codable, Equatable, Sendable {
    public var campaign: String
    /// The segment by id, with the name it had.
    public var segment: SegmentName
    /// The revision of the segment that was sent.
    public var revision: Int
    public var sentAt: String
    /// The instant that membership and subscription are true at.
    public var frontier: String
    /// The last event they have seen.
    public var sequence: UInt64
    /// Members that the segment had: the three counts below together.
    public var members: Int
    /// Contacts in the list: subscribed members with an e-mail address.
    public var recipients: Int
    public var notSubscribed: Int
    /// Subscribed members without an e-mail address.
    public var withoutEmail: Int
    /// CRC-32C of the list's contents, in hexadecimal digits.
    public var digest: String

    public init(
        campaign: String, segment: SegmentName, revision: Int, sentAt: String, frontier: String, sequence: UInt64,
        members: Int, recipients: Int, notSubscribed: Int, withoutEmail: Int, digest: String
    ) {
        self.campaign = campaign
        self.segment = segment
        self.revision = revision
        self.sentAt = sentAt
        self.frontier = frontier
        self.sequence = sequence
        self.members = members
        self.recipients = recipients
        self.notSubscribed = notSubscribed
        self.withoutEmail = withoutEmail
        self.digest = digest
    }
}

/// The answer to `GET …/recipients`: recipient lists, the newest first.
public struct RecipientListPageAnswer: Codable, Equatable, Sendable {
    /// All lists, not only those of the page.
    public var count: Int
    public var lists: [RecipientListAnswer]
    /// Hand it back as `after` for the next page; absent on the last one.
    public var next: String?

    public init(count: Int, lists: [RecipientListAnswer], next: String? = nil) {
        self.count = count
        self.lists = lists
        self.next = next
    }
}

/// A page of a list's recipients in byte order of their ids.
public struct RecipientPageAnswer: Codable, Equatable, Sendable {
    public var campaign: String
    public var frontier: String
    /// All recipients, not only those of the page.
    public var count: Int
    public var recipients: [ContactLine]
    /// Hand it back as `after` for the next page; absent on the last one.
    public var next: String?

    public init(campaign: String, frontier: String, count: Int, recipients: [ContactLine], next: String? = nil) {
        self.campaign = campaign
        self.frontier = frontier
        self.count = count
        self.recipients = recipients
        self.next = next
    }
}

/// A recipient list beside its segment as it is now.
public struct RecipientComparisonAnswer: Codable, Equatable, Sendable {
    /// The list; its frontier is that of the list.
    public var list: RecipientListAnswer
    /// The segment with its present name.
    public var segment: SegmentName
    /// The instant that the segment is looked at, and how many members it has then.
    public var frontier: String
    public var members: Int
    /// Recipients that are still members.
    public var inBoth: Int
    /// Recipients that are no members any more, and members that are no recipients.
    public var onlyInList: Int
    public var onlyInSegment: Int
    /// Those of `onlyInSegment` that are subscribed and have an e-mail address.
    public var reachable: Int
    /// The first of each in byte order of their ids.
    public var onlyInListSample: [ContactLine]
    public var onlyInSegmentSample: [ContactLine]

    public init(
        list: RecipientListAnswer, segment: SegmentName, frontier: String, members: Int, inBoth: Int, onlyInList: Int,
        onlyInSegment: Int, reachable: Int, onlyInListSample: [ContactLine], onlyInSegmentSample: [ContactLine]
    ) {
        self.list = list
        self.segment = segment
        self.frontier = frontier
        self.members = members
        self.inBoth = inBoth
        self.onlyInList = onlyInList
        self.onlyInSegment = onlyInSegment
        self.reachable = reachable
        self.onlyInListSample = onlyInListSample
        self.onlyInSegmentSample = onlyInSegmentSample
    }
}

/// When a segment was last sent.
public struct LastSentAnswer: Codable, Equatable, Sendable {
    public var campaign: String
    public var sentAt: String
    public var recipients: Int

    public init(campaign: String, sentAt: String, recipients: Int) {
        self.campaign = campaign
        self.sentAt = sentAt
        self.recipients = recipients
    }
}
