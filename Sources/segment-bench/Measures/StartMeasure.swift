import EventLog
import SegmentEngine
import SegmentModel

/// From a stopped process to all segments ready: the log opened, the view read, what came after it folded, and contacts
/// evaluated that were touched or had a window edge since the view was written, in the log's own time.
struct StartMeasure {
    private var clean: [Double] = []
    private var behind: [Double] = []
    private var behindEvents: UInt64 = 0
    /// Members of each segment, by an engine that began with nothing.
    private var counts: [Int?] = []

    /// A view may be so many events behind when the daemon is killed.
    private static let behindMax: UInt64 = 500_000

    mutating func run(_ session: Session) async throws {
        let end = session.log.tail.sequence
        counts = Self.counts(session, try await writeView(session, through: end, at: session.now))
        for _ in 0..<session.rounds { clean.append(try await start(session)) }
        behindEvents = min(Self.behindMax, end / 2)
        let last = end - behindEvents
        let instant = try session.log.read(from: last, countMax: 1).first?.visibleAt ?? session.now
        try await writeView(session, through: last, at: instant)
        for _ in 0..<session.rounds { behind.append(try await start(session)) }
    }

    /// Writes a view that ends with the event `last`, as of an instant; nobody has it open afterwards.
    @discardableResult
    private func writeView(
        _ session: Session, through last: UInt64, at instant: Instant
    ) async throws -> EngineSnapshot {
        let keeper = try session.makeKeeper()
        _ = try await keeper.rebuild(through: last, at: instant)
        _ = try await keeper.draftView().write(to: session.views)
        return await keeper.snapshot()
    }

    private static func counts(_ session: Session, _ snapshot: EngineSnapshot) -> [Int?] {
        session.definitions.all.map { snapshot.count(of: $0.name) }
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
        guard Self.counts(session, await keeper.snapshot()) == counts else {
            throw BenchFailure("The engine started with other members.", status: BenchFailure.wrongResult)
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
