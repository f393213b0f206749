import Admission
import FoundationEssentials
import Glibc
import LMDB
import SegmentModel
import TestSupport
import Testing

@testable import Audiences

/// The list of erasures, and what an older copy of the data comes to with it.
@Suite struct ErasureListTests {
    @Test func `an older copy of the data comes up without those who were erased since`() async throws {
        var world = try await ErasureWorld()
        try await world.tell()
        try await world.directory.close()
        let copy = world.home.path("copy")
        try FileManager.default.copyItem(atPath: world.data, toPath: copy)
        world.directory = try await ErasureWorld.open(world.data, world.home.path("erasures"), world.clock)
        #expect(world.directory.reappliedErasures == 0)
        // One by command, one by an event; a third came back after it, and is there to stay.
        _ = try await world.audience.erase("eva-17")
        try await world.say([.contactErased(contact: "bob"), .contactErased(contact: "zoe")], id: "erasures")
        try await world.say([ErasureWorld.reachable("zoe")], id: "zoe")
        try await world.restart()
        #expect(world.directory.reappliedErasures == 0)
        #expect(try await world.audience.members(of: "Reachable").members.map(\.contact) == ["zoe"])

        try await world.restart(on: copy)
        #expect(world.directory.reappliedErasures == 3)
        #expect(try await world.audience.members(of: "Reachable").count == 0)
        #expect(try await world.audience.contacts(limit: 10).count == 0)
        #expect(try ErasureWorld.residue(in: copy + "/audiences/shop/log") == [])
        // New lives begin after it, and are left alone by the next start.
        try await world.say([ErasureWorld.reachable("bob")], id: "bob")
        try await world.restart(on: copy)
        #expect(world.directory.reappliedErasures == 0)
        #expect(try await world.audience.members(of: "Reachable").members.map(\.contact) == ["bob"])
        try await world.directory.close()
        #expect(try ErasureWorld.residue(in: copy) == [])
    }

    @Test func `what was pending in the older copy is erased as well, at once`() async throws {
        var world = try await ErasureWorld()
        var settings = try world.audience.settings()
        settings.visibilityDelayMicroseconds = 7_200_000_000
        try await world.audience.change(settings)
        try await world.tell()
        try await world.directory.close()
        let copy = world.home.path("copy")
        try FileManager.default.copyItem(atPath: world.data, toPath: copy)
        world.directory = try await ErasureWorld.open(world.data, world.home.path("erasures"), world.clock)
        _ = try await world.audience.erase("eva-17")
        try await world.restart(on: copy)
        #expect(world.directory.reappliedErasures == 1)
        #expect(try ErasureWorld.residue(in: copy + "/audiences/shop/log") == [])
        #expect(try await world.audience.pending(limit: 10).events.allSatisfy { $0.event.fact.contact != "eva-17" })
        try await world.pass(7_200_000_000)
        #expect(try await world.audience.members(of: "Reachable").members.map(\.contact) == ["bob", "zoe"])
        try await world.directory.close()
    }

