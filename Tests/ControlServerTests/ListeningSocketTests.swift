import FoundationEssentials
import Glibc
import TestSupport
import Testing

@testable import ControlServer

@Suite struct ListeningSocketTests {
    @Test func `the socket is for its owner alone, in a directory made for its owner alone`() throws {
        let place = try TemporaryDirectory()
        let socket = try ListeningSocket.bind(path: place.path("run/s"), role: .operator)
        defer { close(socket.descriptor) }
        #expect(mode(place.path("run/s")) == 0o600)
        #expect(mode(place.path("run")) == 0o700)
        #expect(fcntl(socket.descriptor, F_GETFD) & FD_CLOEXEC != 0)
    }

    @Test func `a socket that somebody answers at is left alone and named`() throws {
        let place = try TemporaryDirectory()
        let path = place.path("run/s")
        let first = try ListeningSocket.bind(path: path, role: .operator)
        defer { close(first.descriptor) }
        let identity = FileIdentity(ofLinkAt: path)
        let error = #expect(throws: SocketError.self) { try ListeningSocket.bind(path: path, role: .operator) }
        #expect(error?.kind == .inUse)
        #expect(error?.message.contains(path) == true)
        #expect(FileIdentity(ofLinkAt: path) == identity)
    }

    @Test func `a socket that nobody answers at any more is replaced`() throws {
        let place = try TemporaryDirectory()
        let path = place.path("run/s")
        let first = try ListeningSocket.bind(path: path, role: .operator)
        // A child that another test is starting may have the descriptor too.
        shutdown(first.descriptor, CInt(SHUT_RDWR))
        close(first.descriptor)
        let second = try ListeningSocket.bind(path: path, role: .operator)
        defer { close(second.descriptor) }
        #expect(throws: SocketError.self) { try ListeningSocket.bind(path: path, role: .operator) }
    }

    @Test func `a file that is no socket is never removed`() throws {
        let place = try TemporaryDirectory()
        try "precious".write(toFile: place.path("s"), atomically: false, encoding: .utf8)
        let error = #expect(throws: SocketError.self) {
            try ListeningSocket.bind(path: place.path("s"), role: .operator)
        }
        #expect(error?.kind == .unusable)
        #expect(try String(contentsOfFile: place.path("s"), encoding: .utf8) == "precious")
    }

    @Test func `a symbolic link is never followed, wherever it leads`() throws {
        let place = try TemporaryDirectory()
        let target = try ListeningSocket.bind(path: place.path("run/target"), role: .operator)
        close(target.descriptor)
        for destination in [place.path("run/target"), place.path("run/nowhere")] {
            symlink(destination, place.path("run/s"))
            let error = #expect(throws: SocketError.self) {
                try ListeningSocket.bind(path: place.path("run/s"), role: .operator)
            }
            #expect(error?.kind == .unusable)
            unlink(place.path("run/s"))
        }
        #expect(FileIdentity(ofLinkAt: place.path("run/target")) != nil)
        #expect(FileIdentity(ofLinkAt: place.path("run/nowhere")) == nil)
    }

    @Test func `abstract sockets, which have no owner and no mode, are refused`() throws {
        let error = #expect(throws: SocketError.self) { try ListeningSocket.bind(path: "@segmentd", role: .operator) }
        #expect(error?.kind == .unusable)
        let descriptor = try abstractListener(name: "segmentd-test-\(getpid())")
        defer { close(descriptor) }
        let handedOver = #expect(throws: SocketError.self) {
            try ListeningSocket.handedOver(
                process: String(getpid()), count: "1", names: "operator", first: descriptor)
        }
        #expect(handedOver?.message.contains("abstract") == true)
    }

    @Test func `a group's members may connect, nobody else`() throws {
        let place = try TemporaryDirectory()
        let socket = try ListeningSocket.bind(path: place.path("run/s"), role: .query, group: getegid())
        defer { close(socket.descriptor) }
        #expect(mode(place.path("run/s")) == 0o660)
    }

    private func abstractListener(name: String) throws -> CInt {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) {
            UnsafeMutableRawBufferPointer(rebasing: $0[1...]).copyBytes(from: name.utf8)
        }
        let size = socklen_t(MemoryLayout<sa_family_t>.size + 1 + name.utf8.count)
        let failed = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
        }
        try #require(failed == 0 && listen(descriptor, 1) == 0)
        return descriptor
    }

    @Test func `a directory that everybody may write to is refused`() throws {
        let place = try TemporaryDirectory()
        #expect(chmod(place.path, 0o777) == 0)
        let error = #expect(throws: SocketError.self) {
            try ListeningSocket.bind(path: place.path("s"), role: .operator)
        }
        #expect(error?.kind == .unusable)
    }

    @Test func `a path longer than a socket address is refused before anything is made`() throws {
        let place = try TemporaryDirectory()
        let path = place.path(String(repeating: "d", count: 120) + "/s")
        let error = #expect(throws: SocketError.self) { try ListeningSocket.bind(path: path, role: .operator) }
        #expect(error?.kind == .unusable)
        #expect(try FileManager.default.contentsOfDirectory(atPath: place.path).isEmpty)
    }

    @Test func `the file is removed at the end, unless it is another one by then`() throws {
        let place = try TemporaryDirectory()
        let path = place.path("run/s")
        let first = try ListeningSocket.bind(path: path, role: .operator)
        defer { close(first.descriptor) }
        unlink(path)
        let second = try ListeningSocket.bind(path: path, role: .operator)
        first.removeFile()
        #expect(FileIdentity(ofLinkAt: path) != nil)
        close(second.descriptor)
        second.removeFile()
        #expect(FileIdentity(ofLinkAt: path) == nil)
    }

    private func mode(_ path: String) -> mode_t {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }
}

