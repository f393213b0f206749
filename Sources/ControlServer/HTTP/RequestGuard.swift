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
    private var isInsideBody = false
    /// Whether a client waits to be told to send its body; not while an earlier answer is being written.
    private var owesContinue = false
    /// What to answer as soon as the requests in front of it are answered.
    private var waiting: HTTPParserError?
    private var context: ChannelHandlerContext?
    /// Told where requests begin and end.
    var watch: ConnectionWatch?
    /// Why the connection is not served at all.
    var refusal: Problem?

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        watch = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        context.fireChannelActive()
        guard let refusal else { return }
        answer(with: refusal, context: context)
        context.close(promise: nil)
    }

    /// Answers a head that does not come to its end; the connection is closed then.
    func timeOut() {
        guard let context, unanswered == 0, !isInsideBody else { return }
        answer(
            with: .requestTimeout("The request line and header fields took", Bounds.headSecondsMax), context: context)
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            unanswered += 1
            isInsideBody = true
            watch?.headIsComplete()
            owesContinue = head.headerFields[.expect]?.lowercased() == "100-continue"
            tellToContinue(context)
        case .body: break
        case .end:
            isInsideBody = false
            owesContinue = false
            watch?.requestIsComplete()
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        context.write(data, promise: promise)
        guard case .end = unwrapOutboundIn(data) else { return }
        unanswered -= 1
        watch?.answerIsWritten()
        tellToContinue(context)
        if unanswered == 0, let waiting { end(with: waiting, context: context) }
    }

    private func tellToContinue(_ context: ChannelHandlerContext) {
        guard owesContinue, unanswered == 1 else { return }
        owesContinue = false
        context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Inside a body the error belongs to the one who reads it.
        guard let error = error as? HTTPParserError, !isInsideBody else {
            context.fireErrorCaught(error)
            return
        }
        if unanswered == 0 { end(with: error, context: context) } else { waiting = error }
    }

    private func end(with error: HTTPParserError, context: ChannelHandlerContext) {
        waiting = nil
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
