import ControlAPI
import FoundationEssentials
import Glibc
import Testing

extension EndToEnd {
    @Suite("A full disk")
    struct FullDiskTests {
        private static let total = 1_600

        @Test(
            "An import is refused with the reason, reading goes on, and with room again the same import completes",
            .enabled("needs the right to mount a small file system") { await SmallDisk.isPossible })
        func full() async throws {
            var home = try DaemonHome()
            let events = try WideEvents(count: Self.total, in: home)
            try await SmallDisk.mounted(at: home.path("disk"), megabytes: 80) { disk in
                home.data = disk + "/data"
                try Self.write(megabytes: 60, to: disk + "/ballast")
                try await RunningDaemon.run(in: home) { daemon in
                    try await WideEvents.prepare(daemon)
                    try await Self.importInto(daemon, events, ballast: disk + "/ballast")
                }
                let held = try await RunningDaemon.run(in: home) { try await WideEvents.checkPrefix($0) }
                #expect(held == Self.total)
            }
        }

        private static func importInto(_ daemon: RunningDaemon, _ events: WideEvents, ballast: String) async throws {
            for _ in 1...2 {
                let full = try await daemon.control("event", "import", events.path, "--json")
                #expect(full.code == 75, "\(full)")
                #expect(full.errors.contains("no room"), "\(full)")
                #expect(full.errors.contains("Run the same command again to go on"), "\(full)")
                let receipt = try WireCoding.decode(IngestAnswer.self, from: Array(full.output.utf8))
                let held = try await WideEvents.checkPrefix(daemon)
                #expect(held == receipt.appended + receipt.duplicates)
                #expect((1..<total).contains(held))
            }
            let saved = try await daemon.control("segment", "save", "--name", "More", "--where", #"{"tag": "a"}"#)
            #expect([0, 75].contains(saved.code), "\(saved)")
            let held = Int(try daemon.standing().lastSequence)
            try FileManager.default.removeItem(atPath: ballast)
            let receipt = try await daemon.importEvents(events.path)
            #expect((receipt.duplicates, receipt.appended) == (held, total - held))
            #expect(try await WideEvents.checkPrefix(daemon) == total)
        }

        private static func write(megabytes: Int, to path: String) throws {
            try Data(repeating: 1, count: megabytes << 20).write(to: URL(filePath: path))
        }
    }
}

/// A small file system in memory.
enum SmallDisk {
    /// Whether one can be mounted here.
    static var isPossible: Bool {
        get async {
            guard geteuid() == 0, let home = try? DaemonHome() else { return false }
            return (try? await mounted(at: home.path("disk"), megabytes: 1) { _ in true }) ?? false
        }
    }

    /// Mounts one at the path, lends it, and takes it away again.
    static func mounted<Value: Sendable>(
        at path: String, megabytes: Int, _ body: (String) async throws -> Value
    ) async throws -> Value {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        _ = try await Finished.system("mount", ["-t", "tmpfs", "-o", "size=\(megabytes)m,mode=700", "tmpfs", path])
            .succeeded()
        do {
            let value = try await body(path)
            _ = try await Finished.system("umount", ["-l", path]).succeeded()
            return value
        } catch {
            _ = try await Finished.system("umount", ["-l", path])
            throw error
        }
    }
}