@Suite struct HandedOverSocketTests {
    private let process = String(getpid())

    @Test func `a socket takes its role from its name and its path from the kernel`() throws {
        let place = try TemporaryDirectory()
        let bound = try ListeningSocket.bind(path: place.path("run/s"), role: .operator)
        defer { close(bound.descriptor) }
        let sockets = try ListeningSocket.handedOver(
            process: process, count: "1", names: "query", first: bound.descriptor)
        #expect(sockets?.map(\.role) == [.query])
        #expect(sockets?.map(\.path) == [place.path("run/s")])
        // The service manager made it and removes it.
        sockets?.first?.removeFile()
        #expect(FileIdentity(ofLinkAt: place.path("run/s")) != nil)
    }

    @Test func `variables meant for another process are not ours`() throws {
        #expect(try ListeningSocket.handedOver(process: "1", count: "1", names: "query", first: 3) == nil)
        #expect(try ListeningSocket.handedOver(process: nil, count: "1", names: "query", first: 3) == nil)
        #expect(try ListeningSocket.handedOver(process: process, count: nil, names: nil, first: 3) == nil)
    }

    @Test(arguments: [("0", "query"), ("x", "query"), ("2", "query"), ("1", "unknown"), ("1", "")])
    func `what was not expected is refused`(count: String, names: String) throws {
        let place = try TemporaryDirectory()
        let bound = try ListeningSocket.bind(path: place.path("run/s"), role: .operator)
        defer { close(bound.descriptor) }
        let error = #expect(throws: SocketError.self) {
            try ListeningSocket.handedOver(process: process, count: count, names: names, first: bound.descriptor)
        }
        #expect(error?.kind == .handedOver)
    }

    @Test func `a descriptor that is no listening socket is refused`() throws {
        let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer { close(descriptor) }
        #expect(throws: SocketError.self) {
            try ListeningSocket.handedOver(process: process, count: "1", names: "query", first: descriptor)
        }
    }
}
