import Glibc

/// How a request ended.
enum Exchange {
    case answered(Answer)
    /// The daemon was not there, or went away before it had answered.
    case brokenOff
    /// It said nothing for longer than it may.
    case silent

    /// A daemon that says nothing for that long has hung.
    static let silenceSecondsMax = 5

    /// Makes one request over a connection of its own and waits for the answer.
    static func make(_ call: Call, at socketPath: String) -> Exchange {
        let descriptor = connected(to: socketPath)
        guard descriptor >= 0 else { return .brokenOff }
        defer { close(descriptor) }
        guard send(call.bytes, to: descriptor) else { return .brokenOff }
        var received: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &piece, piece.count, 0)
            if count < 0, errno == EAGAIN || errno == EWOULDBLOCK { return .silent }
            guard count > 0 else { break }
            received += piece[..<count]
        }
        return Answer(received).map { .answered($0) } ?? .brokenOff
    }

    private static func connected(to path: String) -> CInt {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return -1 }
        var silence = timeval(tv_sec: silenceSecondsMax, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &silence, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        if isConnected { return descriptor }
        close(descriptor)
        return -1
    }

    private static func send(_ bytes: [UInt8], to descriptor: CInt) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard sent > 0 else { return false }
            rest = rest.dropFirst(sent)
        }
        return true
    }
}
