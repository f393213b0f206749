import Admission
import Audiences
import ControlAPI
import FoundationEssentials
import Glibc
import LMDB
import SegmentModel
import TestSupport
import Testing

extension EndToEnd {
    /// Random damage to a directory, one thing at a time; what a start makes of it, in a process of its own.
    ///
    /// With SEGMENTD_DAMAGE_ROUNDS=1000 there are as many flips of a bit, a tenth as many files cut off and a tenth as many
    /// pages of noise (`scripts/soak damage`); else 100, 20 and 20.
    @Suite("A damage campaign")
    struct DamageCampaignTests {
        private static let rounds = getenv("SEGMENTD_DAMAGE_ROUNDS").flatMap { Int(String(cString: $0)) } ?? 100
        private static let tenth = max(20, rounds / 10)

        /// What was done to a copy of the directory.
        private struct Damage: CustomStringConvertible {
            enum Kind: String { case flip, flipInEvent, cut, noise }
            let kind: Kind
            let seed: UInt64
            var description: String { "\(kind.rawValue) with seed \(seed)" }
        }

        @Test("Nothing that is damaged is served, every flip inside an event is found, and no start dies of it")
        func campaign() async throws {
            let world = try await DamagedWorld()
            let damages =
                (0..<UInt64(Self.rounds)).map { Damage(kind: $0 % 2 == 0 ? .flip : .flipInEvent, seed: $0) }
                + (0..<UInt64(Self.tenth)).flatMap { [Damage(kind: .cut, seed: $0), Damage(kind: .noise, seed: $0)] }
            var found = 0
            // Two at a time: most of a round is waiting for a process.
            for start in stride(from: 0, to: damages.count, by: 2) {
                let pair = damages[start..<min(start + 2, damages.count)]
                async let first = Self.round(pair.first, world)
                async let second = Self.round(pair.dropFirst().first, world)
                found += (try await first ? 1 : 0) + (try await second ? 1 : 0)
            }
            // Half of the flips are inside events; all of those are found.
            #expect(found >= Self.rounds / 2)
        }

        /// True if the damage was found.
        private static func round(_ damage: Damage?, _ world: DamagedWorld) async throws -> Bool {
            guard let damage else { return false }
            var generator = SeededGenerator(seed: damage.seed &* 4 &+ UInt64(damage.kind.rawValue.utf8.count))
            let place = try TemporaryDirectory()
            let copy = place.path("data")
            try FileManager.default.copyItem(atPath: world.data, toPath: copy)
            let file = damage.kind == .flipInEvent ? DamagedWorld.log : generator.pick(world.files)
            try world.apply(damage.kind.rawValue, to: copy + "/" + file, using: &generator)
            let finished = try await Program.replay.run([
                "probe", copy, "--at", DamagedWorld.now, "--resend", world.events,
            ])
            let isTruth = file.hasSuffix("FORMAT") || file == DamagedWorld.log
            if finished.code == 65 {
                // Only the log and what says that it is one may refuse a start.
                #expect(isTruth, "\(damage) of \(file): \(finished)")
                #expect(!finished.errors.isEmpty, "\(damage) of \(file)")
                return true
            }
            try #require(finished.code == 0, "\(damage) of \(file): \(finished)")
            #expect(damage.kind != .flipInEvent, "\(damage) was not found")
            let answer = try WireCoding.decode([DamagedWorld.Answer].self, from: Array(finished.output.utf8))
            return try world.compare(answer, "\(damage) of \(file)")
        }
    }
}

/// A directory with everything that is stored, and what is served of it while it is sound.
struct DamagedWorld: Sendable {
    static let now = "2026-03-02T12:00:00Z"
    static let log = "audiences/shop/log/data.mdb"

    private let place: TemporaryDirectory
    let expected: [Answer]
    /// Files that are damaged, those more often that hold more.
    let files: [String]
    /// Where the records of events lie in the log's file.
    private let eventPlaces: [Range<Int>]

    var data: String { place.path("data") }
    var events: String { place.path("events.ndjson") }

    /// What `segment-replay probe` says.
    struct Answer: Codable, Equatable {
        var id: String
        var lastSequence: UInt64
        var contacts: Int
        var appended: Int
        var segments: [String: [String]]
        var recipients: [String: [String]]
        var repairs: [String]
    }

    private struct Clock: AudienceClock {
        let instant: Instant
        func now() -> Instant { instant }
    }

