import ArgumentParser
import TestSupport

/// `segment-crash faults`: one call of the system fails, each in turn.
struct FaultsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "faults",
        abstract: "Lets one system call fail, each in turn, and checks answers, ends and what is left.",
        discussion: """
            A daemon lives three times on one directory: it makes an audience, takes events, saves, edits, sends. In the
            first or the second life one call below its directory fails. It must answer with an error or end with a
            documented code, within 5 seconds; what it acknowledged must be there afterwards.
            """)

    @Option(help: "Runs, chosen at random; without it every call of every class fails once in every way.")
    var count: Int?

    @Option(help: "Seed of the choice.")
    var seed: UInt64 = 1

    @Option(name: .customLong("class"), help: "Only this class of calls, such as write.")
    var callClass: String?

    @Flag(help: "A control: syncs are not made, and nobody hears of it. Some run must find that.")
    var unnoticedSyncs = false

    /// The last life is there to see what the one before it left.
    private static let failingLives = 0..<2
    private static let workerCount = 2

    func run() async throws {
        let directory = try TemporaryDirectory()
        let kinds =
            unnoticedSyncs
            ? [.unnoticedSync] : Fault.Kind.all.filter { callClass == nil || $0.callClass == callClass }
        let checkers = (0..<Self.workerCount).map { Checker(errors: directory.path("errors\($0)")) }
        let runs = checkers.map { FaultRun(checker: $0) }
        let counts = try await runs[0].callCounts()
        let chosen = count.map { choose($0, of: kinds, counts) }
        let total = try await withThrowingTaskGroup(of: Tally.self) { group in
            for (worker, run) in runs.enumerated() {
                let own = Self.share(worker, of: kinds)
                if let faults = chosen.map({ Self.share(worker, of: $0) }) {
                    group.addTask { try await Self.each(faults, run) }
                } else {
                    group.addTask { try await Self.all(own, run) }
                }
            }
            return try await group.reduce(into: Tally()) { $0.add($1) }
        }
        for checker in checkers { await checker.stop() }
        try Report("\(total.runs) runs, a call failed in \(total.hits), seed \(seed)").end(total.found)
    }

    private static func share<Element>(_ worker: Int, of all: [Element]) -> [Element] {
        all.indices.filter { $0 % workerCount == worker }.map { all[$0] }
    }

    private func choose(_ count: Int, of kinds: [Fault.Kind], _ counts: [[String: Int]]) -> [Fault] {
        var random = SeededGenerator(seed: seed)
        var faults: [Fault] = []
        while faults.count < count {
            // Every kind in turn.
            let kind = kinds[faults.count % kinds.count]
            let life = Int.random(in: Self.failingLives, using: &random)
            let calls = max(counts[life][kind.callClass] ?? 0, 1)
            faults.append(Fault(kind: kind, life: life, position: Int.random(in: 1...calls, using: &random)))
        }
        return faults
    }

    private static func each(_ faults: [Fault], _ run: FaultRun) async throws -> Tally {
        var tally = Tally()
        for fault in faults { tally.add(try await run.run(fault)) }
        return tally
    }

    /// The first call, the second, and so on, until there is none left to fail.
    private static func all(_ kinds: [Fault.Kind], _ run: FaultRun) async throws -> Tally {
        var tally = Tally()
        for kind in kinds {
            for life in failingLives {
                var position = 1
                while true {
                    let result = try await run.run(Fault(kind: kind, life: life, position: position))
                    tally.add(result)
                    guard result.isHit else { break }
                    position += 1
                }
            }
        }
        return tally
    }
}

/// What came of many runs.
private struct Tally: Sendable {
    var runs = 0
    var hits = 0
    var found: [String] = []

    mutating func add(_ result: FaultRun.Result) {
        runs += 1
        hits += result.isHit ? 1 : 0
        if let violation = result.violation { found.append(violation) }
    }

    mutating func add(_ other: Tally) {
        runs += other.runs
        hits += other.hits
        found += other.found
    }
}
