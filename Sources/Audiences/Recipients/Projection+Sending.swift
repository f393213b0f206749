internal import EventLog
internal import SegmentEngine
internal import SegmentModel

extension Projection {
    /// Freezes a segment's recipients for a campaign, or answers with the list that the campaign has.
    ///
    /// Sends of an audience come one after the other, so that of two for one campaign the second finds the first's list.
    /// The file is written beside everything else that goes on; the definition that makes it count is stored last.
    ///
    /// - Parameter target: membership is looked at as of this instant, or a later one.
    func send(
        _ reference: String, as campaign: Identifier, in files: RecipientStore, frontier target: Instant,
        now: @Sendable () -> Instant
    ) async throws(AudienceError) -> SendReceipt {
        await sends.begin()
        defer { sends.end() }
        if let list = book.recipients.list(of: campaign) { return try known(list, reference) }
        try await reach(target)
        let snapshot = await snapshot()
        let saved = try snapshot.book.segment(reference)
        let members = try snapshot.members(of: saved)
        let number = snapshot.book.recipients.nextNumber
        let frozen = await Task.detached { () -> Result<RecipientStore.Frozen, AudienceError> in
            Result { () throws(AudienceError) in try files.write(number, members: members, of: snapshot.engine) }
        }.value
        let written = try frozen.get()
        // Other definitions may have been stored meanwhile; the list is of the frontier it names.
        let list = RecipientList(
            campaign: campaign, number: number, segment: saved.label, revision: saved.stored.revision,
            sentAt: max(now(), snapshot.frontier), frontier: snapshot.frontier, sequence: snapshot.engine.sequence,
            recipients: written.recipients, notSubscribed: written.notSubscribed,
            withoutEmail: written.withoutEmail, digest: written.digest)
        await whenWhole()
        try store([.sent(list)])
        publish()
        return SendReceipt(list: list, isNew: true)
    }

    /// The list that the campaign has, if it is one of that segment; the segment may be gone.
    private func known(_ list: RecipientList, _ reference: String) throws(AudienceError) -> SendReceipt {
        let segment = book.find(reference)?.stored.id ?? (list.isOf(reference) ? list.segment.id : nil)
        guard let segment else { throw AudienceError(.segmentNotFound, "There is no segment “\(reference)”.") }
        guard segment == list.segment.id else {
            throw AudienceError(
                .campaignSent,
                "The campaign “\(list.campaign)” was sent to “\(list.segment.name)” (\(list.segment.id)) at "
                    + "\(list.sentAt). Give another campaign.",
                pointer: "/campaign", related: [list.segment.name])
        }
        return SendReceipt(list: list, isNew: false)
    }

    /// Moves the frontier to the instant, however many ticks are under way.
    func reach(_ target: Instant) async throws(AudienceError) {
        while true {
            try await tick(to: target)
            await whenWhole()
            guard frontier < target else { return }
            // Another tick is in the middle of its work and lets others in between its slices.
            await Task.yield()
        }
    }
}

extension RecipientList {
    /// Whether this names the segment as it was when the list was frozen.
    func isOf(_ reference: String) -> Bool {
        segment.id == reference || TextFolding.folded(segment.name) == TextFolding.folded(reference)
    }
}
