internal import SegmentEngine
internal import SegmentModel

extension AudienceSnapshot {
    func recipientLists(
        of segment: String?, after: Identifier?, limit: Int
    ) throws(AudienceError) -> RecipientListPage {
        var lists = Array(book.recipients.lists.reversed())
        if let segment {
            // A deleted segment keeps its lists; of what there never was the book says what is like it.
            let deleted = book.find(segment) == nil ? lists.first { $0.isOf(segment) }?.segment.id : nil
            let id = if let deleted { deleted } else { try book.segment(segment).stored.id }
            lists.removeAll { $0.segment.id != id }
        }
        var start = 0
        if let after {
            let last = try book.recipients.known(after)
            start = lists.firstIndex { $0.number < last.number } ?? lists.count
        }
        let page = lists[start...].prefix(limit)
        return RecipientListPage(
            count: lists.count, lists: Array(page), next: page.endIndex < lists.count ? page.last?.campaign : nil)
    }

    /// Walks over list and members side by side; both are in the order of ids' bytes.
    func compare(_ file: RecipientFile, sample: Int) throws(AudienceError) -> RecipientComparison {
        guard let saved = book.segments[file.list.segment.id] else {
            throw AudienceError(
                .segmentNotFound,
                "The segment “\(file.list.segment.name)” (\(file.list.segment.id)) was deleted; there is nothing to "
                    + "compare the list with.")
        }
        let members = try members(of: saved)
        var comparison = RecipientComparison(
            list: file.list, segment: saved.label, frontier: frontier, members: members.count)
        var recipients = RecipientRows(file)
        var candidates = Candidates(members, of: engine)
        var recipient = try recipients.nextRow()
        var candidate = candidates.next()
        while recipient != nil || candidate != nil {
            let listed = recipient?.contact
            let present = candidate?.contact
            if let listed, listed == present {
                comparison.inBoth += 1
                recipient = try recipients.nextRow()
                candidate = candidates.next()
            } else if let row = recipient, present.map({ row.contact.lexicographicallyPrecedes($0) }) ?? true {
                comparison.noteOnlyInList(row, sample: sample)
                recipient = try recipients.nextRow()
            } else if let member = candidate {
                comparison.noteOnlyInSegment(member, sample: sample)
                candidate = candidates.next()
            }
        }
        return comparison
    }
}

extension RecipientComparison {
    fileprivate mutating func noteOnlyInList(_ row: (contact: [UInt8], email: [UInt8]), sample: Int) {
        onlyInList += 1
        guard onlyInListSample.count < sample else { return }
        onlyInListSample.append(Member(contact: row.contact, email: row.email))
    }

    fileprivate mutating func noteOnlyInSegment(_ member: Candidates.Candidate, sample: Int) {
        onlyInSegment += 1
        if member.isSubscribed, !member.email.isEmpty { reachable += 1 }
        if onlyInSegmentSample.count < sample { onlyInSegmentSample.append(member.member) }
    }
}
