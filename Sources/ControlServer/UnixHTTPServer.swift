import CPlatform
public import ControlAPI
import Glibc
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

    private typealias Listener = NIOAsyncChannel<UnservedConnections.Connection, Never>

    public func run() async throws {
        let responder = routes.responder()
        let quiescing = sockets.map { _ in ServerQuiescingHelper(group: MultiThreadedEventLoopGroup.singleton) }
        var listeners: [(Listener, HTTP1Channel, UnservedConnections, SocketRole)] = []
        for (socket, helper) in zip(sockets, quiescing) {
            let channel = httpChannel(role: socket.role, responder: responder)
            let unserved = UnservedConnections()
            let listener = try await listen(on: socket, channel: channel, quiescing: helper, unserved: unserved)
            listeners.append((listener, channel, unserved, socket.role))
        }
        whenServing()
        // A stop that was asked for meanwhile is heard here: a listener must not be closed while it is being made.
        try await withGracefulShutdownHandler {
            try await withThrowingDiscardingTaskGroup { group in
                for (listener, channel, unserved, role) in listeners {
                    group.addTask {
                        try await accept(from: listener, channel: channel, unserved: unserved, role: role)
                    }
                }
            }
        } onGracefulShutdown: {
            for helper in quiescing { helper.initiateShutdown(promise: nil) }
        }
    }

    private func accept(
        from listener: Listener, channel: HTTP1Channel, unserved: UnservedConnections, role: SocketRole
    ) async throws {
        let meters = routes.meters
        try await withThrowingDiscardingTaskGroup { connections in
            do {
                try await listener.executeThenClose { inbound in
                    for try await connection in inbound {
                        unserved.take(connection)
                        connections.addTask {
                            meters.connectionOpened(role)
                            await channel.handle(value: connection, logger: logger)
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
        on socket: ListeningSocket, channel http: HTTP1Channel, quiescing: ServerQuiescingHelper,
        unserved: UnservedConnections
    ) async throws -> Listener {
        try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelInitializer { [connectionsMax] channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(quiescing.makeServerChannelHandler(channel: channel))
                    try pipeline.addHandler(AvailableConnectionsChannelHandler(maxConnections: connectionsMax))
                }
            }
            // A client may close its half after the request and still wants the answer.
            .childChannelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
            .bind(socket.descriptor) { [logger] channel in
                if logger.logLevel <= .debug { logPeer(of: channel, socket: socket, logger: logger) }
                return http.setup(channel: channel, logger: logger).map { connection in
                    unserved.add(connection)
                    return connection
                }
            }
    }

    private func httpChannel(
        role: SocketRole, responder: RouterResponder<ControlContext>
    ) -> HTTP1Channel {
        let bytesMax = Bounds.headerBytesMax
        return HTTP1Channel(
            responder: { [logger] request, writer, _ in
                let context = ControlContext(source: .init(logger: logger, role: role))
                let response = try await responder.respond(to: request, context: context)
                try await writer.write(response: response.head, body: response.body)
            },
            configuration: .init(
                additionalChannelHandlers: [RequestGuard()], idleTimeout: .seconds(Int64(Bounds.idleSecondsMax)),
                httpDecoderConfiguration: .init(maxHeaderFieldSize: bytesMax, maxHeaderListSize: bytesMax)))
    }
}

/// Logs who connected. The socket's file mode has decided already that they may.
private func logPeer(of channel: any Channel, socket: ListeningSocket, logger: Logger) {
    guard let provider = channel as? any SocketOptionProvider else { return }
    let option = NIOBSDSocket.Option(rawValue: SO_PEERCRED)
    let credentials: EventLoopFuture<platform_peer_credentials> =
        provider.unsafeGetSocketOption(level: .socket, name: option)
    credentials.whenSuccess { peer in
        logger.debug(
            "connection",
            metadata: [
                "role": "\(socket.role.rawValue)", "user": "\(peer.user)", "group": "\(peer.group)",
                "process": "\(peer.process)",
            ])
    }
}
