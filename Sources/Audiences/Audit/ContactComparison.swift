internal import SegmentEngine
internal import SegmentModel

/// What the live state says of contacts, beside what the reference says of what the log left of them: at one frontier.
struct ContactComparison: Sendable {
    let snapshot: AudienceSnapshot
    private let evaluator: ReferenceEvaluator
    private let segments: [(label: SegmentLabel, condition: Condition)]

    /// - Parameter zones: not asked for the audience's own zone: the rules that the engine goes by are those that it read
    ///   when it began, and are no error if the system has got others since.
    init(_ snapshot: AudienceSnapshot, zones: ZoneDirectory) throws(AudienceError) {
        self.snapshot = snapshot
        var context = try snapshot.book.settings.evaluationContext(zones: zones)
        context.zone = snapshot.engine.zone
        context.segments = snapshot.book.segments.mapValues(\.condition)
        evaluator = ReferenceEvaluator(context: context)
        leafCount = snapshot.engine.leafCount
        segments = snapshot.book.segments.sorted { $0.key < $1.key }.map { ($0.value.label, $0.value.condition) }
    }

    /// How many segments, and how many distinct conditions, a contact is compared in.
    var segmentCount: Int { segments.count }
    let leafCount: Int

    /// Every difference about a contact.
    ///
    /// - Parameters:
    ///   - contact: as its visible events leave it; nil if they leave nothing.
    ///   - isAsked: whether to compare in a segment or leaf; where all would take too long.
    func differences(
        of id: Identifier, leftByLog contact: Contact?, isAsked: () -> Bool = { true }
    ) -> [ContactDifference] {
        let isLive = snapshot.engine.exists(id)
        guard let contact, isLive else {
            let isSame = (contact != nil) == isLive
            return isSame ? [] : [difference(id, .existence, byLog: contact != nil)]
        }
        var found: [ContactDifference] = []
        if snapshot.engine.contact(id) != contact { found.append(difference(id, .record, byLog: true)) }
        let memberships = Set(snapshot.engine.segments(of: id))
        for (label, condition) in segments where isAsked() {
            let isMember = evaluator.isTrue(condition, of: contact, at: snapshot.frontier)
            if isMember != memberships.contains(label.id) {
                found.append(difference(id, .segment(label), byLog: isMember))
            }
        }
        for leaf in snapshot.engine.leafTruths(of: id) where isAsked() {
            let isTrue = evaluator.isTrue(leaf.condition, of: contact, at: snapshot.frontier)
            if isTrue != leaf.isTrue {
                let sentence = leaf.condition.sentence { snapshot.book.name(of: $0) }
                found.append(difference(id, .leaf(sentence), byLog: isTrue))
            }
        }
        return found
    }

    private func difference(
        _ contact: Identifier, _ subject: ContactDifference.Subject, byLog: Bool
    ) -> ContactDifference {
        ContactDifference(contact: contact, subject: subject, isTrueByLog: byLog)
    }
}
