import Audiences
import ControlAPI
import SegmentModel

extension ExplanationAnswer {
    init(_ explained: SegmentExplanation) {
        self.init(
            segment: SegmentName(explained.segment), contact: explained.contact.text,
            frontier: explained.frontier.description, member: explained.isMember,
            explanation: ExplanationNode(explained.explanation, zone: explained.zone), timezone: explained.zone.name,
            nextChange: explained.nextChange.map { NextChangeAnswer($0, zone: explained.zone) },
            wouldEnter: explained.wouldEnter?.words, pending: explained.pending)
    }
}

extension NextChangeAnswer {
    fileprivate init(_ change: NextChange, zone: TimeZoneRules) {
        self.init(
            at: change.at.description, atLocal: zone.text(of: change.at),
            becomes: change.becomesTrue ? .entered : .left, because: change.because, sequence: change.sequence)
    }
}

extension ExplanationNode {
    /// As deep as a condition may be.
    fileprivate init(_ node: Explanation, zone: TimeZoneRules) {
        self.init(
            holds: node.isTrue, sentence: node.sentence, found: node.value, sequence: node.sequence, type: node.type,
            occurredAt: node.instant?.description, occurredAtLocal: node.instant.map { zone.text(of: $0) },
            children: node.children.isEmpty ? nil : node.children.map { ExplanationNode($0, zone: zone) })
    }
}
