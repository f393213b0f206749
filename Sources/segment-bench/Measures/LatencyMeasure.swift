import SegmentModel

/// How long new events take from their bytes to every segment, one batch at a time.
struct LatencyMeasure {
    private var totals: [Double] = []
    private var admissions: [Double] = []
    private var appends: [Double] = []
    private var folds: [Double] = []
    private var advances: [Double] = []
    private var changes: [Double] = []
    /// The first batch after a rebuild finds nothing compiled; the daemon has that behind it.
    private var first: Double?

    /// Virtual seconds from one batch to the next.
    static let secondsBetween: Int64 = 1

    mutating func run(_ session: Session, _ keeper: Keeper, ticks: Int) async throws {
        await keeper.keepChanges(true)
        for tick in 0...ticks {
            session.step(bySeconds: Self.secondsBetween)
            let bytes = session.ticks.next(at: session.now)
            var ingest = Ingest(log: session.log)
            let start = ContinuousClock.now
            _ = try await ingest.take(bytes, recordedAt: session.now)
            let parts = try await keeper.follow(to: session.now)
            let total = (ContinuousClock.now - start).inMilliseconds
            changes.append(Double(await keeper.takeChanges().count))
            guard tick > 0 else {
                first = total
                continue
            }
            totals.append(total)
            admissions.append(ingest.admission.inMilliseconds)
            appends.append(ingest.append.inMilliseconds)
            folds.append(parts.fold.inMilliseconds)
            advances.append(parts.advance.inMilliseconds)
        }
    }

    func figures(_ session: Session) -> [Figure] {
        let scale = session.scale
        return [
            Figure(
                key: "latency", title: "1,000 new events to all segments, durable", unit: .milliseconds, values: totals,
                goal: scale.goal(5, 8, 30)),
            Figure(
                key: "latency.p99", title: "  99 % of them", unit: .milliseconds, statistic: .percentile99,
                values: totals, goal: scale.goal(20, 25, 60)),
            Figure(key: "latency.admission", title: "  admission", unit: .milliseconds, values: admissions),
            Figure(key: "latency.append", title: "  append and sync", unit: .milliseconds, values: appends),
            Figure(key: "latency.fold", title: "  fold", unit: .milliseconds, values: folds),
            Figure(key: "latency.advance", title: "  evaluate, count, edges", unit: .milliseconds, values: advances),
            Figure(
                key: "latency.first", title: "  the first after a rebuild", unit: .milliseconds,
                values: first.map { [$0] } ?? []),
            Figure(key: "latency.changes", title: "  changes of membership", unit: .count, values: changes),
        ]
    }
}
