import Hummingbird
import Logging

/// What a request handler knows besides the request itself.
struct ControlContext: RequestContext {
    /// Where the context comes from: the connection's socket.
    struct Source: RequestContextSource {
        let logger: Logger
        let role: SocketRole
        let peer: Peer
    }

    var coreContext: CoreRequestContextStorage
    /// What the connection's socket may be asked.
    let role: SocketRole
    /// Who asks.
    let peer: Peer

    init(source: Source) {
        coreContext = CoreRequestContextStorage(source: source)
        role = source.role
        peer = source.peer
    }
}
