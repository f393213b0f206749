import Testing

extension EndToEnd {
    /// What `segment-crash` finds in a small run; `scripts/soak` makes long ones.
    @Suite("Power loss", .disabled(if: Program.isSanitized, "the sanitizer replaces the calls that would be recorded"))
    struct PowerLossTests {
        @Test("What a power loss can leave of a daemon's files has all that was acknowledged, once", arguments: 1...4)
        func images(seed: Int) async throws {
            _ = try await Program.crash.run(["power-loss", "--count", "50", "--seed", "\(seed)"]).succeeded()
        }

        @Test(
            "On a system that breaks a promise the same images lose what was acknowledged",
            arguments: ["log-sync", "meta-sync", "directory-sync"])
        func control(guarantee: String) async throws {
            let run = try await Program.crash.run(["power-loss", "--count", "60", "--disregard", guarantee])
            #expect(run.code == 1, "\(run)")
            #expect(run.output.contains("losing"), "\(run)")
        }
    }

    @Suite("Killed at random moments")
    struct KillTests {
        @Test("Whatever it is doing, a killed daemon has all that it acknowledged, once", arguments: 1...8)
        func rounds(seed: Int) async throws {
            _ = try await Program.crash.run(["kill", "--count", "25", "--seed", "\(seed)"]).succeeded()
        }
    }

    @Suite(
        "Failing system calls",
        .disabled(if: Program.isSanitized, "the sanitizer replaces the calls that would be failed"))
    struct FailingCallTests {
        @Test("A call that fails ends in an error or an exit code, and costs nothing acknowledged", arguments: 1...2)
        func runs(seed: Int) async throws {
            let run = try await Program.crash.run(["faults", "--count", "27", "--seed", "\(seed)"]).succeeded()
            // All but those that only a longer life would have come to.
            let words = run.output.split(separator: " ")
            let hits = try #require(words.firstIndex(of: "in").flatMap { Int(words[$0 + 1].dropLast()) }, "\(run)")
            #expect(hits >= 20, "\(run)")
        }

        @Test("Answers to what was not synced are seen where a failed sync is not heeded")
        func control() async throws {
            let run = try await Program.crash.run(["faults", "--unnoticed-syncs", "--count", "12"])
            #expect(run.code == 1, "\(run)")
            #expect(run.output.contains("acknowledged though the log could not be synced"), "\(run)")
        }
    }
}
