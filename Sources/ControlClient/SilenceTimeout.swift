import NIOCore
import NIOHTTP1

/// Closes a connection on which the daemon gives no sign of life.
///
/// The clock runs only while the daemon is the one to act: bytes are waiting to be taken, or the request is complete
/// and the reader wants more of the answer. So neither a slow source of the body nor a slow reader is cut off.
final class SilenceTimeout: ChannelDuplexHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundIn = HTTPClientRequestPart
    typealias OutboundOut = HTTPClientRequestPart

    /// Handed to the reader when the time is over.
    struct Expired: Error {}

    private let limit: TimeAmount
    private var lastSign = NIODeadline.now()
    private var timer: Scheduled<Void>?
    private var readsWanted = false
    private var writesUnderWay = 0
    private var requestIsComplete = false

    init(limit: TimeAmount) {
        self.limit = limit
    }

    func channelActive(context: ChannelHandlerContext) {
        lastSign = .now()
        schedule(at: lastSign + limit, context: context)
        context.fireChannelActive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
    }

    func read(context: ChannelHandlerContext) {
        if !readsWanted { lastSign = .now() }
        readsWanted = true
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        lastSign = .now()
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        readsWanted = false
        context.fireChannelReadComplete()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if writesUnderWay == 0 { lastSign = .now() }
        writesUnderWay += 1
        if case .end = unwrapOutboundIn(data) { requestIsComplete = true }
        let written = promise ?? context.eventLoop.makePromise()
        written.futureResult.assumeIsolated().whenComplete { _ in
            self.writesUnderWay -= 1
            self.lastSign = .now()
        }
        context.write(data, promise: written)
    }

    private func schedule(at deadline: NIODeadline, context: ChannelHandlerContext) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
            self.check(context: context)
        }
    }

    private func check(context: ChannelHandlerContext) {
        let isWaiting = writesUnderWay > 0 || (requestIsComplete && readsWanted)
        if !isWaiting { lastSign = .now() }
        guard lastSign + limit <= .now() else {
            schedule(at: lastSign + limit, context: context)
            return
        }
        context.fireErrorCaught(Expired())
        context.close(promise: nil)
    }
}
