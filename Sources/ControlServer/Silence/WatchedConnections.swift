import CPlatform
import Glibc
import Logging
import NIOCore
import Synchronization

/// The connections of one socket: ends those whose clients are silent, and refuses a user's that are too many.
final class WatchedConnections: Sendable {
    private let silence: SilenceLimits
    private let connectionsPerUserMax: Int
    private let logger: Logger
    private let counts = Mutex<[UInt32: Int]>([:])

    init(_ silence: SilenceLimits, connectionsPerUserMax: Int, logger: Logger) {
        self.silence = silence
        self.connectionsPerUserMax = connectionsPerUserMax
        self.logger = logger
    }

    /// Watches a connection whose pipeline is complete and that is not active yet; to be called on its event loop.
    func add(_ channel: any Channel) throws {
        let pipeline = channel.pipeline.syncOperations
        let requests = try pipeline.handler(type: RequestGuard.self)
        let watch = ConnectionWatch(silence) { [logger, weak requests] silence in
            logger.debug("a silent connection is ended", metadata: ["waited for": "\(silence.rawValue)"])
            if silence == .head { requests?.timeOut() }
        }
        requests.watch = watch
        try pipeline.addHandler(watch, position: .first)
        countUser(of: channel, requests)
    }

    private func countUser(of channel: any Channel, _ requests: RequestGuard) {
        guard let provider = channel as? any SocketOptionProvider else { return }
        let option = NIOBSDSocket.Option(rawValue: SO_PEERCRED)
        let credentials: EventLoopFuture<platform_peer_credentials> =
            provider.unsafeGetSocketOption(level: .socket, name: option)
        credentials.assumeIsolated().whenSuccess { [self] peer in
            let isTooMany = counts.withLock { counts in
                guard counts[peer.user, default: 0] < connectionsPerUserMax else { return true }
                counts[peer.user, default: 0] += 1
                return false
            }
            guard !isTooMany else {
                requests.refusal = .tooManyConnections(user: peer.user)
                return
            }
            channel.closeFuture.whenComplete { [self] _ in
                counts.withLock { counts in
                    counts[peer.user, default: 1] -= 1
                    if counts[peer.user] == 0 { counts[peer.user] = nil }
                }
            }
        }
    }
}
