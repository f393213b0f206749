import CPlatform
import Glibc
import TestSupport
import Testing

struct PlatformTests {
    @Test("the peer of a socket is this process and user")
    func peerCredentials() throws {
        var pair: [CInt] = [-1, -1]
        try #require(socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0, &pair) == 0)
        defer { pair.forEach { close($0) } }
        var credentials = platform_peer_credentials()
        #expect(platform_get_peer_credentials(pair[0], &credentials) == 0)
        #expect(credentials.process == getpid())
        #expect(credentials.user == getuid())
        #expect(credentials.group == getgid())
        #expect(platform_get_peer_credentials(-1, &credentials) == EBADF)
    }

    @Test("a notification arrives at a path and at an abstract name", arguments: [false, true])
    func notification(isAbstract: Bool) throws {
        let temporary = try TemporaryDirectory()
        let address = isAbstract ? "@" + temporary.path : temporary.path("notify")
        let receiver = try DatagramReceiver(address: address)
        #expect(platform_notify(address, "READY=1\nSTATUS=serving") == 0)
        #expect(receiver.receive() == "READY=1\nSTATUS=serving")
    }

    @Test("a notification to no one or nowhere is an error, not a signal or a wait")
    func failedNotification() throws {
        let temporary = try TemporaryDirectory()
        #expect(platform_notify(temporary.path("missing"), "READY=1") == ENOENT)
        #expect(platform_notify("relative", "READY=1") == EINVAL)
        #expect(platform_notify("", "READY=1") == EINVAL)
        #expect(platform_notify("/" + String(repeating: "a", count: 200), "READY=1") == ENAMETOOLONG)
    }

    @Test("time since boot does not go back")
    func boottime() {
        let before = platform_boottime_microseconds()
        let after = platform_boottime_microseconds()
        #expect(before > 0)
        #expect(after >= before)
    }

    @Test("free bytes are those of the path's file system")
    func freeBytes() throws {
        var bytes: UInt64 = 0
        #expect(platform_get_free_bytes("/proc", &bytes) == 0)
        #expect(bytes == 0)
        let temporary = try TemporaryDirectory()
        #expect(platform_get_free_bytes(temporary.path, &bytes) == 0)
        #expect(bytes > 0)
        #expect(platform_get_free_bytes(temporary.path("missing"), &bytes) == ENOENT)
    }
}

private final class DatagramReceiver {
    private let descriptor: CInt

    init(address: String) throws {
        descriptor = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue), 0)
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        let isAbstract = address.hasPrefix("@")
        let bytes = (isAbstract ? [0] + address.utf8.dropFirst() : Array(address.utf8))
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: bytes) }
        let size = MemoryLayout<sa_family_t>.size + bytes.count + (isAbstract ? 0 : 1)
        let result = withUnsafePointer(to: name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(size)) }
        }
        guard result == 0 else { throw Refusal() }
    }

    deinit {
        close(descriptor)
    }

    func receive() -> String {
        var bytes = [UInt8](repeating: 0, count: 1024)
        let count = recv(descriptor, &bytes, bytes.count, CInt(MSG_DONTWAIT))
        return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
    }
}
