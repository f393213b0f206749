/// How long a client waits.
public struct ControlTimeouts: Equatable, Sendable {
    /// For the connection to be taken.
    public var connect: Duration
    /// For the next sign of life: the daemon taking more of the request, or sending more of the answer.
    ///
    /// Time in which the caller itself is the slow one (a body not yet there, an answer not yet read) does not count.
    public var silence: Duration

    /// Makes the limits; the defaults suit a daemon on the same machine that may be busy.
    public init(connect: Duration = .seconds(5), silence: Duration = .seconds(120)) {
        self.connect = connect
        self.silence = silence
    }
}
