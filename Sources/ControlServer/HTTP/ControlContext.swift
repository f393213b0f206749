import Hummingbird
import Logging
import NIOCore
import Synchronization

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
        // The connection may live for long after the work, and keeps what it is to call.
        let held = HeldTask { task.cancel() }
        closing?.whenComplete { _ in held.cancel() }
        defer { held.letGo() }
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }
}

/// What cancels a task, until it is let go of.
private final class HeldTask: Sendable {
    private let body: Mutex<(@Sendable () -> Void)?>

    init(_ body: @escaping @Sendable () -> Void) {
        self.body = Mutex(body)
    }

    func cancel() { body.withLock { $0 }?() }

    func letGo() { body.withLock { $0 = nil } }
}
