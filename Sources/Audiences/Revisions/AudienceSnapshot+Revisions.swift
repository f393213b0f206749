internal import SegmentEngine
internal import SegmentModel

// Revisions of segments, and what an edit would do.
extension AudienceSnapshot {
    func revisions(of reference: String, after: Int?, limit: Int) throws(AudienceError) -> RevisionPage {
        let saved = try book.segment(reference)
        let entries = book.histories[saved.stored.id]?.entries ?? []
        let rest = entries.reversed().drop { entry in after.map { entry.revision >= $0 } ?? false }
        let page = rest.prefix(limit).map { revision($0, of: saved) }
        return RevisionPage(
            frontier: frontier, segment: saved.label, count: entries.count, revisions: page,
            next: page.count < rest.count ? page.last?.revision : nil)
    }

    func revision(_ number: Int, of reference: String) throws(AudienceError) -> SegmentRevision {
        let saved = try book.segment(reference)
        return revision(try book.revision(number, of: saved), of: saved)
    }

    private func revision(_ entry: SegmentHistory.Entry, of saved: DefinitionBook.Saved) -> SegmentRevision {
        // Read without asking whether what it refers to is still there: a revision can be shown all the same.
        let stored = (try? entry.json) ?? .null
        // Values of another fit than the present one are not looked for to show a revision.
        let condition =
            entry.fit == nil || entry.fit == saved.stored.fit
            ? try? book.condition(of: entry, in: saved) : nil
        return SegmentRevision(
            revision: entry.revision, name: entry.name, description: entry.description,
            definition: condition?.mappingSegments { book.name(of: $0) }.json ?? stored,
            sentence: condition?.sentence { book.name(of: $0) }, automation: entry.automation,
            restored: entry.restored, at: entry.at, isPresent: entry.revision == saved.stored.revision)
    }

    func comparison(
        of reference: String, revision number: Int, with other: Int?
    ) throws(AudienceError) -> RevisionComparison {
        let saved = try book.segment(reference)
        let numbers = [number, other ?? saved.stored.revision].sorted()
        let (before, after) = (try book.revision(numbers[0], of: saved), try book.revision(numbers[1], of: saved))
        var comparison = RevisionComparison(
            frontier: frontier, segment: saved.label, earlier: revision(before, of: saved),
            later: revision(after, of: saved), changes: DefinitionDifference())
        comparison.changes.name = Self.difference(before.name, after.name)
        comparison.changes.description = Self.difference(before.description, after.description)
        comparison.changes.automation = before.automation == after.automation ? nil : after.automation
        do throws(AudienceError) {
            let (was, `is`) = (try condition(of: before, in: saved), try condition(of: after, in: saved))
            comparison.changes.conditions = difference(from: was, to: `is`)
            comparison.members = sampled(
                MembershipDifference(from: engine.members(of: was), to: engine.members(of: `is`)))
        } catch {
            comparison.membersMissing = error.message
        }
        return comparison
    }

    private func condition(
        of entry: SegmentHistory.Entry, in saved: DefinitionBook.Saved
    ) throws(AudienceError) -> Condition {
        let isPresentFit = entry.fit == saved.stored.fit
        return try book.wholeCondition(of: entry, in: saved, fit: isPresentFit ? nil : entry.fit?.values(in: engine))
    }

    /// What the change would do if it were saved now; refused as saving it would be.
    func difference(of reference: String, _ change: SegmentChange) throws(AudienceError) -> SegmentDifference {
        let saved = try book.segment(reference)
        let template = try book.template(of: change, for: saved, among: provisions.templates)
        let read = try book.read(
            change, of: saved, types: knownTypes, template: template, fit: template?.fit?.values(in: engine) ?? [:])
        let (existing, stored, condition) = try book.revise(saved.stored.id, read)
        if condition != existing.condition, !existing.stored.isPrebuilt { try checkCapabilities(for: condition) }
        let found = engine.difference(of: stored.id, becoming: condition)
        let others = found.others.compactMap { id, difference in
            book.segments[id].map { ReferrerDifference(segment: $0.label, difference) }
        }
        return SegmentDifference(
            frontier: frontier, segment: existing.label, revision: existing.stored.revision,
            contacts: engine.contactCount, definition: condition.mappingSegments { book.name(of: $0) }.json,
            sentence: condition.sentence { book.name(of: $0) },
            changes: DefinitionDifference(
                name: Self.difference(existing.stored.name, stored.name),
                description: Self.difference(existing.stored.description, stored.description),
                automation: existing.stored.automation == stored.automation ? nil : stored.automation,
                conditions: difference(from: existing.condition, to: condition)),
            members: sampled(found.own), referrers: others.sorted { $0.segment.name < $1.segment.name },
            conditions: condition.conditionCount, depth: condition.depth,
            lints: read.condition == nil ? [] : lints(of: condition, editing: stored.id), cost: cost(of: condition))
    }

    private func difference(from before: Condition, to after: Condition) -> ConditionDifference? {
        guard before != after else { return nil }
        return ConditionDifference(from: before, to: after) { book.name(of: $0) }
    }

    private static func difference(_ before: String?, _ after: String?) -> TextDifference? {
        before == after ? nil : TextDifference(before: before, after: after)
    }

    private func sampled(_ difference: MembershipDifference) -> SampledDifference {
        SampledDifference(
            entering: sample(of: difference.entering), leaving: sample(of: difference.leaving),
            staying: sample(of: difference.staying))
    }

    private func sample(of members: MemberSet) -> MemberSample {
        let found = engine.page(ofRecipients: members, limit: SegmentDifference.sampleMax)
        return MemberSample(
            count: members.count, sample: found.map { Member(contact: $0.contact, email: $0.email) })
    }
}

extension ReferrerDifference {
    fileprivate init(segment: SegmentLabel, _ difference: MembershipDifference) {
        self.init(
            segment: segment, entering: difference.entering.count, leaving: difference.leaving.count,
            staying: difference.staying.count)
    }
}
