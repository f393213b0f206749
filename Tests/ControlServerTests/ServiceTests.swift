import FoundationEssentials
import Glibc
import Logging
import SegmentModel
import Synchronization
import TestSupport
import Testing

@testable import Audiences
@testable import ControlServer
@testable import EventLog
@testable import segmentd

@Suite(.timeLimit(.minutes(1)), .serialized) struct WatchdogTests {
    @Test func `the service manager hears nothing while a writer or a projection is stuck`() async throws {
        let place = try TemporaryDirectory()
        let clock = try ManualClock("2026-03-01T12:00:00Z")
        let directory = try await DataDirectory.open(
            path: place.path("data"), configuration: AudienceConfiguration(mapSizeBytes: 64 << 20), clock: clock)
        let audience = try await directory.create(id: "shop", settings: AudienceSettings(name: "Shop"))
        let listener = try DatagramListener(path: place.path("notify"))
        let progress = TickProgress()
        let watchdog = Watchdog(
            directory: directory, progress: progress, manager: ServiceManager(address: place.path("notify")))

        progress.note(ticksEnded: 1)
        await watchdog.beat()
        #expect(listener.received() == ["WATCHDOG=1"])

        var ended = 1
        let writer = Wedge()
        let projection = Wedge()
        for (wedge, job) in [
            (writer, { @Sendable in await audience.log.writer.run { writer.hold() } }),
            (projection, { @Sendable in await audience.projection.occupy { projection.hold() } }),
        ] {
            let stuck = Task { await job() }
            await wedge.untilHeld()
            ended += 1
            progress.note(ticksEnded: ended)
            let beat = Task { await watchdog.beat() }
            try await Task.sleep(for: .milliseconds(50))
            #expect(listener.received().isEmpty)
            wedge.release()
            await stuck.value
            await beat.value
            #expect(listener.received() == ["WATCHDOG=1"])
        }
        try await directory.close()
    }

    @Test func `nothing is said when the frontiers stand still, though no thread is stuck`() async throws {
        let place = try TemporaryDirectory()
        let clock = try ManualClock("2026-03-01T12:00:00Z")
        let directory = try await DataDirectory.open(path: place.path("data"), clock: clock)
        let listener = try DatagramListener(path: place.path("notify"))
        let progress = TickProgress()
        let watchdog = Watchdog(
            directory: directory, progress: progress, manager: ServiceManager(address: place.path("notify")))
        await watchdog.beat()
        #expect(listener.received().count == 1)
        await watchdog.beat()
        #expect(listener.received().isEmpty)
        progress.note(ticksEnded: 1)
        await watchdog.beat()
        #expect(listener.received().count == 1)
        try await directory.close()
    }

    @Test func `events that are applied in a long tick are progress`() {
        let progress = TickProgress()
        #expect(progress.hasMoved(applied: 0))
        #expect(!progress.hasMoved(applied: 0))
        #expect(progress.hasMoved(applied: 100))
        #expect(!progress.hasMoved(applied: 100))
    }

    @Test func `a reload is announced with the time it began, as systemd wants it`() throws {
        let place = try TemporaryDirectory()
        let listener = try DatagramListener(path: place.path("notify"))
        let manager = ServiceManager(address: place.path("notify"))
        manager.reloading()
        manager.ready(status: "well")
        let messages = listener.received()
        #expect(messages.count == 2)
        #expect(messages.last == "READY=1\nSTATUS=well")
        let began = messages.first.flatMap { Int64($0.dropFirst("RELOADING=1\nMONOTONIC_USEC=".count)) }
        #expect(began.map { $0 > 0 } == true)
    }

    @Test func `the interval is the one meant for this process`() {
        let own = String(getpid())
        #expect(ServiceManager.watchdog(microseconds: "30000000", process: own) == .seconds(30))
        #expect(ServiceManager.watchdog(microseconds: "30000000", process: nil) == .seconds(30))
        #expect(ServiceManager.watchdog(microseconds: "30000000", process: "1") == nil)
        #expect(ServiceManager.watchdog(microseconds: "0", process: own) == nil)
        #expect(ServiceManager.watchdog(microseconds: nil, process: own) == nil)
    }
}