    init() async throws {
        place = try TemporaryDirectory()
        let lines = (0..<900).map(Self.line)
        try place.write(lines.joined(separator: "\n") + "\n", to: "events.ndjson")
        let (data, events) = (place.path("data"), place.path("events.ndjson"))
        try await Self.fill(data, lines)
        let finished = try await Program.replay.run(["probe", data, "--at", Self.now, "--resend", events]).succeeded()
        expected = try WireCoding.decode([Answer].self, from: Array(finished.output.utf8))
        #expect(expected.first?.appended == 0 && expected.first?.lastSequence == 900)
        #expect(expected.first?.repairs == [])
        let view = try #require(
            try FileManager.default.contentsOfDirectory(atPath: data + "/audiences/shop/view").first)
        files =
            Array(repeating: Self.log, count: 8)
            + Array(repeating: "audiences/shop/index/data.mdb", count: 4)
            + Array(repeating: "audiences/shop/view/\(view)/data.mdb", count: 4)
            + ["view/\(view)/checkpoint", "sent/1", "sent/2", "index/TRUST", "FORMAT"].map { "audiences/shop/" + $0 }
            + ["FORMAT"]
        var records: [[UInt8]] = []
        try EnvironmentFile.check(directory: data + "/audiences/shop/log", readsValues: true) { table, _, value in
            if table == "events", let value { records.append([UInt8](value)) }
        }
        let content = try Data(contentsOf: URL(filePath: data + "/" + Self.log))
        // Of some records LMDB leaves a copy in a gap, which nobody reads: those are no places of events for certain.
        eventPlaces = records.compactMap { record in
            guard let range = content.firstRange(of: Data(record)),
                content[(range.lowerBound + 1)...].firstRange(of: Data(record)) == nil
            else { return nil }
            return range
        }
        #expect(eventPlaces.count > 2)
    }

    private static func line(_ number: Int) -> String {
        let contact = "c\(number % 61)"
        if number % 4 == 1 {
            return """
                {"specversion":"1.0","id":"o\(number)","source":"till","type":"order.placed","time":"2026-02-\
                \(10 + number % 15)T09:00:00Z","data":{"order":"\(number)","contact":"\(contact)","store":"s",\
                "currency":"EUR","total":"\(number % 90)"}}
                """
        }
        let tag = number % 3 == 0 ? "vip" : "t\(number)"
        return """
            {"specversion":"1.0","id":"\(number)","source":"web","type":"contact.changed","time":"2026-02-01T09:00:00Z",\
            "data":{"contact":"\(contact)","email":"\(contact)@example.org","tags":{"add":["\(tag)"]}}}
            """
    }

    /// A log of full blocks and plain rows, definitions, lists, an index and a view.
    private static func fill(_ path: String, _ lines: [String]) async throws {
        let clock = Clock(instant: try Instant(rfc3339: "2026-03-01T12:00:00Z"))
        let configuration = AudienceConfiguration(mapSizeBytes: 64 << 20)
        let data = try await DataDirectory.open(path: path, configuration: configuration, clock: clock)
        let shop = try await data.create(
            id: "shop",
            settings: AudienceSettings(name: "Shop", currency: "EUR", visibilityDelayMicroseconds: 0))
        _ = try await shop.save(name: "VIP", where: ["tag": "vip"])
        _ = try await shop.save(name: "Recent", where: ["activity": "order", "within": ["last": "P12D"]])
        _ = try await shop.save(
            name: "Big", where: ["activity": "order", "measure": "total", "op": "at_least", "value": 600])
        for start in stride(from: 0, to: lines.count, by: 150) {
            let admission = NDJSONAdmission()
            admission.feed(Array((lines[start..<start + 150].joined(separator: "\n") + "\n").utf8))
            _ = try await shop.ingest(admission.finish())
        }
        _ = try await shop.send("VIP", campaign: "spring")
        _ = try await shop.send("Recent", campaign: "summer")
        // Makes filters.
        _ = try await shop.contact("c5")
        try await data.close()
    }

    func apply(_ kind: String, to file: String, using generator: inout SeededGenerator) throws {
        var content = try Data(contentsOf: URL(filePath: file))
        switch kind {
        case "flip":
            content[Int.random(in: 0..<content.count, using: &generator)] ^=
                1 << UInt8.random(in: 0..<8, using: &generator)
        case "flipInEvent":
            let offset = Int.random(in: generator.pick(eventPlaces), using: &generator)
            content[offset] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case "cut": content = content.prefix(Int.random(in: 0..<content.count, using: &generator))
        default:
            let page = Int.random(in: 0..<max(1, content.count / 4096), using: &generator) * 4096
            for offset in page..<min(page + 4096, content.count) {
                content[offset] = UInt8.random(in: 0...255, using: &generator)
            }
        }
        try content.write(to: URL(filePath: file))
    }

    /// Nothing but what was served before, or a list that is refused by name; true if anything was found.
    func compare(_ answers: [Answer], _ what: String) throws -> Bool {
        let (answer, expected) = (try #require(answers.first, "\(what)"), try #require(expected.first))
        #expect(answer.segments == expected.segments, "\(what)")
        #expect(answer.lastSequence == expected.lastSequence && answer.contacts == expected.contacts, "\(what)")
        #expect(answer.appended == 0, "an event was taken twice: \(what)")
        var isRefused = false
        for (campaign, recipients) in answer.recipients {
            if recipients == ["!list_damaged"] {
                isRefused = true
            } else {
                #expect(recipients == expected.recipients[campaign], "\(what)")
            }
        }
        return isRefused || !answer.repairs.isEmpty
    }
}
