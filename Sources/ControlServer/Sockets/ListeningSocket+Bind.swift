import Glibc

extension ListeningSocket {
    /// Makes a socket file of mode 0600 at the path and listens on it; of mode 0660 if a group is given, and then it is
    /// that group's.
    ///
    /// The directory is made if it is missing. A socket file that nobody answers at is replaced, one that is answered is
    /// refused, and so is anything else that stands at the path. Two processes that do this at the same time take turns.
    ///
    /// - Parameter directoryMode: of a directory that is made; a group has to be let through.
    public static func bind(
        path: String, role: SocketRole, group: UInt32? = nil, directoryMode: UInt32 = 0o700
    ) throws(SocketError) -> ListeningSocket {
        var address = try socketAddress(path)
        let directory = try openDirectory(of: path, mode: directoryMode)
        // Held over check, removal and bind; without it two daemons could both find a stale file, and the second
        // would remove the live socket of the first.
        flock(directory, LOCK_EX)
        defer { close(directory) }
        try clear(path, address: address)
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .system("No socket could be made", errno: errno) }
        // The file takes its mode from the socket, so there is no moment in which it is open to others, and the umask
        // of the process need not change under its other threads.
        guard fchmod(descriptor, 0o600) == 0, withSocketAddress(&address, { Glibc.bind(descriptor, $0, $1) }) == 0,
            admit(group, to: path), listen(descriptor, backlog) == 0
        else {
            let code = errno
            close(descriptor)
            throw .system("The socket \(path) could not be bound", errno: code)
        }
        return ListeningSocket(
            descriptor: descriptor, role: role, path: path, file: FileIdentity(ofLinkAt: path))
    }

    /// Before anybody can connect: nobody listens yet.
    private static func admit(_ group: UInt32?, to path: String) -> Bool {
        guard let group else { return true }
        return lchown(path, getuid(), group) == 0 && chmod(path, 0o660) == 0
    }

    private static func socketAddress(_ path: String) throws(SocketError) -> sockaddr_un {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytesMax = MemoryLayout.size(ofValue: address.sun_path) - 1
        guard !path.hasPrefix("@") else {
            throw SocketError(
                .unusable,
                "The socket path \(path) begins with @. Abstract sockets have no owner and no mode; give a file.")
        }
        guard !path.isEmpty, path.utf8.count <= bytesMax, !path.utf8.contains(0) else {
            throw SocketError(
                .unusable,
                "The socket path \(path) has \(path.utf8.count) bytes; Unix sockets take 1 to \(bytesMax). Choose "
                    + "a shorter one.")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return address
    }

    /// Opens the directory the path lies in, making it if it is missing.
    private static func openDirectory(of path: String, mode: mode_t) throws(SocketError) -> CInt {
        let directory = parent(of: path)
        if mkdir(directory, 0o700) == 0 {
            // Not left to the umask.
            chmod(directory, mode)
        } else if errno != EEXIST {
            throw .system("The socket's directory \(directory) could not be made", errno: errno)
        }
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw .system("The socket's directory \(directory) cannot be opened", errno: errno)
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & 0o002 == 0 else {
            close(descriptor)
            throw SocketError(
                .unusable,
                "Everybody may write to \(directory), so anybody could put their own socket in the place of \(path). "
                    + "Choose a path in a directory of its own.")
        }
        return descriptor
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Makes sure that nothing stands at the path: removes a socket file that nobody answers at.
    private static func clear(_ path: String, address: sockaddr_un) throws(SocketError) {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            guard errno == ENOENT else { throw .system("The socket path \(path) cannot be looked at", errno: errno) }
            return
        }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw SocketError(
                .unusable, "There is a file at \(path) that is no socket. Move it away or choose another path.")
        }
        switch answer(at: address) {
        case ECONNREFUSED:
            guard unlink(path) == 0 else { throw .system("The stale socket \(path) cannot be removed", errno: errno) }
        case 0, EAGAIN:
            throw SocketError(
                .inUse, "Another process answers at \(path). Stop it, or choose another path with --socket.")
        case let code:
            throw .system("Whether the socket \(path) is in use cannot be found out", errno: code)
        }
    }

    /// 0 if somebody answers at the address, else why not.
    private static func answer(at address: sockaddr_un) -> CInt {
        var address = address
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_UNIX, kind, 0)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        return withSocketAddress(&address) { connect(descriptor, $0, $1) } == 0 ? 0 : errno
    }
}

/// Lends a Unix socket's address to a system call.
private func withSocketAddress(
    _ address: inout sockaddr_un, _ call: (UnsafePointer<sockaddr>, socklen_t) -> CInt
) -> CInt {
    withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            call($0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
    }
}
