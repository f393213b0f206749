import ArgumentParser
import Glibc

/// `segment-bench clients`: clients that a daemon has to bear, until the command is ended.
struct ClientsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clients", abstract: "Keeps idle and slow connections to a daemon open.",
        discussion: """
            A third of the slow ones send the head of a request byte by byte, a third a body, and a third ask again and
            again and take no answer. One that the daemon ends is made anew at once. Says “ready” when all are connected.
            """)

    @Option(help: ArgumentHelp("The daemon's socket.", valueName: "path"))
    var socket: String

    @Option(help: ArgumentHelp("Connections that say nothing.", valueName: "n"))
    var idle = 1_000

    @Option(help: ArgumentHelp("Connections that say or take little.", valueName: "n"))
    var slow = 200

    func run() throws {
        raiseDescriptorLimit()
        signal(SIGPIPE, SIG_IGN)
        var clients = (0..<idle + slow).map { number in
            Client(manner: number < idle ? .idle : Client.slowManners[number % Client.slowManners.count])
        }
        for index in clients.indices { try clients[index].connect(to: socket) }
        Output.write("ready\n")
        while true {
            for index in clients.indices {
                if clients[index].isEnded { try clients[index].connect(to: socket) }
                clients[index].send()
            }
            usleep(Self.pauseMicroseconds)
        }
    }

    /// Between two bytes of a slow client.
    private static let pauseMicroseconds: UInt32 = 200_000

    private func raiseDescriptorLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}

/// One connection of a client that does not do what it should.
private struct Client {
    enum Manner {
        case idle, slowHead, slowBody, takesNothing
    }

    static let slowManners: [Manner] = [.slowHead, .slowBody, .takesNothing]

    let manner: Manner
    private var descriptor: CInt = -1
    private var sent = 0
    /// Whether the daemon has ended the connection.
    private(set) var isEnded = true

    init(manner: Manner) {
        self.manner = manner
    }

    mutating func connect(to path: String) throws {
        if descriptor >= 0 { close(descriptor) }
        sent = 0
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        let outcome = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard outcome == 0 else { throw BenchFailure("connect: \(String(cString: strerror(errno)))") }
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        isEnded = false
    }

    /// Sends the next byte, or the next request of one that takes no answer.
    mutating func send() {
        switch manner {
        case .idle: look()
        case .slowHead: put([Self.head[min(sent, Self.head.count - 5)]])
        case .slowBody: put(sent == 0 ? Self.bodyHead : [UInt8(ascii: " ")])
        case .takesNothing: if sent.isMultiple(of: Self.stepsPerQuestion) { put(Self.question) } else { look() }
        }
        sent += 1
    }

    private mutating func put(_ bytes: [UInt8]) {
        // Whatever the daemon does not take, it does not take.
        let count = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        isEnded = count < 0 && errno != EAGAIN
    }

    /// One that sends nothing hears that it was ended.
    private mutating func look() {
        var byte: UInt8 = 0
        let count = recv(descriptor, &byte, 1, Int32(MSG_PEEK))
        isEnded = count == 0 || (count < 0 && errno != EAGAIN)
    }

    /// One question a second: it is slow, no flood.
    private static let stepsPerQuestion = 5

    private static let head = Array(
        ("GET /v1/status HTTP/1.1\r\nHost: segmentd\r\nX: " + String(repeating: "x", count: 200) + "\r\n\r\n").utf8)
    private static let bodyHead = Array(
        """
        POST /v1/audiences HTTP/1.1\r\nHost: segmentd\r\nContent-Type: application/json\r
        Content-Length: 1000000\r\n\r\n
        """.utf8)
    private static let question = Array("GET /v1/status HTTP/1.1\r\nHost: segmentd\r\n\r\n".utf8)
}