extension Projection {
    fileprivate func occupy(_ job: @Sendable () -> Void) { job() }
}

/// Keeps a thread from going on until it is let go.
private final class Wedge: Sendable {
    private let isHeld = Mutex(false)
    private let isReleased = Mutex(false)

    func hold() {
        isHeld.withLock { $0 = true }
        while !isReleased.withLock({ $0 }) { usleep(1_000) }
    }

    func untilHeld() async {
        while !isHeld.withLock({ $0 }) { try? await Task.sleep(for: .milliseconds(1)) }
    }

    func release() {
        isReleased.withLock { $0 = true }
    }
}

/// A socket that takes datagrams, as the service manager and the journal have one.
final class DatagramListener: Sendable {
    private let descriptor: CInt

    init(path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let failed = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(failed == 0)
    }

    deinit { close(descriptor) }

    /// What has come since this was last asked.
    func received() -> [String] {
        var messages: [String] = []
        var bytes = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
            guard count >= 0 else { return messages }
            messages.append(String(decoding: bytes[..<count], as: UTF8.self))
        }
    }
}

@Suite struct JournalTests {
    @Test func `an entry has the line for people and each of its metadata as a field`() {
        let line = LogLine(
            level: .warning, message: "user not allowed", metadata: ["user": "1000", "role": "query", "a b": "x y"])
        #expect(
            String(decoding: line.journalEntry, as: UTF8.self) == """
                MESSAGE=user not allowed a b="x y" role=query user=1000
                PRIORITY=4
                SYSLOG_IDENTIFIER=segmentd
                SEGMENTD_A_B=x y
                SEGMENTD_ROLE=query
                SEGMENTD_USER=1000

                """)
    }

    @Test func `nothing in a value starts a field of its own, or turns the direction of writing`() throws {
        let place = try TemporaryDirectory()
        let listener = try DatagramListener(path: place.path("journal"))
        let evil = "x\nPRIORITY=0\r\u{2028}\u{202E}\u{2066}\u{7F}\u{85}\u{FEFF}"
        let line = LogLine(level: .info, message: evil, metadata: ["key\n=": "\(evil)"])
        #expect(Journal(address: place.path("journal")).send(line.journalEntry))
        let entry = try #require(listener.received().first)
        let escaped = #"x\u{a}PRIORITY=0\u{d}\u{2028}\u{202e}\u{2066}\u{7f}\u{85}\u{feff}"#
        #expect(entry.hasPrefix("MESSAGE=\(escaped) key\\u{a}==\"\(escaped.replacing("\\", with: "\\\\"))\"\n"))
        #expect(
            entry.split(separator: "\n").map { $0.prefix { $0 != "=" } } == [
                "MESSAGE", "PRIORITY", "SYSLOG_IDENTIFIER", "SEGMENTD_KEY__",
            ])
        #expect(entry.contains("SEGMENTD_KEY__=\(escaped)\n"))
    }

    @Test func `where nobody takes an entry it goes to standard error`() {
        #expect(!Journal(address: "/nonexistent/journal").send([1]))
    }

    @Test func `the journal is where standard error leads, and not where somebody only says so`() {
        #expect(Journal.behindStandardError(environment: nil) == nil)
        #expect(Journal.behindStandardError(environment: "1:1") == nil)
        var status = stat()
        fstat(STDERR_FILENO, &status)
        #expect(Journal.behindStandardError(environment: "\(status.st_dev):\(status.st_ino)") != nil)
    }

    @Test func `the level that is in force may change`() {
        let level = SharedLogLevel(.info)
        let handler = JournalLogHandler(level: level, journal: nil)
        #expect(handler.logLevel == .info)
        level.value = .debug
        #expect(handler.logLevel == .debug)
    }
}

