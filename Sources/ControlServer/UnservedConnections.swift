import HTTPTypes
import NIOCore
import NIOHTTPTypes
import Synchronization

/// Connections that a listener has accepted and that nobody serves yet.
///
/// When the listener ends, what it has accepted last is not handed on any more, and a connection that is let go without
/// being finished ends the process. So each is kept here until it is served, and finished here if it never is.
final class UnservedConnections: Sendable {
    typealias Connection = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

    private struct State {
        var waiting: [ObjectIdentifier: Connection] = [:]
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Keeps an accepted connection; finishes it if nobody serves any more.
    func add(_ connection: Connection) {
        let isLate = state.withLock { state in
            if !state.isClosed { state.waiting[ObjectIdentifier(connection.channel)] = connection }
            return state.isClosed
        }
        if isLate { Task { await Self.finish(connection) } }
    }

    /// The connection is served from now on.
    func take(_ connection: Connection) {
        state.withLock { $0.waiting[ObjectIdentifier(connection.channel)] = nil }
    }

    /// Nobody serves any more: finishes what waits, and what still comes.
    func close() async {
        let left = state.withLock { state in
            defer { state.waiting = [:] }
            state.isClosed = true
            return Array(state.waiting.values)
        }
        for connection in left { await Self.finish(connection) }
    }

    /// The client sees its connection closed, as of a server that has stopped.
    private static func finish(_ connection: Connection) async {
        try? await connection.executeThenClose { _, _ in }
    }
}
