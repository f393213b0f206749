import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix

/// One request and its answer, on a connection of its own.
///
/// Connections are not kept for the next request. Over a Unix socket a new one costs a tenth of a millisecond, and a
/// kept one can be closed by the daemon just as a request goes out on it, which leaves open whether that request
/// was taken.
struct Exchange {
    typealias Wire = NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>

    /// The connection ended before the answer did.
    struct CutOff: Error {}

    let socketPath: String
    let timeouts: ControlTimeouts

    /// Sends the request while already waiting for the answer, which may come before the body is out.
    ///
    /// Throws `ControlClientError`, or what `receive` throws.
    func run<Result: Sendable>(
        _ head: HTTPRequestHead, body: RequestBody,
        receive: (HTTPResponseHead, AnswerBody) async throws -> Result
    ) async throws -> Result {
        let wire = try await connect()
        do {
            return try await wire.executeThenClose { inbound, outbound in
                async let upload: Void = Self.send(head, body, through: outbound, closing: wire.channel)
                var parts = inbound.makeAsyncIterator()
                guard case .head(let answer)? = try await Self.first(&parts) else {
                    try await upload
                    throw CutOff()
                }
                return try await receive(answer, AnswerBody(parts))
            }
        } catch {
            throw explained(error)
        }
    }

    /// The first part of the answer, nil if the connection ended before it.
    private static func first(
        _ parts: inout NIOAsyncChannelInboundStream<HTTPClientResponsePart>.AsyncIterator
    ) async throws -> HTTPClientResponsePart? {
        do {
            return try await parts.next(isolation: #isolation)
        } catch is IOError {
            return nil
        } catch HTTPParserError.invalidEOFState {
            return nil
        }
    }

    private static func send(
        _ head: HTTPRequestHead, _ body: RequestBody,
        through outbound: NIOAsyncChannelOutboundWriter<HTTPClientRequestPart>, closing channel: any Channel
    ) async throws {
        do {
            try await outbound.write(.head(head))
            do {
                try await body.forEachPiece { piece in
                    do { try await outbound.write(.body(.byteBuffer(piece))) } catch { throw WriteFailed() }
                }
            } catch let error where !(error is WriteFailed) {
                // Without the rest of the body the daemon would wait for ever, and the answer with it.
                channel.close(promise: nil)
                throw ControlClientError.bodyFailed("\(error)")
            }
            try await outbound.write(.end(nil))
        } catch let error as ControlClientError {
            throw error
        } catch {
            // The daemon stopped reading. If it said why, that is the answer; if not, the reader finds the end.
        }
    }

    private struct WriteFailed: Error {}
}

extension Exchange {
    private func connect() async throws(ControlClientError) -> Wire {
        do {
            return try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(TimeAmount(timeouts.connect))
                .connect(unixDomainSocketPath: socketPath) { channel in
                    channel.eventLoop.makeCompletedFuture { try configure(channel) }
                }
        } catch is CancellationError {
            throw .cancelled
        } catch {
            throw .cannotConnect(socketPath: socketPath, failure(for: error))
        }
    }

    private func configure(_ channel: any Channel) throws -> Wire {
        try channel.pipeline.syncOperations.addHTTPClientHandlers()
        try channel.pipeline.syncOperations.addHandler(SilenceTimeout(limit: TimeAmount(timeouts.silence)))
        return try Wire(wrappingChannelSynchronously: channel)
    }

    private func failure(for error: any Error) -> ControlClientError.ConnectFailure {
        switch error {
        case let error as IOError:
            switch error.errnoCode {
            case ENOENT, ENOTDIR: return .noSuchSocket
            case ECONNREFUSED: return isSocket ? .refused : .notASocket
            case EACCES, EPERM: return .notPermitted
            default: return .other(String(cString: strerror(error.errnoCode)) + ".")
            }
        case SocketAddressError.unixDomainSocketPathTooLong: return .pathTooLong(bytesMax: Self.pathBytesMax)
        case ChannelError.connectTimeout: return .timedOut(after: timeouts.connect)
        default: return .other("\(error).")
        }
    }

    /// `sockaddr_un` has room for 108 bytes with the zero at the end.
    private static let pathBytesMax = 107

    private var isSocket: Bool {
        var status = stat()
        return stat(socketPath, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK
    }

    /// What happened on the connection as a `ControlClientError`; other errors as they are.
    private func explained(_ error: any Error) -> any Error {
        switch error {
        case is CutOff, is IOError, is ChannelError: ControlClientError.connectionLost(socketPath: socketPath)
        case HTTPParserError.invalidEOFState: ControlClientError.connectionLost(socketPath: socketPath)
        case is HTTPParserError: ControlClientError.notUnderstood("It is not HTTP.")
        case is SilenceTimeout.Expired: ControlClientError.timedOut(socketPath: socketPath, after: timeouts.silence)
        case is CancellationError: ControlClientError.cancelled
        default: error
        }
    }
}
