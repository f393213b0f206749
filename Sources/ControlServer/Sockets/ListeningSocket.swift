import Glibc

/// A Unix socket that is bound and listens, and what may be asked over it.
///
/// Holds the descriptor but does not close it: the server that accepts from it does.
public struct ListeningSocket: Sendable {
    /// Listens; close-on-exec.
    public let descriptor: CInt
    public let role: SocketRole
    public let path: String
    /// The file made for the socket; nil if the service manager made it and will remove it.
    let file: FileIdentity?

    init(descriptor: CInt, role: SocketRole, path: String, file: FileIdentity?) {
        self.descriptor = descriptor
        self.role = role
        self.path = path
        self.file = file
    }

    /// Removes the socket's file if it was made here and nobody has put another in its place since.
    public func removeFile() {
        guard let file, FileIdentity(ofLinkAt: path) == file else { return }
        unlink(path)
    }

    /// Connections the kernel keeps waiting until they are accepted.
    static let backlog: CInt = 1024
}

/// Which file a path leads to, so that it can be recognised later.
struct FileIdentity: Equatable, Sendable {
    let device: UInt64
    let number: UInt64

    /// The identity of what stands at the path itself; nil if nothing does.
    init?(ofLinkAt path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        device = UInt64(status.st_dev)
        number = UInt64(status.st_ino)
    }
}
