import ControlAPI
import FoundationEssentials
import Glibc
import Subprocess
import SystemPackage
import TestSupport
import Testing

extension EndToEnd {
    @Suite("The daemon as a service")
    struct ServiceTests {
        @Test("Started by hand it opens a socket for each role, for the owner or a group, and nothing else listens")
        func sockets() async throws {
            var home = try DaemonHome()
            home.options = [
                "--query-socket", home.path("run/query.sock"), "--ingest-socket", home.path("run/ingest.sock"),
                "--config", try home.write("queryGroup: \(getegid())\n", to: "segmentd.yaml"),
            ]
            let (query, ingest) = (home.path("run/query.sock"), home.path("run/ingest.sock"))
            try await RunningDaemon.run(in: home) { [home] daemon in
                #expect(Self.mode(home.socket) == 0o600)
                #expect(Self.mode(query) == 0o660)
                #expect(Self.mode(ingest) == 0o600)
                #expect(Self.mode(home.path("run")) == 0o755)
                let status = try RawConnection.status(at: ingest)
                #expect(status.sockets.map(\.role) == ["operator", "query", "ingest"])
                let refused = try await Program.control.run(["audience", "list", "--socket", ingest])
                #expect(refused.code == 65)
                #expect(refused.errors.contains("This is the ingest socket."), "\(refused)")

                let listening = try await Self.listening(process: try home.process())
                #expect(listening.unix == [home.socket, query, ingest].sorted())
                #expect(listening.network == 0)
            }
            #expect(access(query, F_OK) != 0)
        }

        @Test("Another user is refused by name, also one that the socket's mode lets in", .enabled(if: getuid() == 0))
        func otherUser() async throws {
            var home = try DaemonHome()
            // Everybody may walk to the socket and connect; the list alone keeps the stranger out.
            try home.makePublic()
            let configuration = try home.write("operatorGroup: 4321\noperatorUsers: [0, 2000]\n", to: "segmentd.yaml")
            home.options = ["--config", configuration]
            try await RunningDaemon.run(in: home) { [home] daemon in
                func status(as user: Int, group: Int = 4_321) async throws -> Finished {
                    try await Finished.system(
                        "setpriv",
                        [
                            "--reuid", "\(user)", "--regid", "\(group)", "--clear-groups", Program.control.path,
                            "status",
                            "--socket", home.socket,
                        ])
                }
                #expect(try await status(as: 2_000).code == 0)
                let stranger = try await status(as: 2_001)
                #expect(stranger.code == 65, "\(stranger)")
                #expect(stranger.errors.contains("User 2001 may not use the operator socket."), "\(stranger)")
                #expect(try await status(as: 2_000, group: 2_000).code == 69)
                #expect(daemon.log.text.contains("user not allowed earlier=0 process="))
                #expect(daemon.log.text.contains(" user=2001"))

                // Read again, the new list holds.
                try home.write("operatorGroup: 4321\noperatorUsers: 2001\n", to: "segmentd.yaml")
                kill(try home.process(), SIGHUP)
                while !daemon.log.text.contains("configuration read again changed=operatorUsers") {
                    try await Task.sleep(for: .milliseconds(10))
                }
                #expect(try await status(as: 2_001).code == 0)
                #expect(try await status(as: 2_000).code == 65)
            }
        }

        @Test(
            "Sockets handed over by the service manager have the roles of their names",
            .enabled(if: Tool.activate.isThere))
        func handedOver() async throws {
            let home = try DaemonHome()
            let paths = ["operator", "query", "ingest"].map { home.path($0) }
            let arguments =
                paths.flatMap { ["-l", $0] } + ["--fdname=operator:query:ingest", try Program.daemon.path]
                + home.arguments
            let result = try await Subprocess.run(
                .path(FilePath(Tool.activate.path)), arguments: Arguments(arguments), environment: Program.environment,
                input: .none, output: .discarded, error: .string(limit: 1 << 20)
            ) { execution in
                while !paths.allSatisfy({ access($0, F_OK) == 0 }) { try await Task.sleep(for: .milliseconds(10)) }
                let status = try RawConnection.status(at: paths[1])
                #expect(status.sockets.map(\.role) == ["operator", "query", "ingest"])
                #expect(status.sockets.map(\.path) == paths)
                let refused = try await Program.control.run(["audience", "list", "--socket", paths[2]])
                #expect(refused.code == 65)
                try execution.send(signal: .terminate)
            }
            #expect(result.terminationStatus == .exited(0), "\(result.standardError)")
            // They are the manager's to remove.
            #expect(paths.allSatisfy { access($0, F_OK) == 0 })
        }

