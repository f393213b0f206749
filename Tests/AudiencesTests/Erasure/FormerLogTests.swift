import Glibc
import LMDB
import SegmentModel
import TestSupport
import Testing

@testable import Audiences

/// The log before a pass has what was erased in it: a pass is done when it is gone, durably.
@Suite struct FormerLogTests {
    private static let kinds: [(name: String, kind: FailingSteps.Kind)] = [
        ("removal", { if case .remove(let path) = $0 { path.hasSuffix("log.former/data.mdb") } else { false } }),
        ("sync", { if case .syncDirectory(let path) = $0 { path.hasSuffix("/shop") } else { false } }),
    ]

    @Test(arguments: kinds.map(\.name))
    func `a pass fails where the former log cannot be removed; the next start does it`(
        name: String
    ) async throws {
        let observer = FailingSteps()
        var world = try await ErasureWorld()
        try await world.tell()
        try await world.directory.close()
        world.directory = try await ErasureWorld.open(
            world.data, world.home.path("erasures"), world.clock, steps: DurableSteps(observer: observer))
        _ = try await world.audience.erase("eva-17")
        try await world.pass(1)
        // The last step of the exchange comes before.
        let kind = try #require(Self.kinds.first { $0.name == name }).kind
        observer.fail(
            with: EIO, at: kind,
            after: { if case .rename(_, let target) = $0 { target.hasSuffix("/shop/index") } else { false } })
        await #expect(throws: AudienceError.self) { try await world.audience.workOffErasures() }
        #expect(try await world.audience.status().erasures.failure != nil)
        try await world.restart()
        #expect(try ErasureWorld.residue(in: world.data) == [])
        #expect(try await world.audience.members(of: "Reachable").members.map(\.contact) == ["bob", "zoe"])
        try await world.directory.close()
    }
}
