import Glibc

/// Why a socket cannot be listened on.
public struct SocketError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What kind of failure.
    public var kind: Kind
    /// A full sentence for the operator: which path, what is wrong, what to do.
    public var message: String

    /// What kind of failure.
    public enum Kind: Equatable, Sendable {
        /// Somebody answers at the path already.
        case inUse
        /// The path cannot be used: too long, not a socket, an unsafe directory, no permission.
        case unusable
        /// What the service manager handed over is not what was expected.
        case handedOver
    }

    init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// A failed system call, with the reason the system gives.
    static func system(_ what: String, errno code: CInt) -> SocketError {
        SocketError(.unusable, "\(what): \(String(cString: strerror(code))).")
    }

    public var description: String { message }
}
