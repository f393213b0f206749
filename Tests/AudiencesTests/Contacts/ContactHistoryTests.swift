import SegmentEngine
import SegmentModel
import TestSupport
import Testing

@testable import Audiences

/// Since when a contact is in a segment, and what is coming, against the reference and against what then happens.
@Suite struct ContactHistoryTests {
    @Test(arguments: 0..<12)
    func `since when a contact is in a segment is what the reference finds instant by instant`(
        seed: UInt64
    ) async throws {
        var world = try await ContactWorld(seed: seed)
        for _ in 0..<14 {
            switch Int.random(in: 0..<8, using: &world.random) {
            case 0: try await world.save()
            case 1: try await world.edit()
            case 2: try await world.changeSettings()
            default: break
            }
            try await world.ingest(Int.random(in: 0...10, using: &world.random))
            try await world.pass(Int64.random(in: 1...(20 * 86_400_000_000), using: &world.random))
        }
        let frontier = await world.audience.status().frontier
        let expected = try world.history().standings(at: frontier)
        let segments = try await world.members()
        var compared = 0
        for contact in ContactWorld.contacts {
            guard let shown = try? await world.audience.contact(contact) else {
                #expect(expected[contact, default: [:]].isEmpty)
                continue
            }
            let since = Dictionary(uniqueKeysWithValues: shown.segments.map { ($0.segment.id, $0.since) })
            #expect(since == expected[contact, default: [:]], "seed \(seed), \(contact)")
            #expect(Set(shown.segments.map(\.segment.name)) == Set(segments.filter { $1.contains(contact) }.keys))
            #expect(shown.segmentCount == shown.segments.count && shown.nextSegment == nil)
            compared += since.count
        }
        #expect(compared > 0, "seed \(seed) compared nothing")
        try await world.close()
    }

    @Test(arguments: 0..<12)
    func `what is forecast of pending events is what then happens, to each contact and at each instant`(
        seed: UInt64
    ) async throws {
        var world = try await ContactWorld(seed: seed, delayMicroseconds: 29 * 86_400_000_000, segments: 8)
        for _ in 0..<5 {
            try await world.ingest(Int.random(in: 5...25, using: &world.random))
            try await world.pass(Int64.random(in: 1...(5 * 86_400_000_000), using: &world.random))
        }
        let forecast = try await world.audience.forecast(by: .instant, limit: PendingForecast.linesMax)
        #expect(forecast.examined == forecast.pending && forecast.pending > 0)
        var coming: [Move: Instant] = [:]
        for contact in ContactWorld.contacts {
            guard let shown = try? await world.audience.contact(contact) else { continue }
            for change in shown.coming where change.instant <= forecast.through {
                coming[Move(change, contact)] = change.instant
            }
        }
        var before = try await world.members()
        var happened: [Move: Instant] = [:]
        for instant in Set(forecast.lines.map(\.instant)).sorted() {
            try await world.move(to: instant.advanced(byMicroseconds: -1))
            #expect(try await world.members() == before, "seed \(seed), before \(instant)")
            try await world.move(to: instant)
            let after = try await world.members()
            for name in world.names {
                let entered = after[name, default: []].subtracting(before[name, default: []])
                let left = before[name, default: []].subtracting(after[name, default: []])
                let line = forecast.lines.first { $0.instant == instant && $0.segment.name == name }
                #expect(
                    line?.entered ?? 0 == entered.count && line?.left ?? 0 == left.count, "seed \(seed), \(instant)")
                for (contacts, isEntered) in [(entered, true), (left, false)] {
                    for contact in contacts {
                        happened[Move(segment: name, contact: contact, isEntered: isEntered, at: instant)] = instant
                    }
                }
            }
            before = after
        }
        try await world.move(to: forecast.through)
        #expect(try await world.members() == before)
        #expect(!happened.isEmpty, "seed \(seed)")
        // A contact's page looks as far as its own last pending event.
        #expect(coming.allSatisfy { happened[$0.key] == $0.value }, "seed \(seed)")
        #expect(!coming.isEmpty)
        for total in forecast.totals {
            let own = happened.keys.filter { $0.segment == total.segment.name }
            #expect(total.entered == own.count { $0.isEntered } && total.left == own.count { !$0.isEntered })
        }
        try await world.close()
    }

    @Test func `by the minute a forecast adds up what happens within each`() async throws {
        var tally = ForecastTally(grouping: .minute)
        let noon = try Instant(rfc3339: "2026-03-01T12:00:00Z")
        func change(_ contact: Identifier, _ isEntered: Bool, _ microseconds: Int64) -> MembershipChange {
            MembershipChange(
                segment: "s1", contact: contact, isEntered: isEntered,
                instant: noon.advanced(byMicroseconds: microseconds), cause: .windowEdge)
        }
        tally.take(
            [
                change("a", true, 0), change("b", true, 1), change("c", true, 60_000_000),
                // Comes and goes within one instant.
                change("d", true, 60_000_000), change("d", false, 60_000_000), change("a", false, 60_000_001),
            ])
        var book = DefinitionBook(settings: AudienceSettings(name: "Shop"))
        try book.apply(
            .segment(
                StoredSegment(id: "s1", revision: 1, name: "All", definition: ["tag": "x"]), at: noon))
        let forecast = tally.forecast(
            frontier: noon, through: noon, pending: 0, examined: 0, book: book, limit: 2)
        let label = SegmentLabel(id: "s1", name: "All")
        #expect(
            forecast.lines == [
                .init(instant: noon, segment: label, entered: 1, left: 0),
                .init(instant: noon.advanced(byMicroseconds: 60_000_000), segment: label, entered: 2, left: 0),
            ])
        #expect(forecast.lineCount == 3)
        #expect(forecast.totals == [.init(segment: label, entered: 3, left: 1)])
    }
}

/// A contact's entry or exit.
private struct Move: Hashable {
    var segment: String
    var contact: Identifier
    var isEntered: Bool
    var at: Instant

    init(segment: String, contact: Identifier, isEntered: Bool, at: Instant) {
        (self.segment, self.contact, self.isEntered, self.at) = (segment, contact, isEntered, at)
    }

    init(_ change: ComingChange, _ contact: Identifier) {
        self.init(
            segment: change.segment.name, contact: contact, isEntered: change.isEntered, at: change.instant)
    }
}
