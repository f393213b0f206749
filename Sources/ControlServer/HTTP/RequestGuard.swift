import ControlAPI
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Answers what never becomes a request: header fields beyond the bound, and bytes that are not HTTP.
///
/// Also tells clients that wait for it (`Expect: 100-continue`) to send their body.
final class RequestGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// Requests whose answer is not written to its end.
    private var unanswered = 0

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data) {
            unanswered += 1
            if head.headerFields[.expect]?.lowercased() == "100-continue" {
                context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
            }
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { unanswered -= 1 }
        context.write(data, promise: promise)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Inside a body the error belongs to the one who reads it; and an answer would land inside another one.
        guard let error = error as? HTTPParserError, unanswered == 0 else {
            context.fireErrorCaught(error)
            return
        }
        if error != .invalidEOFState { answer(with: Self.problem(error), context: context) }
        context.close(promise: nil)
    }

    private func answer(with problem: Problem, context: ChannelHandlerContext) {
        let bytes = (try? WireCoding.encode(problem)) ?? []
        let fields: HTTPFields = [
            .contentType: MediaType.problem, .contentLength: String(bytes.count), .connection: "close",
        ]
        let head = HTTPResponse(status: .init(code: problem.status), headerFields: fields)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(ByteBuffer(bytes: bytes))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    private static func problem(_ error: HTTPParserError) -> Problem {
        if error == .headerOverflow {
            return Problem(
                code: .headersTooLarge, status: 431, title: "Header fields too large",
                detail: "Request line and header fields together may have \(Bounds.headerBytesMax) bytes.")
        }
        return Problem(
            code: .malformedRequest, status: 400, title: "Malformed request",
            detail: "This is not an HTTP/1.1 request: \(error).")
    }
}
