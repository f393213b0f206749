public import SegmentModel

extension Audience {
    /// Brings the segment to the newest frontier and freezes its subscribed contacts that have an e-mail address.
    ///
    /// Sends nothing by itself: the list is what a mail tool takes. A campaign has one list for ever: the same campaign and
    /// segment again are answered with it, whatever became of the segment. When it returns, the list is durable.
    public func send(_ reference: String, campaign: Identifier) async throws(AudienceError) -> SendReceipt {
        try Self.check(campaign)
        let clock = clock
        return try await projection.send(
            reference, as: campaign, in: recipients, frontier: time.frontierTarget(), now: { clock.now() })
    }

    private static func check(_ campaign: Identifier) throws(AudienceError) {
        let hasControl = campaign.text.unicodeScalars.contains { $0.properties.generalCategory == .control }
        guard (1...campaignBytesMax).contains(campaign.text.utf8.count), !hasControl else {
            throw AudienceError(
                .invalidName, "A campaign has 1 to \(campaignBytesMax) bytes and no control characters.",
                pointer: "/campaign")
        }
    }

    /// As long as the campaigns that events name.
    private static let campaignBytesMax = 200

    /// Recipient lists, the newest first.
    ///
    /// - Parameters:
    ///   - segment: only lists of this one, which may have been deleted.
    ///   - after: the campaign of the last list of the page before.
    public func recipientLists(
        of segment: String? = nil, after: Identifier? = nil, limit: Int
    ) async throws(AudienceError) -> RecipientListPage {
        try await snapshot().recipientLists(of: segment, after: after, limit: limit)
    }

    /// The list of a campaign.
    public func recipientList(of campaign: Identifier) async throws(AudienceError) -> RecipientList {
        try await snapshot().book.recipients.known(campaign)
    }

    /// A page of a list's recipients.
    public func recipients(
        of campaign: Identifier, after: Identifier? = nil, limit: Int
    ) async throws(AudienceError) -> RecipientPage {
        let file = try recipients.open(try await recipientList(of: campaign))
        var rows = RecipientRows(file)
        if let after { try rows.skip(through: after) }
        var page: [Member] = []
        // One more than asked for tells whether there is a next page.
        while page.count <= limit, let row = try rows.nextRow() {
            page.append(Member(contact: row.contact, email: row.email))
        }
        let shown = Array(page.prefix(limit))
        return RecipientPage(
            list: file.list, count: file.directory.rowCount, recipients: shown,
            next: shown.count < page.count ? shown.last?.contact : nil)
    }

    /// All recipients of a list as text. The list is checked first, so that a damaged one is not handed out in part.
    public func exportRecipients(
        of campaign: Identifier, format: ExportFormat
    ) async throws(AudienceError) -> TextExport {
        let file = try recipients.open(try await recipientList(of: campaign))
        try file.verify()
        return TextExport(
            frontier: file.list.frontier, count: file.directory.rowCount, columns: ["contact", "email"],
            format: format, rows: RecipientRows(file))
    }

    /// A list beside its segment as it is now. Goes through both once, some milliseconds for each thousand.
    ///
    /// - Parameter sample: so many contacts of each difference are named.
    @concurrent
    public func compareRecipients(
        of campaign: Identifier, sample: Int
    ) async throws(AudienceError) -> RecipientComparison {
        let snapshot = await snapshot()
        let file = try recipients.open(try snapshot.book.recipients.known(campaign))
        return try snapshot.compare(file, sample: sample)
    }
}
