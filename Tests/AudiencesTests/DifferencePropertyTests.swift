import Admission
import SegmentEngine
import SegmentModel
import TestSupport
import Testing

@testable import Audiences

/// What an edit announces is what it does: by the stream of changes, by its own answer, and by the reference.
@Suite struct DifferencePropertyTests {
    @Test(arguments: 0..<12) func `what was announced is what the stream of changes gives`(seed: UInt64) async throws {
        var world = try await EditedWorld(seed: seed)
        for _ in 0..<10 { try await world.step() }
        #expect(world.edits > 0, "seed \(seed) edited nothing")
        try await world.close()
    }
}

/// An audience whose segments refer to one another and are edited again and again.
private struct EditedWorld {
    private(set) var edits = 0

    private var random: SeededGenerator
    private var events: RandomEvents
    private var definitions: RandomDefinitions
    private let seed: UInt64
    private let home: TemporaryDirectory
    private let clock: ManualClock
    private let directory: DataDirectory
    private let audience: Audience
    private var accepted: [LoggedEvent] = []
    private var known: Set<String> = []
    /// By number, of the definitions as they were given; a segment refers to earlier ones alone.
    private var revisions: [[JSONValue]] = []

    init(seed: UInt64) async throws {
        self.seed = seed
        random = SeededGenerator(seed: seed)
        events = RandomEvents(seed: seed &+ 1_000)
        definitions = RandomDefinitions(seed: seed &+ 2_000)
        home = try TemporaryDirectory()
        clock = ManualClock(try Instant(rfc3339: "2024-02-01T00:00:00Z"))
        let settings = AudienceSettings(
            name: "Shop", timezone: "Europe/London", currency: "EUR", visibilityDelayMicroseconds: 0,
            fieldTypes: RandomDefinitions.fieldTypes)
        directory = try await DataDirectory.open(path: home.path, configuration: .small, clock: clock)
        audience = try await directory.create(id: "shop", settings: settings)
        try await ingest(30)
        for number in 0..<5 {
            let definition = definitions.next(segments: names(below: number))
            _ = try await audience.save(name: "segment \(number)", where: definition)
            revisions.append([definition])
        }
        await audience.projection.keepChanges()
    }

    private func names(below number: Int) -> [String] { (0..<number).map { "segment \($0)" } }

    func close() async throws {
        try await directory.close()
    }

    mutating func step() async throws {
        try await ingest(Int.random(in: 0...6, using: &random))
        clock.advance(by: Int64.random(in: 1...(40 * 86_400_000_000), using: &random))
        let number = Int.random(in: 0..<revisions.count, using: &random)
        let name = "segment \(number)"
        let change: SegmentChange
        if random.chance(0.3) {
            let restored = Int.random(in: 1...revisions[number].count, using: &random)
            change = SegmentChange(restoring: restored)
            revisions[number].append(revisions[number][restored - 1])
        } else {
            let definition = definitions.next(segments: names(below: number))
            change = SegmentChange(where: definition)
            revisions[number].append(definition)
        }
        try await audience.tick()
        let before = try await members()
        #expect(try expected(before: number) == before, "seed \(seed)")
        // From here on the audience stands still until the edit is saved.
        let announced = try await audience.difference(of: name, change)
        _ = await audience.projection.takeChanges()
        let edit = try await audience.edit(name, change)
        let changes = await audience.projection.takeChanges()
        let after = try await members()
        #expect(try expected(before: nil) == after, "seed \(seed)")
        check(announced, edit, changes.filter { $0.cause == .definition }, before, after, number)
        edits += 1
    }

    private func check(
        _ announced: SegmentDifference, _ edit: SegmentEdit, _ changes: [MembershipChange],
        _ before: [Set<Identifier>], _ after: [Set<Identifier>], _ number: Int
    ) {
        func moved(_ id: String, _ isEntered: Bool) -> Set<Identifier> {
            Set(changes.filter { $0.segment == id && $0.isEntered == isEntered }.map(\.contact))
        }
        let id = edit.segment.id
        let (entering, leaving) = (after[number].subtracting(before[number]), before[number].subtracting(after[number]))
        #expect(moved(id, true) == entering && moved(id, false) == leaving, "seed \(seed)")
        // The world has fewer contacts than a sample shows.
        #expect(Set(announced.members.entering.sample.map(\.contact)) == entering, "seed \(seed)")
        #expect(Set(announced.members.leaving.sample.map(\.contact)) == leaving, "seed \(seed)")
        #expect(announced.members.staying.count == before[number].intersection(after[number]).count)
        #expect(announced.members.entering.count == edit.entered && announced.members.leaving.count == edit.left)
        #expect(announced.members.staying.count == edit.stayed)
        #expect(announced.frontier == edit.segment.frontier)
        #expect(changes.allSatisfy { $0.instant == edit.segment.changedAt })
        for other in before.indices where other != number {
            let label = "s\(other + 1)"
            let found = announced.referrers.first { $0.segment.id == label }
            #expect(found?.entering ?? 0 == moved(label, true).count, "seed \(seed)")
            #expect(found?.leaving ?? 0 == moved(label, false).count, "seed \(seed)")
            #expect(moved(label, true) == after[other].subtracting(before[other]), "seed \(seed)")
            #expect((found == nil) == (before[other] == after[other]), "seed \(seed)")
        }
    }

    private mutating func ingest(_ count: Int) async throws {
        // Without repeated ids everything is appended.
        let batch = (0..<count).map { _ in events.next() }.filter { known.insert("\($0.source) \($0.id)").inserted }
        let receipt = try await audience.ingest(AdmittedBatch(batch))
        #expect(receipt.appended == batch.count)
        for event in batch {
            accepted.append(
                LoggedEvent(
                    sequence: UInt64(accepted.count + 1), recordedAt: try #require(receipt.recordedAt),
                    visibleAt: try #require(receipt.visibleAt), event: event))
        }
        clock.advance(by: 1_000_000)
        try await audience.tick()
    }

    private func members() async throws -> [Set<Identifier>] {
        var members: [Set<Identifier>] = []
        for number in revisions.indices {
            members.append(Set(try await audience.members(of: "segment \(number)").members.map(\.contact)))
        }
        return members
    }

    /// Members by the reference now; of one segment by the definition before its latest.
    private func expected(before number: Int?) throws -> [Set<Identifier>] {
        var context = try audience.settings().evaluationContext(zones: ZoneDirectory(path: "/usr/share/zoneinfo"))
        for (index, definitions) in revisions.enumerated() {
            let definition = index == number ? definitions.dropLast().last : definitions.last
            context.segments["segment \(index)"] = try Condition(
                parsing: try #require(definition), types: RandomDefinitions.fieldTypes)
        }
        let contacts = ReferenceFold.contacts(from: accepted.filter { $0.visibleAt <= clock.now() }).values
        let evaluator = ReferenceEvaluator(context: context)
        return revisions.indices.map { index in
            Set(contacts.filter { evaluator.isTrue(.segment("segment \(index)"), of: $0, at: clock.now()) }.map(\.id))
        }
    }
}

extension Projection {
    fileprivate func keepChanges() {
        engine.keepsChanges = true
    }

    fileprivate func takeChanges() -> [MembershipChange] {
        engine.takeChanges()
    }
}
