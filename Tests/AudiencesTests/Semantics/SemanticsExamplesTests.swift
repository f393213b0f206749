import Audiences
import SegmentModel
import TestSupport
import Testing

/// Every example of docs/semantics.md, asked of the reference evaluator and of an audience with its engine.
@Suite struct SemanticsExamplesTests {
    /// When the tables of the page are about: the instant, and how far ahead `next change` looks.
    private static let noon = "2026-02-28 12:00"
    private static let horizon = "2036-01-01 00:00"

    @Test func `the tables of the page say who is in, and who changes next`() async throws {
        let page = try SemanticsPage()
        let noon = try SemanticsPage.instant(Self.noon)
        let horizon = try SemanticsPage.instant(Self.horizon)
        var world = try await castWorld(page, at: noon)
        for row in page.rows { try await world.save(row.name, row.condition) }
        for row in page.rows {
            let place = "line \(row.line): \(row.condition.text)"
            #expect(try world.reference(row.name, at: noon) == row.members, "the reference, \(place)")
            #expect(try await world.members(of: row.name) == row.members, "the audience, \(place)")
            guard let changes = row.changes else { continue }
            let found = try world.nextChanges(of: row.name, after: noon, until: horizon)
            #expect(found == changes, "\(place)")
        }
        try await expectChangesToHappen(page.rows, in: world)
        #expect(page.rows.count > 100)
        try await world.close()
    }

    @Test func `the examples of the page with events of their own run as they say`() async throws {
        let page = try SemanticsPage()
        for example in page.examples { try await run(example, page.settings) }
        #expect(page.examples.count > 8)
    }

    /// The cast in an audience that sees all of it.
    private func castWorld(_ page: SemanticsPage, at noon: Instant) async throws -> SemanticsWorld {
        var settings = page.settings
        settings.plan = .premium
        let earlier = noon.advanced(byMicroseconds: -settings.visibilityDelayMicroseconds)
        var world = try await SemanticsWorld(settings, at: earlier)
        for event in page.cast { try await world.ingest(event) }
        try await world.move(to: noon)
        for (name, condition) in page.saved { try await world.save(name, condition) }
        return world
    }

    /// The audience changes at the announced instants and not a microsecond before.
    private func expectChangesToHappen(_ rows: [SemanticsPage.Row], in world: SemanticsWorld) async throws {
        var rowsByInstant: [Instant: [SemanticsPage.Row]] = [:]
        for row in rows {
            for instant in Set((row.changes ?? [:]).values.map(\.instant)) {
                rowsByInstant[instant, default: []].append(row)
            }
        }
        for (instant, rows) in rowsByInstant.sorted(by: { $0.key < $1.key }) {
            let before = instant.advanced(byMicroseconds: -1)
            for moment in [before, instant] {
                try await world.move(to: moment)
                for row in rows {
                    let expected = try world.reference(row.name, at: moment)
                    #expect(try await world.members(of: row.name) == expected, "line \(row.line) at \(moment)")
                }
            }
        }
    }

    private func run(_ example: SemanticsPage.Example, _ settings: AudienceSettings) async throws {
        let start = try #require(example.events.first?.recordedAt)
        var world = try await SemanticsWorld(settings, at: start)
        for timeline in example.timelines { try await world.save("line \(timeline.line)", timeline.condition) }
        var moments: [Instant] = []
        for step in example.timelines.flatMap(\.steps) {
            moments += [step.instant.advanced(byMicroseconds: -1), step.instant]
        }
        var events = example.events[...]
        for moment in Set(moments).sorted() {
            while let event = events.first, event.recordedAt <= moment {
                try await world.move(to: event.recordedAt)
                try await world.ingest(event.text)
                events.removeFirst()
            }
            guard moment >= start else { continue }
            try await world.move(to: moment)
            for timeline in example.timelines { try await expect(timeline, in: world, at: moment) }
        }
        try #require(events.isEmpty, "line \(example.line): events after the last step")
        for timeline in example.timelines { try expectNoFurtherChange(timeline, in: world) }
        try await world.close()
    }

    private func expect(_ timeline: SemanticsPage.Timeline, in world: SemanticsWorld, at moment: Instant) async throws {
        guard let step = timeline.steps.last(where: { $0.instant <= moment }) else { return }
        let name = "line \(timeline.line)"
        #expect(try world.reference(name, at: moment) == step.members, "the reference, \(name), at \(moment)")
        #expect(try await world.members(of: name) == step.members, "the audience, \(name), at \(moment)")
    }

    /// Between two steps nothing changes.
    private func expectNoFurtherChange(_ timeline: SemanticsPage.Timeline, in world: SemanticsWorld) throws {
        let name = "line \(timeline.line)"
        for (step, next) in zip(timeline.steps, timeline.steps.dropFirst()) {
            let end = next.instant.advanced(byMicroseconds: -1)
            var moment = step.instant
            while moment < end {
                let visible = world.nextVisible(after: moment).map { min($0.advanced(byMicroseconds: -1), end) } ?? end
                #expect(try world.reference(name, at: moment) == step.members, "\(name), at \(moment)")
                let changes = try world.nextChanges(of: name, after: moment, until: visible)
                #expect(changes.isEmpty, "\(name), after \(moment)")
                moment = max(visible.advanced(byMicroseconds: 1), moment.advanced(byMicroseconds: 1))
            }
        }
    }
}

extension SemanticsPage.Row {
    var name: String { "line \(line)" }
}
