import ArgumentParser
import TestSupport

/// `segment-crash kill`: a daemon under load is killed at random moments.
struct KillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kill",
        abstract: "Kills the daemon at random moments under load, and checks what it left after every round.",
        discussion: """
            Clients hand in events, save, edit, delete and send segments, and erase contacts. The daemon is killed while it starts, under
            load, or while it stops and writes its view; sometimes it may stop. After every round a copy of its files
            is opened and asked everything; then the next daemon starts on the files themselves.
            """)

    @Option(help: "Rounds.")
    var count = 200

    @Option(help: "Seed of moments and steps; moments are never quite the same.")
    var seed: UInt64 = 1

    private static let roundsOfOneDirectory = 25

    func run() async throws {
        let directory = try TemporaryDirectory()
        let checker = Checker(errors: directory.path("errors"))
        var found: [String] = []
        var left = count
        var number: UInt64 = 0
        while left > 0 {
            let rounds = min(left, Self.roundsOfOneDirectory)
            var run = try KillRun(seed: seed &* 1_000 &+ number, checker: checker)
            found += try await run.run(rounds: rounds).map { "directory \(number + 1), \($0)" }
            left -= rounds
            number += 1
            Report.progress(count - left, of: count, "rounds", violations: found.count)
        }
        await checker.stop()
        try Report("\(count) rounds in \(number) directories, seed \(seed)").end(found)
    }
}
