import NIOCore

/// Sees a connection's bytes come and go, and ends it when its client is silent for too long.
///
/// Stands in front of everything else in the pipeline; `RequestGuard` tells it where requests begin and end. A head that
/// does not end is answered with 408, a body that stands still becomes an error of whoever reads it, everything else is
/// closed.
final class ConnectionWatch: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = IOData
    typealias OutboundOut = IOData

    private let limits: SilenceLimits
    private let isSilent: (Silence) -> Void
    private var deadlines: ConnectionDeadlines
    private var timer: (task: Scheduled<Void>, deadline: NIODeadline)?
    private var context: ChannelHandlerContext?
    /// Writes that the system has not taken to their end.
    private var writes = 0
    private var untaken = UntakenBytes()

    /// - Parameter isSilent: called before the connection is ended for it.
    init(_ limits: SilenceLimits, isSilent: @escaping (Silence) -> Void) {
        self.limits = limits
        self.isSilent = isSilent
        deadlines = ConnectionDeadlines(limits, at: .now())
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        schedule()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.task.cancel()
        timer = nil
        self.context = nil
    }

    // MARK: Requests

    func headIsComplete() { note { $0.headIsComplete(at: $1) } }
    func requestIsComplete() { note { $0.requestIsComplete(at: $1) } }
    func answerIsWritten() { note { $0.answerIsWritten(at: $1) } }

    private func note(_ change: (inout ConnectionDeadlines, NIODeadline) -> Void) {
        guard let context else { return }
        change(&deadlines, context.eventLoop.now)
        schedule()
    }

    // MARK: Bytes

    func read(context: ChannelHandlerContext) {
        note { $0.serverReads(at: $1) }
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        note { $0.bytesCame(at: $1) }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // If more is wanted, `read` says so.
        note { $0.serverStopsReading(at: $1) }
        context.fireChannelReadComplete()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let promise = promise ?? context.eventLoop.makePromise()
        if writes == 0 { note { $0.bytesWait(at: $1) } }
        writes += 1
        untaken.write(unwrapOutboundIn(data).readableBytes)
        promise.futureResult.assumeIsolated().whenComplete { [self] _ in
            writes -= 1
            _ = hasTakenSome()
            note { [writes] in writes == 0 ? $0.allIsTaken(at: $1) : $0.bytesWait(at: $1) }
        }
        context.write(data, promise: promise)
    }

    // MARK: Time

    private func schedule() {
        guard let context, let next = deadlines.next?.deadline else { return }
        if let timer {
            // A timer that comes too early looks and waits on; that is cheaper than one for every byte.
            guard next < timer.deadline else { return }
            timer.task.cancel()
        }
        let task = context.eventLoop.assumeIsolated().scheduleTask(deadline: next) { [self] in
            timer = nil
            look()
        }
        timer = (task, next)
    }

    private func look() {
        guard let context, let next = deadlines.next, next.deadline <= context.eventLoop.now else { return schedule() }
        switch next.silence {
        case .write where hasTakenSome(): note { $0.bytesWait(at: $1) }
        case .body:
            isSilent(.body)
            context.fireErrorCaught(Silence.body)
            // Whoever reads the body answers; a client that does not take that either is not waited for.
            end(context, after: limits.head)
        case .head, .idle, .write:
            isSilent(next.silence)
            end(context, after: next.silence == .head ? limits.head : .zero)
        }
    }

    /// A long write comes to its end late, and is no silence while it goes on.
    private func hasTakenSome() -> Bool {
        guard let left = try? context?.channel.syncOptions?.getOption(.bufferedWritableBytes) else { return false }
        return untaken.look(left: left)
    }

    private func end(_ context: ChannelHandlerContext, after delay: TimeAmount) {
        let channel = context.channel
        self.context = nil
        guard delay > .zero else { return channel.close(promise: nil) }
        context.eventLoop.scheduleTask(in: delay) { channel.close(promise: nil) }
    }
}
