import Glibc

extension ListeningSocket {
    /// The sockets that systemd has bound for this process (sd_listen_fds(3)), each named after its role.
    ///
    /// Removes the variables from the environment, so that no child takes the descriptors for its own.
    ///
    /// - Returns: nil if none were handed over to this process.
    public static func handedOver() throws(SocketError) -> [ListeningSocket]? {
        let names = ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"]
        let values = names.map { name in getenv(name).map { String(cString: $0) } }
        for name in names { unsetenv(name) }
        return try handedOver(process: values[0], count: values[1], names: values[2], first: 3)
    }

    /// The same with the variables' values and the first descriptor given.
    static func handedOver(
        process: String?, count: String?, names: String?, first: CInt
    ) throws(SocketError) -> [ListeningSocket]? {
        // A variable inherited from a parent speaks of the parent's descriptors.
        guard let process, Int32(process) == getpid(), let count else { return nil }
        guard let count = CInt(count), count >= 1, count <= 16 else {
            throw SocketError(.handedOver, "LISTEN_FDS is \(count), expected a number from 1 to 16.")
        }
        let names = (names ?? "").split(separator: ":", omittingEmptySubsequences: false).map { String($0) }
        guard names.count == Int(count) else {
            throw SocketError(
                .handedOver,
                "\(count) sockets were handed over with \(names.count) names. Give each socket unit a "
                    + "FileDescriptorName: ingest, query or operator.")
        }
        var sockets: [ListeningSocket] = []
        for (offset, name) in names.enumerated() {
            sockets.append(try adopt(first + CInt(offset), name: name))
        }
        return sockets
    }

    private static func adopt(_ descriptor: CInt, name: String) throws(SocketError) -> ListeningSocket {
        guard let role = SocketRole(rawValue: name) else {
            throw SocketError(
                .handedOver,
                "A socket named “\(name)” was handed over. Set FileDescriptorName of its unit to ingest, query or "
                    + "operator.")
        }
        guard option(SO_DOMAIN, of: descriptor) == AF_UNIX, option(SO_ACCEPTCONN, of: descriptor) == 1,
            option(SO_TYPE, of: descriptor) == Int32(SOCK_STREAM.rawValue)
        else {
            throw SocketError(
                .handedOver,
                "Descriptor \(descriptor), handed over as \(name), is no listening Unix stream socket. Its unit needs "
                    + "ListenStream= with a path and Accept=no.")
        }
        let path = boundPath(of: descriptor)
        guard !path.isEmpty else {
            throw SocketError(
                .handedOver,
                "Descriptor \(descriptor), handed over as \(name), is an abstract socket, which has no owner and no mode. "
                    + "Give its unit ListenStream= with a path.")
        }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        return ListeningSocket(descriptor: descriptor, role: role, path: path, file: nil)
    }

    private static func option(_ name: CInt, of descriptor: CInt) -> CInt? {
        var value: CInt = 0
        var size = socklen_t(MemoryLayout<CInt>.size)
        return getsockopt(descriptor, SOL_SOCKET, name, &value, &size) == 0 ? value : nil
    }

    private static func boundPath(of descriptor: CInt) -> String {
        var address = sockaddr_un()
        var size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let failed = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
        }
        guard failed == 0 else { return "descriptor \(descriptor)" }
        return withUnsafeBytes(of: &address.sun_path) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
