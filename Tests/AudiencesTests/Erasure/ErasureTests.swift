import FoundationEssentials
import SegmentModel
import TestSupport
import Testing

@testable import Audiences

@Suite struct ErasureTests {
    @Test func `after a pass no file has anything of the contact, and everybody else is as before`() async throws {
        var world = try await ErasureWorld()
        try await world.tell()
        _ = try await world.audience.send("Reachable", campaign: "spring")
        try await world.restart()
        #expect(try Set(ErasureWorld.residue(in: world.data).map { $0.split(separator: "/")[2].prefix(3) }).count > 2)
        let receipt = try await world.audience.erase("eva-17")
        #expect(receipt.isNew)
        #expect(receipt.goneBy.microseconds - receipt.visibleAt.microseconds == 86_400_000_000)
        try await world.pass(1)
        let pass = try await world.audience.workOffErasures()
        #expect(pass.erasures == 1)
        #expect(pass.events == 5)
        #expect(pass.recipients == 1)
        // The next tick writes a view.
        try await world.pass(1)
        #expect(try await world.audience.members(of: "Reachable").members.map(\.contact) == ["bob", "zoe"])
        let page = try await world.audience.recipients(of: "spring", limit: 10)
        #expect(page.recipients.map(\.contact) == ["bob", "zoe"])
        #expect(page.count == 2)
        try await world.restart()
        #expect(try ErasureWorld.residue(in: world.home.path) == [])
        #expect(try await world.audience.recipients(of: "spring", limit: 10).recipients.count == 2)
        try await world.directory.close()
        #expect(try ErasureWorld.residue(in: world.home.path) == [])
    }

    @Test func `a list that was sent after the erasure keeps the contact's next life`() async throws {
        let world = try await ErasureWorld()
        try await world.tell()
        _ = try await world.audience.erase("bob")
        try await world.pass(1)
        try await world.say([ErasureWorld.reachable("bob")], id: "again")
        _ = try await world.audience.send("Reachable", campaign: "later")
        _ = try await world.audience.workOffErasures()
        let page = try await world.audience.recipients(of: "later", limit: 10)
        #expect(page.recipients.map(\.contact) == ["bob", "eva-17", "zoe"])
        try await world.directory.close()
    }

    @Test func `an erasure that is not visible yet waits, and so does the contact`() async throws {
        let world = try await ErasureWorld()
        try await world.tell()
        var settings = try world.audience.settings()
        settings.visibilityDelayMicroseconds = 3_600_000_000
        try await world.audience.change(settings)
        _ = try await world.audience.erase("bob")
        #expect(try await world.audience.workOffErasures().erasures == 0)
        #expect(try await world.audience.members(of: "Reachable").count == 3)
        let status = try await world.audience.status().erasures
        #expect(status.pending == 1)
        #expect(status.waiting == 0)
        #expect(try !world.audience.isErasurePassDue)
        try await world.pass(3_600_000_000)
        #expect(try await world.audience.status().erasures.waiting == 1)
        #expect(try !world.audience.isErasurePassDue)
        try await world.pass(6 * 3_600_000_000)
        #expect(try world.audience.isErasurePassDue)
        #expect(try await world.audience.workOffErasures().erasures == 1)
        #expect(try !world.audience.isErasurePassDue)
        try await world.directory.close()
    }

    @Test func `a second erasure of a contact is the first, until something new is said of it`() async throws {
        let world = try await ErasureWorld()
        try await world.tell()
        let first = try await world.audience.erase("bob")
        let second = try await world.audience.erase("bob")
        #expect(second.sequence == first.sequence)
        #expect(!second.isNew)
        try await world.say([ErasureWorld.reachable("bob")], id: "again")
        #expect(try await world.audience.erase("bob").isNew)
        try await world.pass(1)
        #expect(try await world.audience.workOffErasures().erasures == 2)
        await #expect(throws: AudienceError.self) { _ = try await world.audience.erase("bob") }
        try await world.directory.close()
    }

    @Test func `a view made from the new log comes back byte by byte`() async throws {
        var world = try await ErasureWorld()
        try await world.tell()
        _ = try await world.audience.erase("eva-17")
        try await world.pass(1)
        _ = try await world.audience.workOffErasures()
        try await world.pass(1)
        try await world.directory.close()
        let view = world.data + "/audiences/shop/view"
        func bytes() throws -> [UInt8]? {
            let name = try #require(try FileManager.default.contentsOfDirectory(atPath: view).first)
            return Audiences.FileBytes.read(view + "/\(name)/data.mdb")
        }
        let before = try #require(try bytes())
        try FileManager.default.removeItem(atPath: view)
        world.directory = try await ErasureWorld.open(world.data, world.home.path("erasures"), world.clock)
        try await world.directory.close()
        #expect(try bytes() == before)
    }

    @Test func `definitions that are saved while the engine is made anew are in it`() async throws {
        let world = try await ErasureWorld()
        try await world.tell()
        _ = try await world.audience.erase("eva-17")
        try await world.pass(1)
        let audience = try world.audience
        async let pass = audience.workOffErasures()
        for number in 1...5 {
            _ = try await audience.save(
                name: "segment \(number)",
                where: ["field": "email", "op": "is", "value": .string("bob\(number)@x.test")])
            _ = try await audience.save(
                name: "bob \(number)", where: ["field": "email", "op": "is", "value": "bob@x.test"])
        }
        #expect(try await pass.erasures == 1)
        for number in 1...5 {
            #expect(try await audience.members(of: "segment \(number)").count == 0)
            #expect(try await audience.members(of: "bob \(number)").count == 1)
        }
        try await world.directory.close()
    }
}
