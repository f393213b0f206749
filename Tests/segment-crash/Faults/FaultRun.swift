import FoundationEssentials
import Glibc
import LMDB

/// Runs the lives of one daemon, in one of which a call fails, and checks what it answered, how it ended, and what is
/// left of it.
actor FaultRun {
    private let executor = PinnedExecutor(name: "faults")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    private let checker: Checker

    init(checker: Checker) {
        self.checker = checker
    }

    /// What came of a run.
    struct Result: Sendable {
        /// Whether the call that was to fail was made.
        var isHit = false
        var violation: String?
    }

    /// The codes that the manual page explains, but that of a wrong usage.
    private static let documentedCodes: Set<Int32> = [0, 65, 69, 70, 78]

    private static let endLimit = Duration.seconds(5)

    func run(_ fault: Fault) async throws -> Result {
        let home = try DaemonHome()
        let hitFile = home.path("hit")
        var result = Result()
        do {
            // A sync that fails leaves the bytes where the checker sees them: only the answer tells whether it was heeded.
            let heeds = fault.kind.callClass == "sync" && fault.kind.number != EINTR
            let ledger = try live(home, failingSync: heeds ? hitFile : nil) {
                $0 == fault.life ? fault.environment(hitFile: hitFile) : nil
            }
            result.violation = try await checker.check(home.data, against: ledger)
        } catch let violation as Violation {
            result.violation = violation.description
        }
        result.isHit = access(hitFile, F_OK) == 0
        if result.violation != nil { result.violation = "\(fault.description): \(result.violation ?? "")" }
        return result
    }

    /// How many calls of each class there are in each life if none fails.
    func callCounts() throws -> [[String: Int]] {
        let home = try DaemonHome()
        _ = try live(home) { ["FAULT_SEEN": home.path("seen\($0)")] }
        return try Workload.wide.indices.map { life in
            let text = try String(contentsOfFile: home.path("seen\(life)"), encoding: .utf8)
            let pairs = text.split(separator: "\n").map { $0.split(separator: " ") }
            return Dictionary(uniqueKeysWithValues: pairs.map { (String($0[0]), Int($0[1]) ?? 0) })
        }
    }

    /// - Parameters:
    ///   - failingSync: has the path of a file once its sync has failed. A step during which that was the log must not be
    ///     acknowledged.
    ///   - environment: what the preloaded library is told in a life; nil: it is not loaded.
    private func live(
        _ home: DaemonHome, failingSync: String? = nil, _ environment: (Int) -> [String: String]?
    ) throws -> Ledger {
        func isLogUnsynced() -> Bool {
            guard let failingSync, let path = try? String(contentsOfFile: failingSync, encoding: .utf8) else {
                return false
            }
            return path.hasSuffix("/log/data.mdb")
        }
        var ledger = Ledger(laneCount: 1)
        for (life, steps) in Workload.wide.enumerated() {
            var daemon = try start(home, environment(life))
            // Whatever is found, nothing goes on running.
            defer { daemon.kill() }
            for step in steps {
                let wasUnsynced = isLogUnsynced()
                let (entry, mayEnd) = try make(step, home, isDoubted: ledger.isDoubted)
                guard entry.outcome != .acknowledged || wasUnsynced == isLogUnsynced() else {
                    throw Violation("\(step) is acknowledged though the log could not be synced")
                }
                ledger.lanes[0].append(entry)
                if mayEnd, let end = daemon.end(within: Self.tickLimit) {
                    try expectDocumented(end, home)
                    daemon = try home.started()
                }
            }
            daemon.send(signal: SIGTERM)
            try expectDocumented(daemon.end(within: Self.endLimit), home)
        }
        return ledger
    }

    /// A daemon whose store failed notices within some ticks.
    private static let tickLimit = Duration.milliseconds(300)

    /// A daemon that listens: if the first cannot start, and says so, the next can.
    private func start(_ home: DaemonHome, _ environment: [String: String]?) throws -> ChildProcess {
        switch try home.start(environment) {
        case .listening(let child): return child
        case .silent: throw Violation("neither listens nor ends: \(home.lastWords)")
        case .ended(let end):
            guard environment != nil else { throw Violation("does not start: \(home.lastWords)") }
            try expectDocumented(end, home)
            return try home.started()
        }
    }

    /// Makes a step's request.
    ///
    /// - Returns: what is known of it, and whether the daemon may end after that.
    private func make(
        _ step: Step, _ home: DaemonHome, isDoubted: Bool
    ) throws -> (entry: Ledger.Entry, mayEnd: Bool) {
        var entry = Ledger.Entry(step: step, outcome: .doubtful)
        switch home.make(step) {
        case .silent: throw Violation("says nothing for \(Exchange.silenceSecondsMax) s to \(step)")
        case .brokenOff: return (entry, true)
        case .answered(let answer):
            if answer.isSuccess {
                entry.outcome = .acknowledged
                entry.workedOff = try answer.workedOff(by: step)
                return (entry, false)
            }
            let text = String(decoding: answer.body, as: UTF8.self)
            guard answer.status >= 500 || isDoubted else {
                throw Violation("\(step) is answered with \(answer.status) \(text)")
            }
            guard text.contains("\"code\"") else { throw Violation("\(answer.status) without a problem: \(text)") }
            // Want of room, or a request that an earlier failure has made wrong, is no reason to.
            return (entry, answer.status == Self.storeFailedStatus)
        }
    }

    private static let storeFailedStatus = 500

    private func expectDocumented(_ end: ChildProcess.End?, _ home: DaemonHome) throws {
        guard case .code(let code) = end, Self.documentedCodes.contains(code) else {
            throw Violation("ends with \(end.map { "\($0)" } ?? "nothing, it hangs"): \(home.lastWords)")
        }
    }
}

extension Ledger {
    /// Whether something was not answered for, so that what builds on it may rightly be refused.
    fileprivate var isDoubted: Bool {
        lanes.joined().contains { $0.outcome != .acknowledged }
    }
}
