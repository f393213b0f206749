import Audiences
import ControlServer
import ServiceLifecycle

/// Tells the service manager that the daemon is not stuck, if it is not.
///
/// Nothing is said by a timer alone: each time the log's writer and the projection of every audience must have taken a turn
/// first, and the frontiers must have moved on. What is stuck keeps the message back, and the manager restarts the daemon.
struct Watchdog: Service {
    let directory: DataDirectory
    let progress: TickProgress
    let manager: ServiceManager

    func run() async throws {
        guard let interval = manager.watchdogInterval else {
            // Cancelled means that the daemon stops, too; an error would be taken for the end of a service that failed.
            try? await gracefulShutdown()
            return
        }
        for await _ in AsyncTimerSequence(interval: interval / Self.messagesPerInterval).cancelOnGracefulShutdown() {
            await beat()
        }
    }

    /// So many, that one which waits for a tick under way is not missed.
    private static let messagesPerInterval = 4

    /// Waits until everything has made progress, and says so.
    func beat() async {
        let applied = await directory.passThrough()
        guard progress.hasMoved(applied: applied) else { return }
        manager.alive()
    }
}
