import Audiences
import ControlServer
import Logging
import ServiceLifecycle

/// Moves every audience's frontier with the clock, again and again.
struct Ticker: Service {
    let directory: DataDirectory
    let interval: Duration
    let failures: StoreFailures
    let manager: ServiceManager
    let progress: TickProgress
    /// Nil where the clock is not the system's.
    let watch: ClockWatch?
    let logger: Logger

    private static let statusInterval = Duration.seconds(10)

    func run() async throws {
        var statusAt = ContinuousClock.now
        var watch = watch
        // No tick is waited for: the directory is, when it is closed.
        for await _ in AsyncTimerSequence(interval: interval).cancelOnGracefulShutdown() {
            for (audience, error) in directory.beginTicks() {
                logger.error("tick failed", metadata: ["audience": "\(audience)", "code": "\(error.code.rawValue)"])
                failures.report(error.naming(audience: audience))
            }
            if let failure = failures.first { throw failure }
            progress.note(ticksEnded: directory.ticksEnded)
            watch?.look()
            guard ContinuousClock.now >= statusAt else { continue }
            statusAt = .now + Self.statusInterval
            manager.status(await DaemonStatus(directory).line)
        }
    }
}

/// An endless sequence with an element at every interval; one that is late is not made up for.
struct AsyncTimerSequence: AsyncSequence, Sendable {
    typealias Element = Void
    let interval: Duration

    struct AsyncIterator: AsyncIteratorProtocol {
        let interval: Duration

        mutating func next() async -> Void? {
            do {
                try await Task.sleep(for: interval)
                return ()
            } catch {
                return nil
            }
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(interval: interval)
    }
}

/// One line about how the daemon stands.
struct DaemonStatus {
    let line: String

    init(_ directory: DataDirectory) async {
        var contacts = 0
        var pending = 0
        let audiences = directory.audiences
        for audience in audiences {
            let status = await audience.status()
            contacts += status.contacts
            pending += status.pending
        }
        line = "\(audiences.count) audiences, \(contacts) contacts, \(pending) events pending"
    }
}

/// Tells systemd as soon as the daemon is asked to stop, and gives up what nobody is to wait for: it is the last service, so
/// the first to hear of it.
struct StopNotice: Service {
    let directory: DataDirectory
    let manager: ServiceManager

    func run() async {
        // Thrown is that the task was cancelled, which is a stop as well.
        try? await gracefulShutdown()
        manager.stopping()
        directory.endLongWork()
    }
}
