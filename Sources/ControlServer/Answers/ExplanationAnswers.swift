import Audiences
import ControlAPI
import SegmentModel

extension ExplanationAnswer {
    init(_ explained: SegmentExplanation) {
        self.init(
            segment: SegmentName(explained.segment), contact: explained.contact.text,
            frontier: explained.frontier.description, member: explained.isMember,
            explanation: ExplanationNode(explained.explanation),
            nextChangeAt: explained.nextChangeAt?.description, pending: explained.pending)
    }
}

extension ExplanationNode {
    /// As deep as a condition may be.
    fileprivate init(_ node: Explanation) {
        self.init(
            holds: node.isTrue, sentence: node.sentence, found: node.value, sequence: node.sequence,
            occurredAt: node.instant?.description,
            children: node.children.isEmpty ? nil : node.children.map { ExplanationNode($0) })
    }
}