@Suite struct ReloadTests {
    @Test func `what may change changes, what needs a restart is named, and nonsense changes nothing`() async throws {
        let place = try TemporaryDirectory()
        try place.write("logLevel: info\n", to: "c.yaml")
        let source = SettingsSource(file: place.path("c.yaml"), options: ["data": place.path("data")])
        let settings = try source.load()
        let directory = try await DataDirectory.open(
            path: place.path("data"), clock: try ManualClock("2026-03-01T12:00:00Z"))
        let access = AccessControl()
        let level = SharedLogLevel(.info)
        let log = CapturedLog()
        let reloader = Reloader(
            source: source, settings: settings, provisions: try settings.provisions(), directory: directory,
            access: access, level: level, manager: ServiceManager(address: nil), logger: log.logger)

        try place.write("logLevel: debug\noperatorUsers: [root, 4321]\ntickInterval: 1s\n", to: "c.yaml")
        await reloader.reload()
        #expect(level.value == .debug)
        #expect(access.rules == AccessRules(users: [.operator: [0, 4_321]]))
        #expect(log.lines(of: "configuration read again") == [["changed": "operatorUsers,logLevel"]])
        #expect(log.lines(of: "some of the configuration needs a restart") == [["keys": "tickInterval"]])

        try place.write("logLevel: loud\noperatorUsers: [root]\n", to: "c.yaml")
        await reloader.reload()
        try place.write("logLevel: info\noperatorUsers: [nobody-of-that-name]\n", to: "c.yaml")
        await reloader.reload()
        #expect(level.value == .debug)
        #expect(access.rules.users[.operator]?.count == 2)
        let reasons = log.lines(of: "configuration not taken").compactMap { $0["reason"] }
        #expect(reasons.first?.contains("logLevel") == true)
        #expect(reasons.last == "operatorUsers names the user “nobody-of-that-name”, whom this system does not know.")

        // Still waiting for the restart, and said again.
        try place.write("tickInterval: 1s\n", to: "c.yaml")
        await reloader.reload()
        #expect(access.rules == AccessRules())
        #expect(level.value == .info)
        #expect(log.lines(of: "some of the configuration needs a restart").count == 2)
        try await directory.close()
    }
}

@Suite struct ClockWatchTests {
    private final class Machine: Sendable {
        let reading = Mutex(
            ClockReading(wall: Instant(microseconds: 1_772_366_400_000_000), elapsedMicroseconds: 0, boot: "boot"))

        func pass(seconds: Int64, stepping step: Int64 = 0) {
            reading.withLock {
                $0.wall = $0.wall.advanced(byMicroseconds: (seconds + step) * 1_000_000)
                $0.elapsedMicroseconds += seconds * 1_000_000
            }
        }
    }

    @Test func `a jump is named when it begins and when it ends, and kept for the next start`() throws {
        let place = try TemporaryDirectory()
        let machine = Machine()
        let log = CapturedLog()
        let file = ClockFile(directory: place.path)
        let clock = TrustedClock(file: file) { machine.reading.withLock { $0 } }
        var watch = ClockWatch(clock: clock, logger: log.logger)
        func looks(_ count: Int, stepping step: Int64 = 0) {
            machine.pass(seconds: 0, stepping: step)
            for _ in 0..<count {
                machine.pass(seconds: 1)
                watch.look()
            }
        }
        looks(5)
        #expect(log.text.isEmpty)
        looks(5, stepping: 86_400)
        #expect(file.read()?.heldSince != nil)
        looks(5, stepping: -86_400)
        #expect(file.read()?.heldSince == nil)
        looks(5, stepping: -60)
        looks(70)
        let lines = log.text.split(separator: "\n").map { $0.prefix(36) }
        #expect(
            lines == [
                "The system's clock has jumped ahead ", "The system's clock is believed again",
                "The system's clock was set back: fro", "The system's clock is believed again",
            ])
        watch.finish()
        #expect(file.read()?.isClean == true)
    }

    @Test func `a directory that cannot be written to is named once`() throws {
        let place = try TemporaryDirectory()
        let machine = Machine()
        let log = CapturedLog()
        var watch = ClockWatch(
            clock: TrustedClock(file: ClockFile(directory: place.path("nowhere"))) { machine.reading.withLock { $0 } },
            logger: log.logger)
        for _ in 0..<50 {
            machine.pass(seconds: 5)
            watch.look()
        }
        #expect(log.lines(of: "clock not kept").count == 1)
    }
}
