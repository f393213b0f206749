/// What may be asked over a socket. Who may connect is decided by the socket's file mode.
public enum SocketRole: String, CaseIterable, Sendable {
    /// Hands events in and sees the status.
    case ingest
    /// Reads and reviews, changes nothing.
    case query
    /// May do everything.
    case `operator`
}
