import CPlatform
import Glibc
import NIOCore

/// Who is at the other end of a connection, as the kernel saw it when it was made.
struct Peer: Equatable, Sendable {
    /// The user's number; nil if the kernel did not say.
    var user: UInt32?
    /// For the log alone: the number of a process may be another's by now.
    var process: Int32?

    static let unknown = Peer()

    /// The user's number as text.
    var name: String { user.map { String($0) } ?? "unknown" }

    /// Asks the kernel; unknown if it does not say.
    static func of(_ channel: any Channel) -> EventLoopFuture<Peer> {
        guard let provider = channel as? any SocketOptionProvider else {
            return channel.eventLoop.makeSucceededFuture(.unknown)
        }
        let option = NIOBSDSocket.Option(rawValue: SO_PEERCRED)
        let credentials: EventLoopFuture<platform_peer_credentials> =
            provider.unsafeGetSocketOption(level: .socket, name: option)
        return credentials.map { Peer(user: $0.user, process: $0.process) }.recover { _ in .unknown }
    }
}
