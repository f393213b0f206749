import Audiences
import ControlAPI
import SegmentModel

extension SegmentAnswer {
    init(_ segment: SegmentSnapshot) {
        self.init(
            id: segment.id, name: segment.name, description: segment.description,
            where: JSONTree(segment.definition), sentence: segment.sentence, automation: segment.automation,
            revision: segment.revision,
            createdAt: segment.createdAt.description, changedAt: segment.changedAt.description,
            count: segment.count, frontier: segment.frontier.description,
            kind: segment.isPrebuilt ? SegmentAnswer.prebuilt : SegmentAnswer.saved,
            origin: segment.origin.map { SegmentOriginAnswer($0) }, fit: FitAnswer(of: segment))
        lastSent = segment.lastSent.map {
            LastSentAnswer(
                campaign: $0.campaign.text, sentAt: $0.sentAt.description, recipients: $0.recipients)
        }
    }
}

extension SegmentAnswer {
    init(_ edit: SegmentEdit) {
        self.init(edit.segment)
        change = EditOutcome(entered: edit.entered, left: edit.left, stayed: edit.stayed)
    }
}

extension SegmentName {
    init(_ label: SegmentLabel) {
        self.init(id: label.id, name: label.name)
    }
}

extension ReviewAnswer {
    init(_ review: Review) {
        self.init(
            sentence: review.sentence, where: JSONTree(review.definition), count: review.count,
            contacts: review.contacts,
            share: review.contacts == 0 ? 0 : Double(review.count) / Double(review.contacts),
            sample: review.sample.map(\.text), frontier: review.frontier.description,
            conditions: review.conditions, depth: review.depth,
            lints: review.lints.map { LintAnswer($0) }, cost: CostAnswer(review.cost))
    }
}

extension LintAnswer {
    init(_ warning: DefinitionWarning) {
        self.init(code: warning.code, message: warning.message, pointers: warning.pointers)
    }
}

extension CostAnswer {
    init(_ cost: DefinitionCost) {
        self.init(
            conditions: cost.conditions.map {
                ConditionCostAnswer(
                    sentence: $0.sentence, isKnown: $0.isKnown, segments: $0.segments, contacts: $0.contacts)
            },
            newConditions: cost.newConditions, recordsToLookAt: cost.recordsToLookAt)
    }
}

extension MemberList {
    init(_ page: MemberPage) {
        self.init(
            frontier: page.frontier.description, count: page.count, members: page.members.map(\.contact.text),
            next: page.next?.text)
    }
}
