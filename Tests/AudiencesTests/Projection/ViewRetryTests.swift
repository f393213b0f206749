import Admission
import FoundationEssentials
import Glibc
import LMDB
import SegmentModel
import Synchronization
import TestSupport
import Testing

@testable import Audiences

@Suite struct ViewRetryTests {
    private static let minute: Int64 = 60_000_000

    @Test func `a view that cannot be written is tried after ever longer times, and takes no more room for it`()
        async throws
    {
        let home = try TemporaryDirectory()
        let clock = ManualClock(try Instant(rfc3339: "2026-03-01T12:00:00Z"))
        let disk = FullDisk()
        var configuration = AudienceConfiguration(mapSizeBytes: 64 << 20)
        configuration.steps = DurableSteps(observer: disk)
        configuration.awaitsViews = true
        let directory = try await DataDirectory.open(
            path: home.path("data"), configuration: configuration, clock: clock)
        let audience = try await directory.create(
            id: "shop", settings: AudienceSettings(name: "Shop", visibilityDelayMicroseconds: 0))
        let view = home.path("data/audiences/shop/view")
        func names() -> [String] { (try? FileManager.default.contentsOfDirectory(atPath: view)) ?? [] }
        func pass(minutes: Int, _ id: String) async throws {
            for minute in 0..<minutes {
                clock.advance(by: Self.minute)
                guard minute % 10 == 0 else {
                    try await audience.tick()
                    continue
                }
                let event = Event(
                    source: "web", id: Identifier("\(id)-\(minute)"), time: nil,
                    fact: ErasureWorld.reachable("contact \(minute % 70)"))
                _ = try await audience.ingest(AdmittedBatch([event]))
                try await audience.tick()
            }
        }
        // Old enough for a view to be due with the first event.
        clock.advance(by: 86_400_000_000)
        try await pass(minutes: 10, "a")
        let bytes = try audience.figures().newRecordBytes
        try await pass(minutes: 190, "b")
        // After 1, 2, 4 … minutes, then every hour: in the first minute, the 2nd, 4th, 8th, 16th, 32nd, 64th, 124th, 184th.
        #expect(disk.refused == 9)
        #expect(try audience.figures().view.failures == 9)
        // What waits to be written, and what came since.
        #expect(bytes > 0)
        #expect(try audience.figures().newRecordBytes <= 2 * bytes)
        #expect(names() == [])

        disk.isFull.withLock { $0 = false }
        try await pass(minutes: 60, "c")
        #expect(names() == ["1"])
        #expect(try audience.figures().view.sequence > 20)
        try await directory.close()
    }
}

/// Has no room for views.
private final class FullDisk: DurableStepObserver {
    let isFull = Mutex(true)
    private let count = Mutex(0)

    /// Attempts that it ended.
    var refused: Int { count.withLock { $0 } }

    func willTake(_ step: DurableStep) -> CInt {
        guard case .commit(let path, _) = step, path.contains("/view/"), isFull.withLock({ $0 }) else { return 0 }
        count.withLock { $0 += 1 }
        return ENOSPC
    }

    func didTake(_ step: DurableStep) {}
}