        @Test("A clock that jumped while the daemon was down is asked about, and accepted once")
        func clock() async throws {
            let home = try DaemonHome()
            let file = home.path("data/clock")
            try await RunningDaemon.run(in: home) { try await WideEvents.prepare($0) }
            let kept = try Files.text(file)
            #expect(kept.contains("\nclean true\n"))
            let words = kept.split(separator: "\n").map { $0.split(separator: " ").map { String($0) } }
            let elapsed = try #require(words.first { $0[0] == "elapsed" }.flatMap { Int64($0[1]) })
            // As if the machine had been down for 30 days, or its clock had been set ahead by them. Of another boot only the
            // time since then has certainly elapsed, which for this machine may be long.
            let back = Int64(30 * 86_400) * 1_000_000 + elapsed
            let lines = words.map { parts in
                switch parts[0] {
                case "boot": return "boot another"
                case "line", "good": return "\(parts[0]) \((Int64(parts[1]) ?? 0) - back)"
                default: return parts.joined(separator: " ")
                }
            }
            try home.write(lines.joined(separator: "\n") + "\n", to: "data/clock")
            try await RunningDaemon.run(in: home, ending: .killed) { daemon in
                let clock = try await daemon.answer(ClockAnswer.self, "clock")
                #expect(clock.state == "held")
                #expect(clock.aheadSeconds > 29 * 86_400)
                #expect(daemon.log.text.contains("has jumped ahead and is not believed"))
                #expect(try await daemon.control("status").output.contains("NOT BELIEVED: the system's clock is "))
                let unasked = try await daemon.control("clock", "accept")
                #expect(unasked.code == 64)
                let accepted = try await daemon.answer(ClockAnswer.self, "clock", "accept", "--yes")
                #expect(accepted.state == "believed")
                #expect(try await daemon.control("clock", "accept", "--yes").code == 65)
                while !daemon.log.text.contains("is believed again") { try await Task.sleep(for: .milliseconds(10)) }
                #expect(daemon.log.text.contains("clock accepted"))
            }
            try await RunningDaemon.run(in: home) { daemon in
                let clock = try await daemon.answer(ClockAnswer.self, "clock")
                #expect(clock.state == "believed")
                #expect(clock.accepted != nil)
            }
        }

        private static func mode(_ path: String) -> mode_t {
            var status = stat()
            return lstat(path, &status) == 0 ? status.st_mode & 0o777 : 0
        }

        /// The words of each line of a file of the kernel's, which has no size and comes in pieces.
        private static func rows(_ path: String) async throws -> [[String]] {
            try await Finished.system("cat", [path]).lines.map { line in line.split(separator: " ").map { String($0) } }
        }

        /// What a process listens on: paths of Unix sockets, and how many sockets of the network it has at all.
        private static func listening(process: pid_t) async throws -> (unix: [String], network: Int) {
            let place = "/proc/\(process)"
            let numbers = Set(
                try FileManager.default.contentsOfDirectory(atPath: place + "/fd").compactMap { name -> String? in
                    let target = try? FileManager.default.destinationOfSymbolicLink(atPath: place + "/fd/" + name)
                    return target.flatMap { $0.hasPrefix("socket:[") ? String($0.dropFirst(8).dropLast()) : nil }
                })
            #expect(numbers.count >= 3)
            let accepts = "00010000"
            var unix: [String] = []
            for row in try await rows(place + "/net/unix") {
                guard row.count > 7, row[3] == accepts, numbers.contains(row[6]) else { continue }
                unix.append(row[7])
            }
            var network = 0
            for table in ["tcp", "tcp6", "udp", "udp6", "raw", "raw6"] {
                for row in try await rows(place + "/net/" + table) where !numbers.isDisjoint(with: row) { network += 1 }
            }
            return (unix.sorted(), network)
        }
    }
}

/// Programs of systemd that not every machine has.
enum Tool: String {
    case analyze = "systemd-analyze"
    case activate = "systemd-socket-activate"

    var path: String { "/usr/bin/" + rawValue }

    var isThere: Bool { access(path, X_OK) == 0 }
}

extension DaemonHome {
    /// The number of the process that has the data directory open.
    func process() throws -> pid_t {
        let text = try Files.text(data + "/lock")
        return try #require(pid_t(text.dropFirst("pid ".count).prefix { $0.isNumber }))
    }

    /// Lets everybody walk to the files; what the files' own modes say still holds.
    func makePublic() throws {
        #expect(chmod(path(""), 0o755) == 0)
    }
}
