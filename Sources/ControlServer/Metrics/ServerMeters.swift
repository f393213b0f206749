import Glibc
import Meters
import Synchronization

/// What the server does, counted since the daemon started.
public final class ServerMeters: Sendable {
    /// A route by its method and template; both `none` where no route fits, so that nobody can make up more.
    struct RouteKey: Hashable, Comparable {
        var method: String
        var route: String

        static func < (left: RouteKey, right: RouteKey) -> Bool {
            (left.route, left.method) < (right.route, right.method)
        }
    }

    struct Connections {
        var open = 0
        var accepted = 0
    }

    private struct State {
        var times: [RouteKey: TimeHistogram] = [:]
        var statuses: [RouteKey: [Int: Int]] = [:]
        var connections = Dictionary(uniqueKeysWithValues: SocketRole.allCases.map { ($0, Connections()) })
    }

    /// When the process began, in seconds since 1970, as the system's clock had it then.
    let startedAtSeconds: Double
    private let state = Mutex(State())

    public init() {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        startedAtSeconds = Double(time.tv_sec) + Double(time.tv_nsec / 1_000_000) / 1_000
    }

    /// A request was answered; `time` is until the answer began.
    func note(_ key: RouteKey, status: Int, time: Duration) {
        let times = state.withLock { state in
            state.statuses[key, default: [:]][status, default: 0] += 1
            let times = state.times[key] ?? TimeHistogram()
            state.times[key] = times
            return times
        }
        times.note(time)
    }

    func connectionOpened(_ role: SocketRole) {
        state.withLock { state in
            state.connections[role]?.open += 1
            state.connections[role]?.accepted += 1
        }
    }

    func connectionClosed(_ role: SocketRole) {
        state.withLock { $0.connections[role]?.open -= 1 }
    }

    var connections: [SocketRole: Connections] { state.withLock { $0.connections } }

    /// Requests by route, in the order of routes: how long they took, and how many were answered with which status.
    var requests: [(key: RouteKey, times: TimeHistogram.Reading, statuses: [Int: Int])] {
        let (times, statuses) = state.withLock { ($0.times, $0.statuses) }
        return times.sorted { $0.key < $1.key }.map { ($0.key, $0.value.reading, statuses[$0.key] ?? [:]) }
    }
}
