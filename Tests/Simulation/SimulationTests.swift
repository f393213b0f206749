import Simulation
import TestSupport
import Testing

/// Whole worlds from seeds: every promise holds after every step.
@Suite struct SimulationTests {
    /// More of them, and longer ones: `scripts/soak simulate`.
    private static let steps = 60

    @Test(arguments: 1...50 as ClosedRange<UInt64>)
    func `no promise is broken`(seed: UInt64) async throws {
        let report = try await report(seed: seed)
        let violation = report.violation.map { "\($0.promise): \($0.detail)" }
        #expect(
            report.violation == nil,
            """
            \(violation ?? "") at step \(report.steps). Again: segment-replay simulate --seed \(seed) --steps \
            \(Self.steps) --verbose
            \(report.transcript.suffix(15).joined(separator: "\n"))
            """)
    }

    @Test func `the same seed gives the same world, and another seed another`() async throws {
        let first = try await report(seed: 3)
        #expect(first == (try await report(seed: 3)))
        #expect(first.digest != (try await report(seed: 4)).digest)
        // The logs are compared byte by byte by their digests.
        #expect(first.transcript.contains { $0.hasPrefix("log of shop-1: ") })
    }

    @Test func `worlds crash, refuse, store, compare and rebuild`() async throws {
        var (crashes, refusals, events, comparisons, rebuilds) = (0, 0, 0, 0, 0)
        for seed in 1...4 as ClosedRange<UInt64> {
            let report = try await report(seed: seed)
            crashes += report.crashes
            refusals += report.refusals
            events += report.events
            comparisons += report.comparisons
            rebuilds += report.rebuilds
        }
        #expect(crashes > 10 && refusals > 5 && events > 200 && comparisons > 200 && rebuilds > 5)
    }

    private func report(seed: UInt64) async throws -> SimulationReport {
        let home = try TemporaryDirectory()
        return try await Simulation(seed: seed, steps: Self.steps, directory: home.path).run()
    }
}
