internal import Audiences
internal import SegmentModel

/// Runs worlds from seeds, and says what they did.
///
/// In: a seed and a number of steps. Out: a report, the same bytes for the same seed. A world is made of the product's own
/// audiences, logs and engines, on a disk that fails and crashes as the seed says, and after every step it is compared
/// with everything that was acknowledged and with `ReferenceEvaluator`.
public struct Simulation: Sendable {
    public let seed: UInt64
    /// How many things happen.
    public let steps: Int
    /// An empty directory to work in, best in memory; it is removed at the end.
    public let directory: String

    /// Enough for some ten crashes and a dozen segments; about a second.
    public static let stepsDefault = 150

    public init(seed: UInt64, steps: Int = Simulation.stepsDefault, directory: String) {
        self.seed = seed
        self.steps = steps
        self.directory = directory
    }

    /// Runs the world to its end, or to the first promise that is broken.
    public func run() async throws -> SimulationReport {
        let world = try World(seed: seed, home: directory)
        defer { world.remove() }
        var report = SimulationReport(seed: seed)
        do {
            try await world.open()
            for number in 1...max(steps, 1) {
                report.steps = number
                try await world.step(number, isLast: number == steps)
            }
            try await world.end()
        } catch let violation as Violation {
            report.violation = violation
        } catch {
            // Questions have answers, and the world asks only what can be answered.
            report.violation = Violation("questions are answered", "\(error)")
        }
        await world.letGo()
        report.transcript = world.transcript
        report.crashes = world.tally.crashes
        report.refusals = world.tally.refusals
        report.events = world.tally.events
        report.comparisons = world.tally.comparisons
        report.rebuilds = world.tally.rebuilds
        return report
    }
}

/// What became of a world.
public struct SimulationReport: Equatable, Sendable {
    public var seed: UInt64
    /// Steps taken, the one in which a promise was broken among them.
    public var steps = 0
    public var crashes = 0
    /// Requests that were refused.
    public var refusals = 0
    /// Events that were stored.
    public var events = 0
    /// Segments that were compared with the reference.
    public var comparisons = 0
    /// Audiences that were rebuilt from their logs and compared.
    public var rebuilds = 0
    /// What happened, a line each, with digests of members and at the end of the logs.
    public var transcript: [String] = []
    /// The promise that was broken; nil if all were kept.
    public var violation: Violation?

    init(seed: UInt64) {
        self.seed = seed
    }

    /// Of the whole transcript, in sixteen hexadecimal digits.
    public var digest: String {
        var fingerprint = Fingerprint()
        for line in transcript { fingerprint.take(line) }
        return fingerprint.text
    }
}

extension World {
    /// The logs as they are on the disk, byte by byte, once everything is closed.
    func end() async throws {
        disk.isFull = false
        _ = try await close()
        for id in expected.keys.sorted() {
            var fingerprint = Fingerprint()
            fingerprint.take(Tree.bytes(of: path + "/audiences/\(id)/log/data.mdb"))
            say("log of \(id): \(fingerprint.text)")
        }
    }

    /// Ends without a look.
    func letGo() async {
        reader = nil
        disk.relax()
        _ = try? await close()
    }
}
