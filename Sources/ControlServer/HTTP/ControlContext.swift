import Hummingbird
import Logging
import NIOCore

/// What a request handler knows besides the request itself.
struct ControlContext: RequestContext {
    /// Where the context comes from: the connection's socket.
    struct Source: RequestContextSource {
        let logger: Logger
        let role: SocketRole
        let peer: Peer
        /// Comes true when the connection is closed; nil where there is none.
        var closing: EventLoopFuture<Void>?
    }

    var coreContext: CoreRequestContextStorage
    /// What the connection's socket may be asked.
    let role: SocketRole
    /// Who asks.
    let peer: Peer
    private let closing: EventLoopFuture<Void>?

    init(source: Source) {
        coreContext = CoreRequestContextStorage(source: source)
        role = source.role
        peer = source.peer
        closing = source.closing
    }

    /// Does the work in a task of its own, and cancels it as soon as the connection is closed.
    ///
    /// Nothing is read meanwhile: what the client sends next is the next request.
    func untilClosed<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let task = Task { try await work() }
        closing?.whenComplete { _ in task.cancel() }
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }
}
