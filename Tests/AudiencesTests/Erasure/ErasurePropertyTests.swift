import EventLog
import Glibc
import SegmentModel
import TestSupport
import Testing

@testable import Audiences

/// Erasing takes away what was said of the erased, and changes nothing about anybody else.
@Suite struct ErasurePropertyTests {
    /// All of them take minutes with programs that are not optimized.
    private static let seeds: Range<UInt64> =
        getenv("SEGMENTD_TEST_ALL").map { $0.pointee != 0 } ?? false ? 0..<30 : 0..<6

    @Test(arguments: seeds) func `a pass changes no answer about anybody, ever`(seed: UInt64) async throws {
        var world = try await TwinWorld(seed: seed)
        var erased = 0
        for _ in 0..<10 {
            let appended = try await world.ingest(Int.random(in: 1...25, using: &world.random))
            #expect(appended[0] == appended[1], "an event counted twice, or a new one as known")
            if world.random.chance(0.6) { try await world.erase() }
            try await world.pass()
            if world.random.chance(0.5) { erased += try await world.worked.workOffErasures().erasures }
            switch Int.random(in: 0..<8, using: &world.random) {
            case 0: try await world.restart()
            case 1: try await world.restart(rebuilds: true)
            case 2: try await world.save()
            default: break
            }
            try await compare(world)
            try await world.worked.scrub {}
        }
        #expect(erased > 0, "seed \(seed) erased nobody")
        try await world.close()
    }

    private func compare(_ world: TwinWorld) async throws {
        let plain = try await world.answers(world.plain)
        let worked = try await world.answers(world.worked)
        #expect(plain.members == worked.members)
        #expect(plain.counts == worked.counts)
        #expect(plain.explanations == worked.explanations)
        #expect(plain.contacts.keys.sorted() == worked.contacts.keys.sorted())
        let erasedAt = try lastErasures(world)
        for (id, contact) in plain.contacts {
            #expect(
                worked.contacts[id].map { withoutErased($0, before: erasedAt[id]) }
                    == withoutErased(contact, before: erasedAt[id]))
        }
        try checkLog(world)
    }

    /// When the last erasure of each contact that was worked off became visible.
    private func lastErasures(_ world: TwinWorld) throws -> [Identifier: Instant] {
        let waiting = Set(try world.worked.log.erasures.map(\.sequence))
        var erasedAt: [Identifier: Instant] = [:]
        for event in try world.plain.log.read(from: 1, countMax: .max) where !waiting.contains(event.sequence) {
            if case .contactErased(let contact) = event.event.fact { erasedAt[contact] = event.visibleAt }
        }
        return erasedAt
    }

    /// A contact that is erased and comes back within one instant is in its segments without a break; but from before that
    /// instant nothing is known any more.
    private func withoutErased(_ contact: ContactSnapshot, before instant: Instant?) -> ContactSnapshot {
        guard let instant else { return contact }
        var contact = contact
        for index in contact.segments.indices where contact.segments[index].since <= instant {
            contact.segments[index].since = instant
            contact.segments[index].cause = .definition
        }
        return contact
    }

    /// The log has every sequence, and nothing of a life that was worked off.
    private func checkLog(_ world: TwinWorld) throws {
        let before = try world.plain.log.read(from: 1, countMax: .max)
        let after = try world.worked.log.read(from: 1, countMax: .max)
        #expect(after.map(\.sequence) == before.map(\.sequence))
        #expect(after.map(\.recordedAt) == before.map(\.recordedAt))
        #expect(after.map(\.visibleAt) == before.map(\.visibleAt))
        let waiting = Set(try world.worked.log.erasures.map(\.sequence))
        var ended: Set<Identifier> = []
        for (event, original) in zip(after, before).reversed() {
            guard let contact = original.event.fact.contact else { continue }
            if case .contactErased = original.event.fact {
                if waiting.contains(event.sequence) { ended.remove(contact) } else { ended.insert(contact) }
            }
            if ended.contains(contact) {
                #expect(event.event.isErased, "event \(event.sequence) is still there")
            } else {
                #expect(event == original)
            }
        }
    }
}
