import Admission
import SegmentEngine
import SegmentModel
import TestSupport
import Testing

@testable import Audiences

@Suite struct SelfAuditTests {
    private static let contacts = ["ada": ["vip"], "bob": ["vip"], "eve": ["new"], "zoe": []]

    /// Rounds of the audit, which look at each contact several times.
    private func audit(_ audience: Audience, seed: UInt64, rounds: Int = 8) async throws -> [AuditReport] {
        var random = SeededGenerator(seed: seed)
        var reports: [AuditReport] = []
        for _ in 0..<rounds {
            // However busy the machine is, a round is not cut short.
            reports += try await audience.audit(timeMax: .seconds(86_400), using: &random).reports
        }
        return reports
    }

    @Test func `a sound state gives no difference, and the contacts looked at are counted`() async throws {
        try await TestShop.run(Self.contacts) { shop in
            _ = try await shop.audience.save(name: "VIP", where: ["tag": "vip"])
            #expect(try await audit(shop.audience, seed: 1).isEmpty)
            let figures = try shop.audience.figures().audit
            #expect(figures.contacts == 8 * Audience.auditContactsMax)
            #expect(figures.differences == 0 && figures.reports.isEmpty)
            #expect(figures.lastAt == shop.clock.now())
        }
    }

    @Test func `a wrong column is found, with contact digest, segment and leaf, and told without the id`() async throws
    {
        try await TestShop.run(Self.contacts) { shop in
            let vip = try await shop.audience.save(name: "VIP", where: ["tag": "vip"])
            let leaf = try #require(await shop.audience.projection.turn(leaf: 0, of: "eve"))
            let reports = try await audit(shop.audience, seed: 1)
            let digest = shop.audience.digest(of: "eve")
            #expect(Set(reports.map(\.digest)) == [digest])
            #expect(
                reports.prefix(2).map(\.subject) == [
                    .segment(SegmentLabel(id: vip.id, name: "VIP")), .leaf(leaf),
                ])
            #expect(reports.allSatisfy { !$0.isTrueByLog && $0.frontier == shop.clock.now() })
            #expect(!digest.contains("eve") && digest.utf8.count == 16)
            let figures = try shop.audience.figures().audit
            #expect(figures.differences == reports.count)
            #expect(figures.reports == reports.suffix(AuditBook.reportsMax))
        }
    }

    @Test func `a contact that the live state has lost is found from the log`() async throws {
        try await TestShop.run(Self.contacts) { shop in
            await shop.audience.projection.turnExistence(of: "ada")
            let reports = try await audit(shop.audience, seed: 2)
            #expect(Set(reports.map(\.digest)) == [shop.audience.digest(of: "ada")])
            #expect(reports.allSatisfy { $0.subject == .existence && $0.isTrueByLog })
        }
    }

    @Test func `a contact whose record is another than the log's is found though no condition shows it`() async throws {
        try await TestShop.run(Self.contacts) { shop in
            let comparison = try await ContactComparison(
                shop.audience.snapshot(), zones: ZoneDirectory(path: "/usr/share/zoneinfo"))
            // Nobody asks for tags: no segment is saved.
            let ada = try #require(comparison.snapshot.engine.contact("ada"))
            #expect(comparison.differences(of: "ada", leftByLog: ada).isEmpty)
            var other = ada
            other.tags = [:]
            #expect(comparison.differences(of: "ada", leftByLog: other).map(\.subject) == [.record])
            // Live, and not in the log.
            let ghost = comparison.differences(of: "ada", leftByLog: nil)
            #expect(ghost == [ContactDifference(contact: "ada", subject: .existence, isTrueByLog: false)])
        }
    }

    @Test func `verifying names every difference and segment that counts wrong`() async throws {
        try await TestShop.run(Self.contacts) { shop in
            let vip = try await shop.audience.save(name: "VIP", where: ["tag": "vip"])
            #expect(try await shop.audience.verify().isSound)
            let leaf = try #require(await shop.audience.projection.turn(leaf: 0, of: "bob"))
            await shop.audience.projection.turnExistence(of: "zoe")
            let label = SegmentLabel(id: vip.id, name: "VIP")
            let found = try await shop.audience.verify()
            #expect(
                found.differences == [
                    ContactDifference(contact: "bob", subject: .segment(label), isTrueByLog: true),
                    ContactDifference(contact: "bob", subject: .leaf(leaf), isTrueByLog: true),
                    ContactDifference(contact: "zoe", subject: .existence, isTrueByLog: true),
                ])
            #expect(found.differenceCount == 3)
            #expect(found.contacts == 4 && found.segments == 1 && found.leaves == 1)
            // The column lacks bob, the count has him.
            #expect(found.wrongCounts == [WrongCount(segment: label, count: 2, members: 1)])
        }
    }

    @Test func `a count that is off is found though every column is right`() async throws {
        try await TestShop.run(Self.contacts) { shop in
            let vip = try await shop.audience.save(name: "VIP", where: ["tag": "vip"])
            await shop.audience.projection.miscount(vip.id)
            let found = try await shop.audience.verify()
            #expect(found.differences.isEmpty && !found.isSound)
            #expect(found.wrongCounts.map(\.count) == [3])
        }
    }

    @Test func `one verification or rerun is at a time`() async throws {
        try await TestShop.run(Self.contacts) { shop in
            _ = try shop.audience.reruns.begin(segment: "Other", eventCount: 1)
            #expect(await shop.failure { _ = try await shop.audience.verify() }?.code == .rerunUnderWay)
            shop.audience.reruns.end()
        }
    }

    @Test func `a contact that has left by erasure is no difference`() async throws {
        try await TestShop.run(Self.contacts) { shop in
            _ = try await shop.audience.save(name: "VIP", where: ["tag": "vip"])
            let erased = Event(source: "web", id: "gone", time: nil, fact: .contactErased(contact: "ada"))
            _ = try await shop.audience.ingest(AdmittedBatch([erased]))
            shop.clock.advance(by: 1)
            try await shop.audience.tick()
            #expect(try await audit(shop.audience, seed: 3).isEmpty)
            let found = try await shop.audience.verify()
            #expect(found.isSound && found.contacts == 3)
        }
    }

    // MARK: Random worlds

    @Test(arguments: 0..<12)
    func `whatever the events and definitions, a sound state gives no difference`(seed: UInt64) async throws {
        try await AuditWorld.run(seed: seed) { world in
            for _ in 0..<3 {
                try await world.step()
                #expect(try await audit(world.audience, seed: seed, rounds: 2).isEmpty, "seed \(seed)")
            }
            let found = try await world.audience.verify()
            #expect(found.isSound, "seed \(seed): \(found.differences) \(found.wrongCounts)")
            #expect(found.contacts > 3 && found.leaves > 0)
        }
    }

    @Test(arguments: 0..<12)
    func `a column that is wrong for one contact is found, and nothing else`(seed: UInt64) async throws {
        try await AuditWorld.run(seed: seed) { world in
            let victim = world.random.pick(try await world.contacts())
            let leaves = try world.audience.figures().leaves
            let number = Int.random(in: 0..<leaves, using: &world.random)
            // The standing must not move meanwhile, or the contact may be evaluated anew.
            guard let leaf = await world.audience.projection.turn(leaf: number, of: victim) else { return }
            let found = try await world.audience.verify()
            #expect(Set(found.differences.map(\.contact)) == [victim], "seed \(seed)")
            #expect(found.differences.contains { $0.subject == .leaf(leaf) }, "seed \(seed)")
            let reports = try await audit(world.audience, seed: seed, rounds: 30)
            #expect(Set(reports.map(\.digest)) == [world.audience.digest(of: victim)], "seed \(seed)")
        }
    }

    @Test func `nothing is told of a contact whose erasure has come meanwhile`() async throws {
        try await AuditWorld.run(seed: 5) { world in
            let audience = world.audience
            let contact = try #require(try await world.contacts().first)
            await audience.projection.turnExistence(of: contact)
            #expect(try await audience.confirmedDifferences(of: contact).differences.map(\.subject) == [.existence])
            let erasure = Event(source: "office", id: "erasure", time: nil, fact: .contactErased(contact: contact))
            _ = try await audience.ingest(AdmittedBatch([erasure]))
            #expect(try await audience.confirmedDifferences(of: contact).differences.isEmpty)
        }
    }

    @Test(arguments: 0..<4)
    func `events that come and time that passes meanwhile are no differences`(seed: UInt64) async throws {
        try await AuditWorld.run(seed: seed) { world in
            let audience = world.audience
            let auditing = Task {
                var random = SeededGenerator(seed: seed)
                var rounds: [AuditRound] = []
                while !Task.isCancelled { rounds.append(try await audience.audit(using: &random)) }
                return rounds
            }
            for _ in 0..<60 { try await world.step(events: 5) }
            #expect(try await audience.verify().isSound)
            auditing.cancel()
            let rounds = try await auditing.value
            #expect(rounds.flatMap(\.reports).isEmpty, "seed \(seed)")
            #expect(rounds.contains { $0.contacts > 0 })
        }
    }
}

@Suite struct SHA256Tests {
    private func text(_ message: String) -> String {
        SHA256.digest(of: Array(message.utf8)).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    @Test func `digests are those of the standard`() {
        #expect(text("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(text("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            text("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
                == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
    }

    @Test(arguments: [55, 56, 63, 64, 65, 119, 120]) func `the padding fits whatever the length`(length: Int) {
        let known = [
            55: "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318",
            56: "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a",
            63: "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34",
            64: "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb",
            65: "635361c48bb9eab14198e76ea8ab7f1a41685d6ad62aa9146d301d4f17eb0ae0",
            119: "31eba51c313a5c08226adf18d4a359cfdfd8d2e816b13f4af952f7ea6584dcfb",
            120: "2f3d335432c70b580af0e8e1b3674a7c020d683aa5f73aaaedfdc55af904c21c",
        ]
        #expect(text(String(repeating: "a", count: length)) == known[length])
    }
}
