import Audiences
import ControlServer
import Logging
import ServiceLifecycle

/// Works off erasures when it is time, one audience after the other: each needs the room of a copy of its log.
struct ErasureService: Service {
    let directory: DataDirectory
    let failures: StoreFailures
    let logger: Logger

    private static let interval = Duration.seconds(1)

    func run() async throws {
        // A pass under way is ended by `StopNotice`, which hears of a stop before the server does.
        for await _ in AsyncTimerSequence(interval: Self.interval).cancelOnGracefulShutdown() {
            for audience in directory.audiences where audience.isErasurePassDue { await workOff(audience) }
        }
    }

    private func workOff(_ audience: Audience) async {
        let start = ContinuousClock.now
        do {
            let pass = try await audience.workOffErasures()
            logger.notice(
                "erasure pass done",
                metadata: [
                    "audience": "\(audience.id)", "erasures": "\(pass.erasures)", "events": "\(pass.events)",
                    "recipients": "\(pass.recipients)", "took": "\(ContinuousClock.now - start)",
                ])
        } catch {
            guard error.code != .cancelled else { return }
            logger.error(
                "erasure pass failed", metadata: ["audience": "\(audience.id)", "code": "\(error.code.rawValue)"])
            failures.report(error)
        }
    }
}
