import Glibc
import SegmentEngine
import SegmentModel
import TestSupport
import Testing

@testable import Audiences

/// Explanations over random worlds, 10,000 pairs of contact and segment with all seeds: they agree with membership, and what they
/// say of the next change comes true.
@Suite struct ExplanationPropertyTests {
    private static let segments = 70
    /// Predicted instants that are moved to in each world.
    private static let instantsMax = 25

    /// All of them take minutes with programs that are not optimized.
    private static let seeds: Range<UInt64> =
        getenv("SEGMENTD_TEST_ALL").map { $0.pointee != 0 } ?? false ? 0..<24 : 0..<4

    @Test(arguments: seeds)
    func `explain agrees with membership, and the next change comes at its instant`(seed: UInt64) async throws {
        var world = try await ContactWorld(seed: seed &+ 500, delayMicroseconds: 0, segments: Self.segments)
        for _ in 0..<4 {
            try await world.ingest(Int.random(in: 10...40, using: &world.random))
            try await world.pass(Int64.random(in: 1...(120 * 86_400_000_000), using: &world.random))
        }
        let members = try await world.members()
        let history = try world.history()
        let now = await world.audience.status().frontier
        let (evaluator, book) = try #require(try history.evaluator(at: now))
        var predictions: [(contact: Identifier, segment: String, change: NextChange?)] = []
        for (contact, known) in history.contacts(at: now) {
            for name in world.names {
                let explained = try await world.audience.explain(name, contact: contact)
                let isMember = members[name, default: []].contains(contact)
                #expect(explained.isMember == isMember)
                #expect(explained.explanation.isTrue == isMember, "seed \(seed), \(contact) in \(name)")
                if let change = explained.nextChange { #expect(change.becomesTrue != isMember) }
                predictions.append((contact, name, explained.nextChange))
                guard let step = explained.wouldEnter else { continue }
                #expect(!isMember)
                // A statement made now does not outdo one that is dated in the future.
                let isLatest = history.events.allSatisfy { $0.occurredAt <= now || $0.event.fact.contact != contact }
                guard isLatest || step.action.isActivity else { continue }
                let condition = try #require(book.find(name)).condition
                let after = history.contact(contact, after: step.action, at: now)
                #expect(
                    after.map { evaluator.isTrue(condition, of: $0, at: now) } == true,
                    "seed \(seed), \(contact) in \(name): \(step) of \(known)")
            }
        }
        #expect(predictions.count == history.contacts(at: now).count * Self.segments)
        try await check(predictions, in: world, members)
        try await world.close()
    }

    /// Moves through the predicted instants in order: nothing comes but time.
    private func check(
        _ predictions: [(contact: Identifier, segment: String, change: NextChange?)], in world: ContactWorld,
        _ members: [String: Set<Identifier>]
    ) async throws {
        let coming = predictions.compactMap { one in one.change.map { (one.contact, one.segment, $0) } }
            .sorted { $0.2.at < $1.2.at }
        #expect(!coming.isEmpty)
        for instant in Set(coming.map(\.2.at)).sorted().prefix(Self.instantsMax) {
            let due = coming.filter { $0.2.at == instant }
            try await world.move(to: instant.advanced(byMicroseconds: -1))
            for (contact, segment, change) in due {
                let isMember = await world.isMember(contact, of: segment)
                #expect(isMember == !change.becomesTrue, "\(contact) in \(segment) before \(change)")
            }
            try await world.move(to: instant)
            for (contact, segment, change) in due {
                let isMember = await world.isMember(contact, of: segment)
                #expect(isMember == change.becomesTrue, "\(contact) in \(segment) at \(change)")
            }
        }
    }
}

extension ContactWorld {
    func isMember(_ contact: Identifier, of name: String) async -> Bool {
        let snapshot = await audience.snapshot()
        return snapshot.book.find(name).map { snapshot.engine.isMember(contact, of: $0.stored.id) } ?? false
    }
}

extension SmallestChange.Action {
    fileprivate var isActivity: Bool {
        switch self {
        case .orders, .activities: true
        case .tag, .untag, .attribute: false
        }
    }
}

extension History {
    /// The contact after events that do what a change says, folded after all that is visible.
    func contact(_ id: Identifier, after action: SmallestChange.Action, at now: Instant) -> Contact? {
        var events = events.filter { $0.visibleAt <= now }
        for fact in facts(of: action, contact: id) {
            let number = UInt64(events.count + 1)
            events.append(
                LoggedEvent(
                    sequence: number, recordedAt: now, visibleAt: now,
                    event: Event(source: "would", id: Identifier("\(number)"), time: nil, fact: fact)))
        }
        return ReferenceFold.contacts(from: events)[id]
    }

    private func facts(of action: SmallestChange.Action, contact: Identifier) -> [Fact] {
        switch action {
        case .orders(let order, let count):
            return (0..<count).map { number in
                let key = OrderKey(store: order.key.store, order: Identifier("would-\(number)"))
                return .orderPlaced(
                    OrderState(
                        key: key, contact: contact, currency: order.currency, total: order.amount, status: order.status,
                        lines: order.lines))
            }
        case .activities(let activity, let count):
            return (0..<count).map { _ in
                switch activity.kind {
                case .campaign(let kind, let campaign, let url):
                    .campaignActivity(CampaignActivity(kind: kind, contact: contact, campaign: campaign, url: url))
                case .recorded(let name, let properties):
                    .activityRecorded(RecordedActivity(contact: contact, name: name, properties: properties))
                }
            }
        case .tag(let tag):
            return [.contactChanged(ContactChange(contact: contact, tags: .edit(add: [tag.spelling], remove: [])))]
        case .untag(let tag):
            return [.contactChanged(ContactChange(contact: contact, tags: .edit(add: [], remove: [tag.spelling])))]
        case .attribute(let key, let value):
            let change = AttributeChange(key: key, value: value)
            return [.contactChanged(ContactChange(contact: contact, attributes: [change]))]
        }
    }
}
