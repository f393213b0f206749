import SegmentEngine
import SegmentModel
import TestSupport
import Testing

@testable import Audiences

/// Lists on disk: what a crash, damage or somebody else's file makes of them.
@Suite struct RecipientFileTests {
    private func code(_ body: () async throws -> Void) async -> AudienceError.Code? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? AudienceError)?.code
        }
    }

    /// A list of some blocks.
    private func worldWithList(_ count: Int = 6_000) async throws -> RecipientWorld {
        let world = try await RecipientWorld()
        try await world.say((0..<count).map { RecipientWorld.vip("contact-\($0)", email: "\($0)@x.test") })
        _ = try await world.audience.send("VIP", campaign: "spring")
        return world
    }

    @Test func `pages of a list of several blocks are the list, wherever they begin`() async throws {
        let world = try await worldWithList()
        #expect(try FileBytes.count(of: world.file(1)) > 2 * 65_536)
        let expected = (0..<6_000).map { Identifier("contact-\($0)") }.sorted()
        #expect(try await world.recipients("spring", pageCount: 997).map(\.contact) == expected)
        var random = SeededGenerator(seed: 7)
        for _ in 0..<50 {
            // Contacts of the list, and ids that stand between them.
            let after = Identifier(random.pick(expected).text + random.pick(["", "!", "z"]))
            let page = try await world.audience.recipients(of: "spring", after: after, limit: 3)
            #expect(page.recipients.map(\.contact) == Array(expected.filter { $0 > after }.prefix(3)))
        }
        #expect(
            try await world.audience.recipients(of: "spring", after: "a", limit: 1).recipients[0].contact == expected[0]
        )
        #expect(try await world.audience.recipients(of: "spring", after: "d", limit: 1).recipients.isEmpty)
        var export = try await world.audience.exportRecipients(of: "spring", format: .csv)
        var piece: [UInt8] = []
        var text: [UInt8] = []
        while try export.next(into: &piece) { text += piece }
        let lines = expected.map { "\($0),\($0.text.dropFirst(8))@x.test\r\n" }.joined()
        #expect(String(decoding: text, as: UTF8.self) == "contact,email\r\n" + lines)
        try await world.close()
    }

    @Test func `a file that a crash left without its definition is no list`() async throws {
        var world = try await RecipientWorld()
        try await world.say([RecipientWorld.vip("ann"), RecipientWorld.vip("bob")])
        // What a send does before its definition is stored; then the process is gone.
        let snapshot = await world.audience.snapshot()
        let members = try snapshot.members(of: try snapshot.book.segment("VIP"))
        _ = try world.audience.recipients.write(1, members: members, of: snapshot.engine)
        try world.home.write("half", to: "audiences/shop/sent/unfinished")
        #expect(try await world.audience.recipientLists(limit: 10).count == 0)
        try await world.restart()
        #expect(throws: (any Error).self) { try FileBytes.count(of: world.file(1)) }
        #expect(throws: (any Error).self) {
            try FileBytes.count(of: world.home.path("audiences/shop/sent/unfinished"))
        }
        try await world.say([RecipientWorld.vip("cyd")])
        let sent = try await world.audience.send("VIP", campaign: "spring")
        #expect(sent.isNew)
        #expect(sent.list.number == 1)
        #expect(try await world.recipients("spring").count == 3)
        try await world.close()
    }

    @Test(arguments: [0, 70_000, 65_600]) func `a damaged list is refused by name, and nothing else`(
        offset: Int
    ) async throws {
        var world = try await worldWithList()
        _ = try await world.audience.send("VIP", campaign: "summer")
        try FileBytes.flipBit(at: offset, in: world.file(1))
        try await world.restart()
        #expect(
            await code { _ = try await world.audience.exportRecipients(of: "spring", format: .csv) } == .listDamaged)
        #expect(await code { _ = try await world.audience.compareRecipients(of: "spring", sample: 1) } == .listDamaged)
        #expect(await code { _ = try await world.recipients("spring") } == .listDamaged)
        #expect(try await world.audience.recipientList(of: "spring").recipients == 6_000)
        #expect(try await world.recipients("summer").count == 6_000)
        #expect(try await world.audience.segment("VIP").count == 6_000)
        try await world.close()
    }

    @Test func `a list whose directory is damaged, cut off or missing is refused`() async throws {
        let world = try await worldWithList(10)
        let count = try FileBytes.count(of: world.file(1))
        for offset in [count - 1, count - 10, count - 30] {
            try FileBytes.flipBit(at: offset, in: world.file(1))
            #expect(await code { _ = try await world.recipients("spring") } == .listDamaged)
            try FileBytes.flipBit(at: offset, in: world.file(1))
        }
        #expect(try await world.recipients("spring").count == 10)
        try FileBytes.truncate(to: count - 1, world.file(1))
        #expect(await code { _ = try await world.recipients("spring") } == .listDamaged)
        try FileBytes.truncate(to: 3, world.file(1))
        #expect(await code { _ = try await world.recipients("spring") } == .listDamaged)
        try world.home.remove("audiences/shop/sent/1")
        #expect(await code { _ = try await world.recipients("spring") } == .listDamaged)
        try await world.close()
    }

    @Test func `another list's file is not taken for a list`() async throws {
        let world = try await RecipientWorld()
        try await world.say([RecipientWorld.vip("ann")])
        _ = try await world.audience.send("VIP", campaign: "spring")
        let snapshot = await world.audience.snapshot()
        let everybody = snapshot.engine.everyone
        try await world.say([RecipientWorld.vip("bob")])
        try await world.audience.tick()
        let later = await world.audience.snapshot()
        // Under the same number, of other contacts.
        _ = try world.audience.recipients.write(1, members: later.engine.everyone, of: later.engine)
        #expect(await code { _ = try await world.recipients("spring") } == .listDamaged)
        _ = try world.audience.recipients.write(1, members: everybody, of: snapshot.engine)
        #expect(try await world.recipients("spring").map(\.contact) == ["ann"])
        try await world.close()
    }

    /// The example of docs/format.md: files of this format must be readable for ever.
    private static let example = """
        01 61 03 61 40 62 01 C1 79 0D 08 00 00 00 00 00 00 00 00 84 4C 0B CC
        01 00 00 00 06 00 00 00 01 00 00 00 DD E2 5A 32 21 00 00 00
        """

    @Test func `the documented bytes are what is written and read`() async throws {
        let world = try await RecipientWorld()
        try await world.say([RecipientWorld.vip("a", email: "a@b")])
        let list = try await world.audience.send("VIP", campaign: "spring").list
        #expect(list.digestText == "cc0b4c84")
        let bytes = Self.example.split(whereSeparator: \.isWhitespace).compactMap { UInt8($0, radix: 16) }
        #expect(try FileBytes.count(of: world.file(1)) == bytes.count)
        #expect(try FileBytes.position(of: bytes, in: world.file(1)) == 0)
        try await world.close()
    }

    @Test func `a directory reads back as written, and nothing else does`() {
        var directory = RecipientDirectory()
        directory.blocks = [
            .init(byteCount: 70_000, rowCount: 2_000, checksum: 7), .init(byteCount: 5, rowCount: 1, checksum: 9),
        ]
        directory.digest = directory.entriesDigest
        let record = directory.encoded(list: 3)
        #expect(RecipientDirectory(record, list: 3) == directory)
        #expect(RecipientDirectory(record, list: 4) == nil)
        for offset in record.indices {
            var changed = record
            changed[offset] ^= 1
            #expect(RecipientDirectory(changed, list: 3) == nil)
        }
        #expect(RecipientDirectory(Array(record.dropLast()), list: 3) == nil)
        #expect(directory.isAsFrozen)
    }
}
