import ControlAPI
import Glibc

/// A connection to a daemon's socket that sends bytes as they are, whole requests or not.
struct RawConnection: ~Copyable {
    private let descriptor: CInt

    /// A call of the system failed.
    struct Failed: Error, CustomStringConvertible {
        let description: String

        init(_ call: String) {
            description = "\(call): \(String(cString: strerror(errno)))"
        }
    }

    /// A daemon that says nothing for that long has hung.
    private static let silenceSecondsMax = 60

    init(to path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Failed("socket") }
        var silence = timeval(tv_sec: Self.silenceSecondsMax, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &silence, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        guard isConnected else { throw Failed("connect") }
    }

    deinit { close(descriptor) }

    private static let noSignal = Int32(MSG_NOSIGNAL)

    /// Sends all of the text.
    func send(_ text: String) throws {
        try send(Array(text.utf8))
    }

    /// Sends all of the bytes.
    func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Self.noSignal) }
            guard sent > 0 else { throw Failed("send") }
            rest = rest.dropFirst(sent)
        }
    }

    /// Says that nothing more will be sent.
    func finishSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Everything that comes until the daemon closes.
    func receiveAll() throws -> String {
        var received: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &piece, piece.count, 0)
            // A daemon that closes before it has read everything resets the connection behind its answer.
            guard count >= 0 || errno == ECONNRESET else { throw Failed("recv") }
            guard count > 0 else { return String(decoding: received, as: UTF8.self) }
            received += piece[..<count]
        }
    }

    /// Sends what the daemon takes of the bytes, closes that half, and hears what comes until the daemon closes.
    static func exchange(_ bytes: [UInt8], at socket: String) throws -> String {
        let connection = try RawConnection(to: socket)
        // The daemon may answer and close before it has taken everything.
        try? connection.send(bytes)
        connection.finishSending()
        return try connection.receiveAll()
    }

    /// Makes one request and hears the answer.
    private static func ask(_ head: String, body: String = "", at socket: String) throws -> [UInt8] {
        let connection = try RawConnection(to: socket)
        try connection.send("\(head) HTTP/1.1\r\nHost: segmentd\r\nConnection: close\r\n")
        try connection.send("Content-Type: application/x-ndjson\r\nContent-Length: \(body.utf8.count)\r\n\r\n" + body)
        return try HTTPAnswer(connection.receiveAll()).body
    }

    /// The status as the daemon at that socket gives it, asked without the client.
    static func status(at socket: String) throws -> StatusAnswer {
        try WireCoding.decode(StatusAnswer.self, from: ask("GET \(Routes.status)", at: socket))
    }

    /// Hands lines of events to the audience `shop`, without the client.
    static func append(_ lines: String, at socket: String) throws -> IngestAnswer {
        try WireCoding.decode(
            IngestAnswer.self, from: ask("POST \(Routes.events(of: "shop"))", body: lines, at: socket))
    }
}

/// The one answer that a connection brought.
struct HTTPAnswer {
    let status: Int
    let body: [UInt8]

    /// What came is no answer with a body of known length.
    struct NotUnderstood: Error {
        let text: String
    }

    init(_ text: String) throws {
        let words = text.split(separator: " ", maxSplits: 2)
        guard words.count == 3, let status = Int(words[1]), let end = text.firstRange(of: "\r\n\r\n") else {
            throw NotUnderstood(text: text)
        }
        self.status = status
        body = Array(text[end.upperBound...].utf8)
    }
}
