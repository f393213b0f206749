import ControlAPI
import NIOCore

/// How long a client may keep the server waiting, by what is waited for.
struct SilenceLimits: Sendable {
    /// A head, from its first byte to its last.
    var head = TimeAmount.seconds(Int64(Bounds.headSecondsMax))
    /// Another byte of a body.
    var body = TimeAmount.seconds(Int64(Bounds.bodySecondsMax))
    /// Any of an answer being taken.
    var write = TimeAmount.seconds(Int64(Bounds.writeSecondsMax))
    /// The next request.
    var idle = TimeAmount.seconds(Int64(Bounds.idleSecondsMax))
}

/// What a client has kept the server waiting for too long.
enum Silence: String, Error {
    case head, body, write, idle
}

/// By when a client has to do something, as pure state: instants are handed in.
///
/// Only what the client is waited for counts: not the time in which its request is worked on, nor that in which the server
/// itself takes no more of a body.
struct ConnectionDeadlines {
    private enum Reading {
        case betweenRequests(since: NIODeadline)
        case head(since: NIODeadline)
        case body(last: NIODeadline)
    }

    private let limits: SilenceLimits
    private var reading: Reading
    /// Since when the server takes bytes; nil while it does not.
    private var readingSince: NIODeadline?
    /// Since when it does not, if it ever did.
    private var stoppedAt: NIODeadline?
    /// Requests whose answer is not written to its end.
    private var unanswered = 0
    private var answeredAt: NIODeadline?
    /// When an answer's bytes were last taken, while some wait to be.
    private var unsentSince: NIODeadline?

    init(_ limits: SilenceLimits, at now: NIODeadline) {
        self.limits = limits
        reading = .betweenRequests(since: now)
    }

    // MARK: What happens

    mutating func serverReads(at now: NIODeadline) {
        guard readingSince == nil else { return }
        // Between two pieces of a head there is a stop too: a moment, which gives no new time.
        if case .head(let since) = reading, let stoppedAt { reading = .head(since: since + (now - stoppedAt)) }
        readingSince = now
    }

    mutating func serverStopsReading(at now: NIODeadline) {
        readingSince = nil
        stoppedAt = now
    }

    mutating func bytesCame(at now: NIODeadline) {
        switch reading {
        case .betweenRequests: reading = .head(since: now)
        case .head: break
        case .body: reading = .body(last: now)
        }
    }

    mutating func headIsComplete(at now: NIODeadline) {
        unanswered += 1
        reading = .body(last: now)
    }

    mutating func requestIsComplete(at now: NIODeadline) {
        reading = .betweenRequests(since: now)
    }

    mutating func answerIsWritten(at now: NIODeadline) {
        unanswered -= 1
        answeredAt = now
        if case .betweenRequests = reading { reading = .betweenRequests(since: now) }
    }

    /// Bytes wait to be taken; some were taken just now, or these are the first that wait.
    mutating func bytesWait(at now: NIODeadline) {
        unsentSince = now
    }

    mutating func allIsTaken(at now: NIODeadline) {
        unsentSince = nil
        if case .betweenRequests = reading { reading = .betweenRequests(since: now) }
    }

    // MARK: What follows from it

    /// What the client has to do next, and by when; nil if nothing.
    var next: (silence: Silence, deadline: NIODeadline)? {
        let write = unsentSince.map { (silence: Silence.write, deadline: $0 + limits.write) }
        guard let read = readDeadline else { return write }
        guard let write else { return read }
        return read.deadline <= write.deadline ? read : write
    }

    private var readDeadline: (silence: Silence, deadline: NIODeadline)? {
        switch reading {
        case .betweenRequests(let since):
            return unanswered == 0 && unsentSince == nil ? (.idle, since + limits.idle) : nil
        case .head(let since): return readingSince == nil ? nil : (.head, since + limits.head)
        case .body(let last):
            if let readingSince { return (.body, max(last, readingSince) + limits.body) }
            // Nobody reads the rest of a body whose request is answered already: it is for the client to close.
            return unanswered == 0 ? answeredAt.map { (.idle, $0 + limits.idle) } : nil
        }
    }
}
