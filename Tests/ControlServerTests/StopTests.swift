import Audiences
import ControlAPI
import Logging
import ServiceLifecycle
import TestSupport
import Testing

@testable import ControlServer
@testable import segmentd

/// What the daemon's services do when it is to stop.
@Suite(.timeLimit(.minutes(1))) struct StopTests {
    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test func `who is told of a stop gives up backups, and the route says so`() async throws {
        try await TestServer.run { server in
            try await server.makeShop()
            let notice = StopNotice(directory: server.directory, manager: ServiceManager(address: nil))
            let group = ServiceGroup(configuration: .init(services: [.init(service: notice)], logger: Self.quiet))
            async let end: Void = group.run()
            await group.triggerGracefulShutdown()
            try await end
            let answer = try await server.send("POST", Routes.backups, #"{"to":"\#(server.place.path("backup"))"}"#)
            #expect(answer.status == 503)
            #expect(try answer.problem().code == "cancelled")
        }
    }

    /// An error of a service would be taken for the daemon's: it would not close its directory, and exit with 70.
    @Test func `services that have nothing to do end without an error when they are cancelled`() async throws {
        let place = try TemporaryDirectory()
        let directory = try await DataDirectory.open(
            path: place.path("data"), configuration: AudienceConfiguration(mapSizeBytes: 64 << 20),
            clock: ManualClock("2026-03-01T12:00:00Z"))
        let watchdog = Watchdog(directory: directory, progress: TickProgress(), manager: ServiceManager(address: nil))
        let auditor = Auditor(directory: directory, interval: .zero, failures: StoreFailures(), logger: Self.quiet)
        let services: [any Service] = [watchdog, auditor]
        for service in services {
            let task = Task { try await service.run() }
            task.cancel()
            await #expect(throws: Never.self) { try await task.value }
        }
        try await directory.close()
    }
}
