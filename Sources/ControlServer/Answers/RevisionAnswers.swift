import Audiences
import ControlAPI
import SegmentModel

extension RevisionAnswer {
    init(_ revision: SegmentRevision) {
        self.init(
            revision: revision.revision, name: revision.name, description: revision.description,
            where: JSONTree(revision.definition), sentence: revision.sentence, automation: revision.automation,
            restored: revision.restored, at: revision.at.description, isPresent: revision.isPresent)
    }
}

extension RevisionList {
    init(_ page: RevisionPage) {
        self.init(
            frontier: page.frontier.description, segment: SegmentName(page.segment), count: page.count,
            revisions: page.revisions.map { RevisionAnswer($0) }, next: page.next)
    }
}

extension RevisionComparisonAnswer {
    init(_ comparison: RevisionComparison) {
        self.init(
            frontier: comparison.frontier.description, segment: SegmentName(comparison.segment),
            earlier: RevisionAnswer(comparison.earlier), later: RevisionAnswer(comparison.later),
            changes: DefinitionChangesAnswer(comparison.changes),
            onlyEarlier: comparison.members.map { MemberSampleAnswer($0.leaving) },
            onlyLater: comparison.members.map { MemberSampleAnswer($0.entering) },
            both: comparison.members.map { MemberSampleAnswer($0.staying) },
            membersMissing: comparison.membersMissing)
    }
}

extension DifferenceAnswer {
    init(_ difference: SegmentDifference) {
        self.init(
            frontier: difference.frontier.description, segment: SegmentName(difference.segment),
            revision: difference.revision, contacts: difference.contacts, where: JSONTree(difference.definition),
            sentence: difference.sentence, changes: DefinitionChangesAnswer(difference.changes),
            entering: MemberSampleAnswer(difference.members.entering),
            leaving: MemberSampleAnswer(difference.members.leaving),
            staying: MemberSampleAnswer(difference.members.staying),
            referrers: difference.referrers.map {
                ReferrerDifferenceAnswer(
                    segment: SegmentName($0.segment), entering: $0.entering, leaving: $0.leaving, staying: $0.staying)
            },
            conditions: difference.conditions, depth: difference.depth,
            lints: difference.lints.map { LintAnswer($0) }, cost: CostAnswer(difference.cost))
    }
}

extension DefinitionChangesAnswer {
    init(_ changes: DefinitionDifference) {
        self.init(
            name: changes.name.map { TextChangeAnswer(before: $0.before, after: $0.after) },
            description: changes.description.map { TextChangeAnswer(before: $0.before, after: $0.after) },
            automation: changes.automation, came: Self.parts(changes.conditions?.came),
            went: Self.parts(changes.conditions?.went),
            combination: changes.conditions?.combination.map {
                TextChangeAnswer(before: $0.before, after: $0.after)
            })
    }

    private static func parts(_ parts: [ConditionDifference.Part]?) -> [ConditionPartAnswer] {
        (parts ?? []).map { ConditionPartAnswer(sentence: $0.sentence, pointer: $0.pointer) }
    }
}

extension MemberSampleAnswer {
    init(_ members: MemberSample) {
        self.init(
            count: members.count,
            sample: members.sample.map { ContactLine(contact: $0.contact.text, email: $0.email) })
    }
}

extension RerunAnswer {
    init(_ rerun: SegmentRerun, duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self.init(
            frontier: rerun.frontier.description, segment: SegmentName(rerun.segment), revision: rerun.revision,
            checked: rerun.checked, members: rerun.members, missing: rerun.missing.map(\.text),
            missingCount: rerun.missingCount, unexpected: rerun.unexpected.map(\.text),
            unexpectedCount: rerun.unexpectedCount,
            durationMilliseconds: Int(seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000))
    }
}

extension DeletionAnswer {
    init(_ deletion: SegmentDeletion) {
        self.init(
            frontier: deletion.frontier.description,
            deleted: deletion.segments.map {
                DeletedSegmentAnswer(id: $0.segment.id, name: $0.segment.name, count: $0.count)
            })
    }
}
