import ControlAPI
import FoundationEssentials
import Glibc
import SegmentModel
import TestSupport

/// Rounds on one data directory: a daemon is started, loaded and killed; what it leaves is checked.
struct KillRun {
    private let home: DaemonHome
    private let clients: [LoadClient]
    private let checker: Checker
    private var random: SeededGenerator
    private var found: [String] = []
    /// What the daemon before this one said.
    private var frontier: Instant = .earliest

    private static let lanes = [0, 1, 2, Shop.erasableLane]

    init(seed: UInt64, checker: Checker) throws {
        home = try DaemonHome()
        random = SeededGenerator(seed: seed)
        self.checker = checker
        let socket = home.socket
        clients = Self.lanes.map {
            LoadClient(lane: $0, socket: socket, seed: seed &* 31 &+ UInt64($0))
        }
    }

    /// How a daemon is made to end.
    private enum Ending: CaseIterable {
        /// Killed while it starts, under load, while it stops in an orderly way; or not at all.
        case whileStarting, underLoad, whileStopping, orderly
    }

    /// - Returns: what was wrong.
    mutating func run(rounds: Int) async throws -> [String] {
        // A round's directory is checked while the next round is under way, as a copy.
        var check: Task<String?, any Error>?
        for round in 1...rounds {
            do {
                try await runRound()
            } catch {
                found.append("round \(round): \(error)")
            }
            if let problem = try await check?.value { found.append("round \(round - 1): \(problem)") }
            let copy = home.path("copy")
            try? FileManager.default.removeItem(atPath: copy)
            // The first one may have been killed before it had made it.
            if access(home.data, F_OK) != 0 { mkdir(home.data, 0o700) }
            try FileManager.default.copyItem(atPath: home.data, toPath: copy)
            let ledger = await ledger()
            check = Task { [checker] in try await checker.check(copy, against: ledger) }
        }
        if let problem = try await check?.value { found.append("round \(rounds): \(problem)") }
        return found
    }

    private func ledger() async -> Ledger {
        var ledger = Ledger(laneCount: clients.count)
        for (lane, client) in clients.enumerated() { ledger.lanes[lane] = await client.entries }
        return ledger
    }

    private static let startMicroseconds: UInt64 = 12_000
    private static let loadMicroseconds: UInt64 = 40_000
    private static let stopMicroseconds: UInt64 = 12_000

    private mutating func runRound() async throws {
        let ending: Ending = random.pick([
            .whileStarting, .underLoad, .underLoad, .underLoad, .underLoad, .whileStopping, .whileStopping, .orderly,
        ])
        let pause = { (limit: UInt64, random: inout SeededGenerator) in
            Duration.microseconds(Int64.random(in: 0...Int64(limit), using: &random))
        }
        guard ending != .whileStarting else {
            let child = try home.spawn(nil)
            try await Task.sleep(for: pause(Self.startMicroseconds, &random))
            return try Self.expectKilled(child.kill(), home)
        }
        let child = try home.started()
        defer { child.kill() }
        try await checkStatus()
        let (load, rest) = (pause(Self.loadMicroseconds, &random), pause(Self.stopMicroseconds, &random))
        try await withThrowingTaskGroup(of: Void.self) { [clients, home] group in
            for client in clients { group.addTask { try await client.run() } }
            try await Task.sleep(for: load)
            switch ending {
            case .orderly: try home.stop(child)
            case .whileStopping:
                child.send(signal: SIGTERM)
                try await Task.sleep(for: rest)
                child.kill()
            case .underLoad, .whileStarting: try Self.expectKilled(child.kill(), home)
            }
            try await group.waitForAll()
        }
    }

    private static func expectKilled(_ end: ChildProcess.End?, _ home: DaemonHome) throws {
        guard end == .signal(SIGKILL) else {
            throw Violation(
                "the daemon ended before it was killed, with \(end.map { "\($0)" } ?? "?"): \(home.lastWords)")
        }
    }

    /// The first thing a daemon says after a crash: how many events it has, and where its frontier is.
    private mutating func checkStatus() async throws {
        guard case .answered(let answer) = Exchange.make(.status, at: home.socket), answer.isSuccess else {
            throw Violation("no status: \(home.lastWords)")
        }
        let status = try WireCoding.decode(StatusAnswer.self, from: answer.body)
        let ledger = await ledger()
        let counts = ledger.eventCounts
        guard let audience = status.audiences.first else {
            guard !ledger.isCreated else { throw Violation("the audience is gone") }
            return
        }
        let possible = counts.acknowledged...counts.acknowledged + counts.doubtful
        guard possible.contains(Int(audience.lastSequence)) else {
            throw Violation("\(audience.lastSequence) events are stored, not \(possible)")
        }
        let present = try Instant(rfc3339: audience.frontier)
        guard present >= frontier else { throw Violation("the frontier went back from \(frontier) to \(present)") }
        frontier = present
    }
}
