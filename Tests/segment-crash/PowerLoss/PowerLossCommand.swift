import ArgumentParser

/// `segment-crash power-loss`: images that a power loss can leave of real runs.
struct PowerLossCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "power-loss",
        abstract: "Opens what a power loss may leave of a daemon's files, and compares it with what was acknowledged.",
        discussion: """
            Workloads run against the real daemon, whose calls a preloaded library records. After any of the calls the
            power may fail; what was not synced by then is lost, kept, or torn to sectors of 512 bytes, and names of
            files go the same way. Each such image is opened and asked everything.

            With --disregard the model forgets a guarantee that the daemon relies on; then images must fail, which
            shows that the campaign sees what it looks for.
            """)

    @Option(help: "Images to look at.")
    var count = 200

    @Option(help: "Seed of the choice.")
    var seed: UInt64 = 1

    @Option(help: "Processes that look at images.")
    var workers = 2

    @Option(help: "A guarantee to leave out: \(DiskModel.Guarantee.allCases.map(\.rawValue).joined(separator: ", ")).")
    var disregard: DiskModel.Guarantee?

    private static let longCount = 4
    private static let longSteps = 14

    func run() async throws {
        let long = (0..<Self.longCount).map { Workload.random(seed: seed + UInt64($0), stepCount: Self.longSteps) }
        let recordings = try (Workload.small + long).map { try Recording(of: $0) }
        let candidates = Candidate.choose(count, small: 0..<Workload.small.count, of: recordings, seed: seed)
        let workers = workers
        let guarantee = disregard
        let found = try await withThrowingTaskGroup(of: [String].self) { group in
            for number in 0..<workers {
                let share = candidates.indices.filter { $0 % workers == number }.map { candidates[$0] }
                let worker = try ImageWorker()
                group.addTask { try await worker.check(share, of: recordings, disregarding: guarantee) }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        let operations = recordings.reduce(0) { $0 + $1.operations.count }
        try Report("\(candidates.count) images of \(recordings.count) runs with \(operations) operations, seed \(seed)")
            .end(found)
    }
}

extension DiskModel.Guarantee: ExpressibleByArgument {}
