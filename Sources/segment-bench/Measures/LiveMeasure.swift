import SegmentModel

/// New events at full speed: while one batch is worked into the segments, the next is already being stored.
struct LiveMeasure {
    private var rates: [Double] = []
    private var eventCount = 0
    private var changeCount = 0

    /// Batches that are stored and not yet in the segments.
    private static let aheadMax = 4

    /// Sends so many batches, in as many equal parts as the session has rounds.
    mutating func run(_ session: Session, _ keeper: Keeper, ticks: Int) async throws {
        await keeper.keepChanges(true)
        let perRound = max(ticks / session.rounds, 1)
        for _ in 0..<session.rounds {
            // Made before the clock runs: they stand for what comes from a socket.
            let batches = (0..<perRound).map { _ in
                session.step(bySeconds: LatencyMeasure.secondsBetween)
                return (bytes: session.ticks.next(at: session.now), instant: session.now)
            }
            let start = ContinuousClock.now
            let events = try await send(batches, session, keeper)
            rates.append(Double(events) / (ContinuousClock.now - start).inSeconds)
            eventCount += events
        }
        await keeper.keepChanges(false)
    }

    private mutating func send(
        _ batches: [(bytes: [UInt8], instant: Instant)], _ session: Session, _ keeper: Keeper
    ) async throws -> Int {
        var ingest = Ingest(log: session.log)
        var events = 0
        var following: [Task<Int, any Error>] = []
        for batch in batches {
            events += try await ingest.take(batch.bytes, recordedAt: batch.instant)
            following.append(
                Task.detached {
                    try await keeper.follow(to: batch.instant)
                    return await keeper.takeChanges().count
                })
            if following.count > Self.aheadMax { changeCount += try await following.removeFirst().value }
        }
        for task in following { changeCount += try await task.value }
        return events
    }

    func figures(_ session: Session) -> [Figure] {
        [
            Figure(
                key: "live", title: "new events at full speed, durable, in all segments", unit: .perSecond,
                values: rates, goal: session.scale.goal(250_000, nil, nil)),
            Figure(
                key: "live.changes", title: "  changes of membership per event", unit: .count,
                values: [Double(changeCount) / Double(max(eventCount, 1))]),
        ]
    }
}
