public import ControlAPI
import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
import NIOExtras
import NIOHTTPTypes
import NIOPosix
public import ServiceLifecycle

/// Serves the control API on sockets that are already bound.
///
/// Comes in: connections. Goes out: what `ControlRoutes` answers. Ends gracefully: no connection is accepted any more,
/// idle ones are closed, requests under way are answered.
public struct UnixHTTPServer: Service {
    private let sockets: [ListeningSocket]
    private let routes: ControlRoutes
    private let logger: Logger
    private let connectionsMax: Int
    private let whenServing: @Sendable () -> Void
    /// How long clients may be silent; tests shorten it.
    var silence = SilenceLimits()
    /// Open connections of one user on one socket; tests lower it.
    var connectionsPerUserMax = Bounds.connectionsPerUserMax

    /// A server that takes the sockets over: their descriptors are closed when it ends.
    ///
    /// - Parameters:
    ///   - connectionsMax: open connections of one socket; further ones wait.
    ///   - whenServing: called once all sockets accept connections.
    public init(
        sockets: [ListeningSocket], routes: ControlRoutes, logger: Logger,
        connectionsMax: Int = Bounds.connectionsMax, whenServing: @escaping @Sendable () -> Void = {}
    ) {
        self.sockets = sockets
        self.routes = routes
        self.logger = logger
        self.connectionsMax = connectionsMax
        self.whenServing = whenServing
    }

    /// A connection, and what answers its requests: it knows who asks.
    private struct Accepted: Sendable {
        let connection: UnservedConnections.Connection
        let channel: HTTP1Channel
    }

    private typealias Listener = NIOAsyncChannel<Accepted, Never>

    public func run() async throws {
        let responder = routes.responder()
        let quiescing = sockets.map { _ in ServerQuiescingHelper(group: MultiThreadedEventLoopGroup.singleton) }
        var listeners: [(Listener, UnservedConnections, SocketRole)] = []
        for (socket, helper) in zip(sockets, quiescing) {
            let unserved = UnservedConnections()
            let listener = try await listen(on: socket, responder: responder, quiescing: helper, unserved: unserved)
            listeners.append((listener, unserved, socket.role))
        }
        whenServing()
        // A stop that was asked for meanwhile is heard here: a listener must not be closed while it is being made.
        try await withGracefulShutdownHandler {
            try await withThrowingDiscardingTaskGroup { group in
                for (listener, unserved, role) in listeners {
                    group.addTask { try await accept(from: listener, unserved: unserved, role: role) }
                }
            }
        } onGracefulShutdown: {
            for helper in quiescing { helper.initiateShutdown(promise: nil) }
        }
    }

    private func accept(
        from listener: Listener, unserved: UnservedConnections, role: SocketRole
    ) async throws {
        let meters = routes.meters
        try await withThrowingDiscardingTaskGroup { connections in
            do {
                try await listener.executeThenClose { inbound in
                    for try await accepted in inbound {
                        unserved.take(accepted.connection)
                        connections.addTask {
                            meters.connectionOpened(role)
                            await accepted.channel.handle(value: accepted.connection, logger: logger)
                            meters.connectionClosed(role)
                        }
                    }
                }
            } catch {
                await unserved.close()
                throw error
            }
            await unserved.close()
        }
    }

    private func listen(
        on socket: ListeningSocket, responder: RouterResponder<ControlContext>, quiescing: ServerQuiescingHelper,
        unserved: UnservedConnections
    ) async throws -> Listener {
        let watched = WatchedConnections(silence, connectionsPerUserMax: connectionsPerUserMax, logger: logger)
        return try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelInitializer { [connectionsMax] channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(quiescing.makeServerChannelHandler(channel: channel))
                    try pipeline.addHandler(AvailableConnectionsChannelHandler(maxConnections: connectionsMax))
                }
            }
            // A client may close its half after the request and still wants the answer.
            .childChannelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
            .bind(socket.descriptor) { channel in
                Peer.of(channel).flatMap { peer in
                    logger.debug(
                        "connection",
                        metadata: [
                            "role": "\(socket.role.rawValue)", "user": "\(peer.name)",
                            "process": "\(peer.process ?? 0)",
                        ])
                    let http = httpChannel(role: socket.role, peer: peer, responder: responder)
                    return http.setup(channel: channel, logger: logger).flatMapThrowing { connection in
                        try watched.add(channel)
                        unserved.add(connection)
                        return Accepted(connection: connection, channel: http)
                    }
                }
            }
    }

    private func httpChannel(
        role: SocketRole, peer: Peer, responder: RouterResponder<ControlContext>
    ) -> HTTP1Channel {
        let bytesMax = Bounds.headerBytesMax
        return HTTP1Channel(
            responder: { [logger] request, writer, channel in
                let context = ControlContext(
                    source: .init(logger: logger, role: role, peer: peer, closing: channel.closeFuture))
                let response = try await responder.respond(to: request, context: context)
                try await writer.write(response: response.head, body: response.body)
            },
            configuration: .init(
                additionalChannelHandlers: [RequestGuard()],
                httpDecoderConfiguration: .init(maxHeaderFieldSize: bytesMax, maxHeaderListSize: bytesMax)))
    }
}
