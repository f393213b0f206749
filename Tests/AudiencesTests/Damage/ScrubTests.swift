import Admission
import FoundationEssentials
import Glibc
import LMDB
import SegmentModel
import TestSupport
import Testing

@testable import Audiences

@Suite struct ScrubTests {
    private struct Stopped: Error {}

    /// Changes bytes of a file in place, as a disk does: its maps see it.
    private func damage(_ file: String, at offset: Int) throws {
        let descriptor = open(file, O_RDWR)
        defer { close(descriptor) }
        var byte: [UInt8] = [0]
        try #require(pread(descriptor, &byte, 1, off_t(offset)) == 1)
        byte[0] ^= 0x04
        try #require(pwrite(descriptor, byte, 1, off_t(offset)) == 1)
    }

    /// A place in the middle of the log's first block.
    private func firstBlock(of shop: StoredShop) throws -> (file: String, offset: Int) {
        let log = shop.audience + "/log"
        var first: [UInt8] = []
        try EnvironmentFile.check(directory: log, readsValues: true) { table, _, value in
            if table == "events", first.isEmpty, let value { first = [UInt8](value) }
        }
        let place = try #require(try FileBytes.position(of: first, in: log + "/data.mdb"))
        return (log + "/data.mdb", place + first.count / 2)
    }

    @Test func `after damage was read no start serves before all logs are sound`() async throws {
        let shop = try await StoredShop()
        let (file, offset) = try firstBlock(of: shop)
        let directory = try await DataDirectory.open(path: shop.path, clock: shop.clock)
        directory.suspectDamage()
        try await directory.close()
        try damage(file, at: offset)
        for _ in 0..<2 {
            let error = await #expect(throws: AudienceError.self) {
                _ = try await DataDirectory.open(path: shop.path, clock: shop.clock)
            }
            #expect(error?.code == .dataDamaged)
            #expect(error?.message.contains("event 1 ") == true)
        }
        try damage(file, at: offset)
        try await shop.run { audience in try await audience.scrub {} }
        #expect(!FileManager.default.fileExists(atPath: shop.path + "/DAMAGED"))
    }

    @Test func `a pass over what is sound ends with all events seen`() async throws {
        let shop = try await StoredShop()
        try await shop.run { audience in
            #expect(audience.scrubStatus == ScrubStatus())
            try await audience.scrub {}
            let status = audience.scrubStatus
            #expect(status.checkedSequence == UInt64(StoredShop.events))
            #expect(status.completedAt == shop.clock.now())
            #expect((status.passCount, status.faultCount, status.fault) == (1, 0, nil))
            #expect(await audience.status().scrub == status)
        }
    }

    @Test func `a pass that is stopped says nothing`() async throws {
        let shop = try await StoredShop()
        try await shop.run { audience in
            await #expect(throws: Stopped.self) { try await audience.scrub { throw Stopped() } }
            #expect(audience.scrubStatus.startedAt == nil)
            #expect(audience.scrubStatus.passCount == 0)
        }
    }

    @Test func `damage that came while the log was open is found, and the event named`() async throws {
        let shop = try await StoredShop()
        let (file, offset) = try firstBlock(of: shop)
        try await shop.run { audience in
            try damage(file, at: offset)
            let error = await #expect(throws: AudienceError.self) { try await audience.scrub {} }
            #expect(error?.code == .dataDamaged)
            #expect(error?.message.contains("“shop”") == true && error?.message.contains("event 1 ") == true)
            #expect(audience.scrubStatus.fault == error?.message)
            #expect(audience.scrubStatus.faultCount == 1)
            try damage(file, at: offset)
            try await audience.scrub {}
            #expect(audience.scrubStatus.fault == nil)
        }
    }

    @Test func `an index that does not agree with the log is found, and built anew at the next start`() async throws {
        let shop = try await StoredShop()
        let file = shop.audience + "/index/data.mdb"
        try await shop.run { audience in
            let content = try Data(contentsOf: URL(filePath: file))
            let key = Data("event-301-x".utf8)
            for place in content.indices where content[place...].starts(with: key) {
                try damage(file, at: place + 2)
            }
            let error = await #expect(throws: AudienceError.self) { try await audience.scrub {} }
            #expect(error?.code == .storageFailed)
            #expect(error?.message.contains("built anew at the next start") == true, "\(error?.message ?? "")")
        }
        try await shop.run { audience in
            try await audience.scrub {}
            let again = try await audience.ingest(AdmittedBatch((0..<StoredShop.events).map(shop.event)))
            #expect(again.appended == 0)
        }
    }

    @Test func `a damaged list is an alarm, and the rest is checked all the same`() async throws {
        let shop = try await StoredShop()
        try FileBytes.flipBit(at: 40, in: shop.audience + "/sent/1")
        try await shop.run { audience in
            let error = await #expect(throws: AudienceError.self) { try await audience.scrub {} }
            #expect(error?.code == .listDamaged)
            #expect(audience.scrubStatus.fault?.contains("spring") == true)
            #expect((audience.scrubStatus.passCount, audience.scrubStatus.faultCount) == (1, 1))
        }
    }

    @Test func `events that come during a pass are no fault`() async throws {
        let shop = try await StoredShop()
        try await shop.run { audience in
            async let ingested: Void = {
                for number in 30_000..<30_200 { _ = try await audience.ingest(AdmittedBatch([shop.event(number)])) }
            }()
            for _ in 0..<5 { try await audience.scrub {} }
            try await ingested
            #expect(audience.scrubStatus.faultCount == 0)
        }
    }
}