    @Test func `the list names nobody, and a torn line at its end is cut off`() async throws {
        var world = try await ErasureWorld()
        try await world.tell()
        _ = try await world.audience.erase("eva-17")
        let path = world.home.path("erasures/erasures")
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.split(separator: "\n").count == 2)
        #expect(!text.contains("eva"))
        #expect(text.split(separator: "\n")[1].hasPrefix("shop 7 2026-03-01T12:00:00"))
        _ = try await world.audience.erase("bob")
        try (text + "shop 8 2026").write(toFile: path)
        try await world.restart()
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[2].hasPrefix("shop 8 2026-03-01T12:00:00"))
        try await world.directory.close()
    }

    @Test
    func `what is added together is one line; a last one that was torn anywhere is cut off, and told again by the log`()
        async throws
    {
        var world = try await ErasureWorld()
        try await world.tell()
        _ = try await world.audience.erase("eva-17")
        try await world.say([.contactErased(contact: "bob"), .contactErased(contact: "zoe")], id: "erasures")
        let path = world.home.path("erasures/erasures")
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let lines = text.split(separator: "\n")
        #expect(lines.map { $0.split(separator: " ").count } == [6, 5, 8])
        let torn = [
            String(text.dropLast(100)), text.replacing("shop 8", with: "shop \0"),
            String(text.dropLast(2)) + "\n", text + "\n",
        ]
        for text in torn {
            try text.write(toFile: path)
            try await world.restart()
            #expect(world.directory.reappliedErasures == 0)
            #expect(try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") == lines)
        }
        try await world.directory.close()
    }

    @Test
    func `a last line that was whole and is damaged is refused, since the log may not have its erasures any more`()
        async throws
    {
        let world = try await ErasureWorld()
        try await world.tell()
        _ = try await world.audience.erase("eva-17")
        try await world.pass(1)
        #expect(try await world.audience.workOffErasures().erasures == 1)
        try await world.directory.close()
        let path = world.home.path("erasures/erasures")
        let whole = try Data(contentsOf: URL(filePath: path))
        for place in [1, 2, 20, 100] {
            var bytes = whole
            bytes[bytes.count - place] ^= 0x80
            try bytes.write(to: URL(filePath: path))
            await refused(world, .dataDamaged, "Line 2")
            try whole.dropLast(place).write(to: URL(filePath: path))
            await refused(world, .dataDamaged, "Line 2")
        }
    }

    @Test func `a torn last line of any bytes leaves the line before it`() async throws {
        var world = try await ErasureWorld()
        try await world.tell()
        _ = try await world.audience.erase("eva-17")
        _ = try await world.audience.erase("bob")
        let path = world.home.path("erasures/erasures")
        let whole = try Data(contentsOf: URL(filePath: path))
        var bytes = whole
        for place in bytes.count - 40..<bytes.count - 20 { bytes[place] ^= 0x80 }
        try bytes.write(to: URL(filePath: path))
        try await world.restart()
        #expect(try Data(contentsOf: URL(filePath: path)) == whole)
        try await world.directory.close()
    }

    @Test func `a line that is read may never have been synced, so it is before anything relies on it`() async throws {
        let world = try await ErasureWorld()
        try await world.tell()
        _ = try await world.audience.erase("eva-17")
        try await world.directory.close()
        let path = world.home.path("erasures/erasures")
        let whole = try Data(contentsOf: URL(filePath: path))
        let observer = FailingSteps()
        observer.fail(with: EIO, at: Self.isList)
        await #expect(throws: AudienceError.self) { try await Self.open(world, observer) }
        // Whatever a failed sync has left of it in memory, it is written again.
        let directory = try await Self.open(world, observer)
        #expect(try Data(contentsOf: URL(filePath: path)) == whole)
        try await directory.close()
    }

    private static let isList: FailingSteps.Kind = {
        if case .sync(let path) = $0 { path.hasSuffix("/erasures") } else { false }
    }

    /// Opens the data directory of a world with steps that may fail.
    private static func open(_ world: ErasureWorld, _ observer: FailingSteps) async throws -> DataDirectory {
        var configuration = AudienceConfiguration(
            mapSizeBytes: 64 << 20, erasure: ErasureSettings(listDirectory: world.home.path("erasures")))
        configuration.steps = DurableSteps(observer: observer)
        return try await DataDirectory.open(path: world.data, configuration: configuration, clock: world.clock)
    }

    @Test func `only who hands in an erasure hears that the list cannot be written`() async throws {
        let world = try await ErasureWorld()
        try await world.tell()
        try await world.directory.close()
        let observer = FailingSteps()
        let directory = try await Self.open(world, observer)
        let shop = try directory.audience("shop")
        func batch(_ fact: Fact, _ id: String) -> AdmittedBatch {
            AdmittedBatch([Event(source: "shop", id: Identifier(id), time: nil, fact: fact)])
        }
        let erasure = batch(.contactErased(contact: "eva-17"), "erase")
        observer.fail(with: ENOSPC, at: Self.isList)
        let error = await #expect(throws: AudienceError.self) { _ = try await shop.ingest(erasure) }
        #expect(error?.code == .storageFull && error?.message.contains("were stored") == true)
        // It is listed with what comes next, or with its repetition.
        #expect(shop.hasUnlistedErasures)
        observer.fail(with: ENOSPC, at: Self.isList)
        #expect(try await shop.ingest(batch(ErasureWorld.reachable("new"), "new")).appended == 1)
        #expect(shop.hasUnlistedErasures)
        #expect(try await shop.erase("eva-17").isNew == false)
        #expect(!shop.hasUnlistedErasures)
        #expect(try await shop.ingest(erasure).duplicates == 1)
        try await directory.close()
    }

    @Test func `a damaged line, another key and another format are refused by name`() async throws {
        let world = try await ErasureWorld()
        try await world.tell()
        _ = try await world.audience.erase("eva-17")
        _ = try await world.audience.erase("bob")
        try await world.directory.close()
        let path = world.home.path("erasures/erasures")
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try text.replacing("shop 7", with: "shop 9").write(toFile: path)
        await refused(world, .dataDamaged, "Line 2")
        try text.replacing("format 1", with: "format 2").write(toFile: path)
        await refused(world, .unsupportedFormat, "format 2")
        try text.write(toFile: path)
        try String(repeating: "k", count: 32).write(toFile: world.home.path("erasures/key"))
        await refused(world, .invalidSetting, "another key")
        try "short".write(toFile: world.home.path("erasures/key"))
        await refused(world, .invalidSetting, "5 bytes")
    }

    private func refused(_ world: ErasureWorld, _ code: AudienceError.Code, _ words: String) async {
        let error = await #expect(throws: AudienceError.self) {
            _ = try await ErasureWorld.open(world.data, world.home.path("erasures"), world.clock)
        }
        #expect(error?.code == code)
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    }
}

extension String {
    fileprivate func write(toFile path: String) throws {
        try Data(utf8).write(to: URL(filePath: path))
    }

    fileprivate func replacing(_ text: String, with other: String) -> String {
        guard let range = firstRange(of: text) else { return self }
        return replacingCharacters(in: range, with: other)
    }

    private func replacingCharacters(in range: Range<Index>, with other: String) -> String {
        self[..<range.lowerBound] + other + self[range.upperBound...]
    }
}
