import Audiences
import ControlServer
import Logging
import ServiceLifecycle

/// Reads everything that is stored once in every interval, one audience after the other, and holds the disk reserve.
///
/// A fault in a log, or between log and index, ends the daemon: damaged data must not be served. One in a recipient list
/// is an alarm, and that list is refused.
struct Scrubber: Service {
    let directory: DataDirectory
    /// From the start of a pass to that of the next; zero: there is none.
    let interval: Duration
    let failures: StoreFailures
    let logger: Logger

    /// The first pass waits that long at most, so that daemons that are started every day are scrubbed too.
    private static let firstMax = Duration.seconds(3_600)
    /// Between two pieces of half a megabyte, so that a pass takes a small part of disk and processor.
    private static let pause = Duration.milliseconds(20)
    private static let reserveInterval = Duration.seconds(60)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            try? await run(scrubAt: .now + min(interval, Self.firstMax))
        }
    }

    private func run(scrubAt first: ContinuousClock.Instant) async throws {
        var scrubAt = first
        while true {
            let wakeAt = interval > .zero ? min(scrubAt, .now + Self.reserveInterval) : .now + Self.reserveInterval
            try await Task.sleep(until: wakeAt, clock: .continuous)
            directory.holdReserve()
            guard interval > .zero, ContinuousClock.now >= scrubAt else { continue }
            scrubAt = .now + interval
            for audience in directory.audiences { try await scrub(audience) }
        }
    }

    private func scrub(_ audience: Audience) async throws {
        do {
            try await audience.scrub { try await Task.sleep(for: Self.pause) }
            logger.info(
                "scrub complete",
                metadata: [
                    "audience": "\(audience.id)", "events": "\(audience.scrubStatus.checkedSequence)",
                ])
        } catch let error as AudienceError {
            logger.error(
                "scrub found damage", metadata: ["audience": "\(audience.id)", "code": "\(error.code.rawValue)"])
            failures.report(error)
        }
    }
}
