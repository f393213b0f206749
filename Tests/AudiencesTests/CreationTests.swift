import FoundationEssentials
import LMDB
import SegmentModel
import Synchronization
import TestSupport
import Testing

@testable import Audiences

/// An audience is there for good when its creation returns, and a creation that was cut short is in nobody's way.
@Suite struct CreationTests {
    private let home: TemporaryDirectory
    private let clock: ManualClock
    private let settings = AudienceSettings(name: "Shop")

    init() throws {
        home = try TemporaryDirectory()
        clock = ManualClock(try Instant(rfc3339: "2026-03-01T12:00:00Z"))
    }

    @Test func `every directory made is synced into the one that holds it`() async throws {
        let recorder = StepRecorder()
        var configuration = AudienceConfiguration.small
        configuration.steps = DurableSteps(observer: recorder)
        let directory = try await DataDirectory.open(
            path: home.path("data"), configuration: configuration, clock: clock)
        _ = try await directory.create(id: "shop", settings: settings)
        let missing = recorder.unsynced
        #expect(missing.isEmpty, "\(missing)")
        #expect(recorder.made.contains(home.path("data/audiences/shop")))
        try await directory.close()
    }

    @Test func `a log that a power loss left unreadable in the middle of a creation is made anew`() async throws {
        let directory = try await DataDirectory.open(path: home.path, configuration: .small, clock: clock)
        let place = home.path("audiences/shop/log")
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        try home.write(String(repeating: "x", count: 8_192), to: "audiences/shop/log/data.mdb")
        let audience = try await directory.create(id: "shop", settings: settings)
        #expect(audience.settings() == settings)
        try await directory.close()
        let again = try await DataDirectory.open(path: home.path, configuration: .small, clock: clock)
        #expect(again.audiences.map(\.id) == ["shop"])
        try await again.close()
    }
}

/// Notes which directories were made, and which of them a sync of their parent followed.
private final class StepRecorder: DurableStepObserver {
    private let steps = Mutex<(made: [String], unsynced: Set<String>)>(([], []))

    var made: [String] { steps.withLock { $0.made } }
    var unsynced: Set<String> { steps.withLock { $0.unsynced } }

    func willTake(_ step: DurableStep) -> CInt { 0 }

    func didTake(_ step: DurableStep) {
        steps.withLock { steps in
            switch step {
            case .makeDirectory(let path):
                steps.made.append(path)
                steps.unsynced.insert(path)
            case .syncDirectory(let path):
                // The store says `log/..` for the directory that holds `log`.
                let parent = path.hasSuffix("/..") ? Self.parent(of: String(path.dropLast(3))) : path
                steps.unsynced = steps.unsynced.filter { Self.parent(of: $0) != parent }
            case .commit, .sync, .rename, .remove: break
            }
        }
    }

    private static func parent(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    }
}
