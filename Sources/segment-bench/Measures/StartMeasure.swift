import EventLog
import SegmentEngine
import SegmentModel

/// From a stopped process to all segments ready: the log opened, the view read, what came after it folded, all contacts
/// evaluated.
struct StartMeasure {
    private var clean: [Double] = []
    private var behind: [Double] = []
    private var behindEvents: UInt64 = 0

    /// A view may be so many events behind when the daemon is killed.
    private static let behindMax: UInt64 = 500_000

    mutating func run(_ session: Session) async throws {
        let end = session.log.tail.sequence
        try await writeView(session, through: end)
        for _ in 0..<session.rounds { clean.append(try await start(session)) }
        behindEvents = min(Self.behindMax, end / 2)
        try await writeView(session, through: end - behindEvents)
        for _ in 0..<session.rounds { behind.append(try await start(session)) }
    }

    /// Writes a view that ends with the event `last`; nobody has it open afterwards.
    private func writeView(_ session: Session, through last: UInt64) async throws {
        let keeper = try session.makeKeeper()
        try await keeper.foldOnly(through: last)
        _ = try await keeper.draftView().write(to: session.views)
    }

    private func start(_ session: Session) async throws -> Double {
        let start = ContinuousClock.now
        try session.reopenLog()
        let keeper = try Keeper(session.definitions, over: session.log, session.setting, views: session.views)
        _ = try await keeper.rebuild(through: session.log.tail.sequence, at: session.now)
        let took = (ContinuousClock.now - start).inMilliseconds
        guard await keeper.sequence == session.log.tail.sequence else {
            throw BenchFailure("The engine started and has not seen the whole log.", status: BenchFailure.wrongResult)
        }
        return took
    }

    var figures: [Figure] {
        [
            Figure(
                key: "start", title: "start, the view at the log's end", unit: .milliseconds, values: clean,
                goal: 1_000),
            Figure(
                key: "start.behind", title: "start, the view \(Double(behindEvents).shortText) events behind",
                unit: .milliseconds, values: behind, goal: 3_000),
        ]
    }
}
