import ArgumentParser
import Glibc
import Simulation

/// `segment-replay simulate`: whole worlds from seeds.
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Runs invented worlds through the real stores and engines, and compares them with the reference.",
        discussion: """
            A seed makes a world: audiences, sources that send late, twice and in conflict, segments that are saved, edited
            and sent, a clock that jumps, a disk that fails, fills up and loses what was not synced, and crashes before and
            after every durable step. After each step everything that was acknowledged must be there, and every member must
            be the reference evaluator's. Prints a line for each world:

              seed 7: 150 steps, 14 crashes, 31 refusals, 612 events, 1043 comparisons, digest 8f0c1d5a90b1e2c4

            The same seed gives the same digest. Ends with status 70 if a promise was broken, after saying which, and how to
            see it again.

            Example: fifty worlds; then one of them, line by line

              segment-replay simulate --seeds 50
              segment-replay simulate --seed 17 --verbose
            """)

    @Option(help: ArgumentHelp("The first seed.", valueName: "n"))
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("How many seeds, counting up.", valueName: "count"))
    var seeds = 1

    @Option(help: ArgumentHelp("How many things happen in each world.", valueName: "n"))
    var steps = Simulation.stepsDefault

    @Flag(help: "Prints what happened, a line each.")
    var verbose = false

    @Option(
        help: ArgumentHelp(
            "Where worlds have their files; without it in memory (/dev/shm), or in TMPDIR.", valueName: "dir"))
    var directory: String?

    /// The lines of a failing world that are shown.
    private static let tailLines = 30

    func validate() throws {
        guard seeds > 0, steps > 0 else { throw ValidationError("--seeds and --steps are at least 1.") }
    }

    func run() async throws {
        var failed: [UInt64] = []
        for number in 0..<UInt64(seeds) {
            let report = try await simulate(seed &+ number)
            if verbose { for line in report.transcript { StandardOutput.write(line + "\n") } }
            StandardOutput.write(report.line + "\n")
            guard let violation = report.violation else { continue }
            failed.append(report.seed)
            StandardOutput.write(
                """
                  broken at step \(report.steps): \(violation.promise)
                  \(violation.detail)
                  again: segment-replay simulate --seed \(report.seed) --steps \(steps) --verbose

                """)
            guard !verbose else { continue }
            for line in report.transcript.suffix(Self.tailLines) { StandardOutput.write("  | \(line)\n") }
        }
        guard failed.isEmpty else { throw ExitCode(ReplayFailure.broken) }
    }

    private func simulate(_ seed: UInt64) async throws -> SimulationReport {
        let place = try ScratchDirectory(in: directory ?? (access("/dev/shm", W_OK) == 0 ? "/dev/shm" : nil))
        return try await Simulation(seed: seed, steps: steps, directory: place.path).run()
    }
}

extension SimulationReport {
    fileprivate var line: String {
        """
        seed \(seed): \(steps) steps, \(crashes) crashes, \(refusals) refusals, \(events) events, \
        \(comparisons) comparisons, digest \(digest)
        """
    }
}
