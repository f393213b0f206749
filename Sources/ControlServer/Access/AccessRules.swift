import Logging
import Synchronization

/// Which users may ask over which socket, beside what the socket's file mode says.
public struct AccessRules: Equatable, Sendable {
    /// Numbers of users by role. A role that is absent is open to whoever may connect.
    public var users: [SocketRole: Set<UInt32>]

    public init(users: [SocketRole: Set<UInt32>] = [:]) {
        self.users = users
    }

    /// Whether that user may ask; one that the kernel did not name may not where there is a list.
    func allows(_ user: UInt32?, over role: SocketRole) -> Bool {
        guard let listed = users[role] else { return true }
        return user.map(listed.contains) ?? false
    }
}

/// The rules in force. They hold for each request, so new ones hold for open connections too.
public final class AccessControl: Sendable {
    private struct Refused: Hashable {
        let role: SocketRole
        let user: UInt32?
    }

    private struct Told {
        var at: ContinuousClock.Instant
        var untold = 0
    }

    private struct State {
        var rules: AccessRules
        var refused: [Refused: Told] = [:]
    }

    private let state: Mutex<State>

    /// One line of the log for each user and socket in that time.
    private static let logInterval = Duration.seconds(60)
    /// Users that refusals are remembered of.
    private static let refusedMax = 256

    public init(rules: AccessRules = AccessRules()) {
        state = Mutex(State(rules: rules))
    }

    public var rules: AccessRules { state.withLock { $0.rules } }

    /// Takes other rules.
    public func change(to rules: AccessRules) {
        state.withLock { $0.rules = rules }
    }

    func allows(_ peer: Peer, over role: SocketRole) -> Bool {
        state.withLock { $0.rules.allows(peer.user, over: role) }
    }

    /// Logs a refusal, but not each of many.
    func logRefusal(of peer: Peer, over role: SocketRole, to logger: Logger, at now: ContinuousClock.Instant = .now) {
        let untold = state.withLock { state in
            let refused = Refused(role: role, user: peer.user)
            if let told = state.refused[refused], now - told.at < Self.logInterval {
                state.refused[refused]?.untold += 1
                return Int?.none
            }
            let untold = state.refused[refused]?.untold ?? 0
            if state.refused.count >= Self.refusedMax { state.refused.removeAll() }
            state.refused[refused] = Told(at: now)
            return untold
        }
        guard let untold else { return }
        logger.warning(
            "user not allowed",
            metadata: [
                "role": "\(role.rawValue)", "user": "\(peer.name)", "process": "\(peer.process ?? 0)",
                "earlier": "\(untold)",
            ])
    }
}
