import FoundationEssentials
import Glibc
import LMDB
import SegmentModel
import Synchronization
import TestSupport
import Testing

@testable import Audiences

/// A view of the log as it was before a pass has the erased contact in it, and holes do not take it out.
@Suite struct FormerViewTests {
    @Test func `a view of the log before a pass that is there again is not believed`() async throws {
        var world = try await ErasureWorld()
        try await world.tell()
        // A stop writes a view.
        try await world.restart()
        let view = world.data + "/audiences/shop/view"
        try FileManager.default.copyItem(atPath: view, toPath: world.home.path("former"))
        _ = try await world.audience.erase("eva-17")
        try await world.pass(1)
        _ = try await world.audience.workOffErasures()
        try await world.directory.close()

        try FileManager.default.removeItem(atPath: view)
        try FileManager.default.moveItem(atPath: world.home.path("former"), toPath: view)
        world.directory = try await ErasureWorld.open(world.data, world.home.path("erasures"), world.clock)
        try await world.pass(1)
        #expect(try await world.audience.members(of: "Reachable").members.map(\.contact) == ["bob", "zoe"])
        #expect(try await world.audience.rerun("Reachable").unexpectedCount == 0)
        try await world.directory.close()
        #expect(try ErasureWorld.residue(in: world.home.path) == [])
    }

    @Test func `a view of the log after two passes is believed, and one of the log between them is not`() async throws {
        var world = try await ErasureWorld()
        try await world.tell()
        let view = world.data + "/audiences/shop/view"
        func pass(_ contact: Identifier) async throws {
            _ = try await world.audience.erase(contact)
            try await world.pass(1)
            _ = try await world.audience.workOffErasures()
            try await world.pass(1)
            try await world.restart()
        }
        try await pass("zoe")
        try FileManager.default.copyItem(atPath: view, toPath: world.home.path("former"))
        try await pass("eva-17")
        let believed = try FileManager.default.contentsOfDirectory(atPath: view)
        try await world.restart()
        #expect(believed.count == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: view) == believed)
        try await world.directory.close()
        try FileManager.default.removeItem(atPath: view)
        try FileManager.default.moveItem(atPath: world.home.path("former"), toPath: view)
        world.directory = try await ErasureWorld.open(world.data, world.home.path("erasures"), world.clock)
        try await world.pass(1)
        #expect(try await world.audience.members(of: "Reachable").members.map(\.contact) == ["bob"])
        try await world.directory.close()
    }

    @Test func `a pass fails where a view cannot be removed, leaves the log as it was, and the next one succeeds`()
        async throws
    {
        let obstacle = Obstacle()
        var world = try await ErasureWorld()
        try await world.tell()
        try await world.directory.close()
        world.directory = try await ErasureWorld.open(
            world.data, world.home.path("erasures"), world.clock, steps: DurableSteps(observer: obstacle))
        _ = try await world.audience.erase("eva-17")
        try await world.pass(1)
        for step in [Obstacle.Step.remove, .sync] {
            obstacle.step.withLock { $0 = step }
            await #expect(throws: AudienceError.self) { try await world.audience.workOffErasures() }
            #expect(try await world.audience.status().erasures.failure != nil)
            #expect(access(world.data + "/audiences/shop/rewrite", F_OK) != 0)
        }
        obstacle.step.withLock { $0 = nil }
        #expect(try await world.audience.workOffErasures().erasures == 1)
        try await world.pass(1)
        try await world.directory.close()
        #expect(try ErasureWorld.residue(in: world.home.path) == [])
    }
}

/// Lets a step on views fail.
private final class Obstacle: DurableStepObserver {
    enum Step { case remove, sync }

    let step = Mutex<Step?>(nil)

    func willTake(_ taken: DurableStep) -> CInt {
        switch (step.withLock { $0 }, taken) {
        case (.remove, .remove(let path)) where path.contains("/view/"): EIO
        case (.sync, .syncDirectory(let path)) where path.hasSuffix("/view"): EIO
        default: 0
        }
    }

    func didTake(_ taken: DurableStep) {}
}
