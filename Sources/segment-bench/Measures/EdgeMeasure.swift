import EventLog
import SegmentModel
import Synchronization

/// Time alone: many windows end at once, while events go on arriving.
struct EdgeMeasure {
    private var figures: [Figure] = []

    /// Edges passed before others get their turn.
    private static let edgesMax = 512
    private static let dayMicroseconds: Int64 = 86_400_000_000
    private static let acknowledgementGoal: Double = 50

    /// Passes the next local midnight, then a day in one go.
    mutating func run(_ session: Session, _ keeper: Keeper) async throws -> [Figure] {
        await keeper.keepChanges(true)
        let midnight = Instant(
            microseconds: (session.now.microseconds / Self.dayMicroseconds + 1) * Self.dayMicroseconds)
        session.move(to: midnight.advanced(byMicroseconds: -1_000_000))
        try await keeper.follow(to: session.now)
        _ = await keeper.takeChanges()
        session.step(bySeconds: 2)
        try await pass(session, keeper, key: "midnight", title: "midnight, all edges of two seconds")
        session.step(bySeconds: 86_400)
        try await pass(session, keeper, key: "day", title: "a day without events in one go")
        await keeper.keepChanges(false)
        return figures
    }

    private mutating func pass(_ session: Session, _ keeper: Keeper, key: String, title: String) async throws {
        let target = session.now
        // Recorded after the target, so that they wait until it is reached.
        session.step(bySeconds: 1)
        let sender = EdgeTraffic(session)
        let sending = Task.detached { try await sender.run() }
        var slices: [Double] = []
        var isDone = false
        while !isDone {
            let slice = await keeper.advanceSlice(to: target, edgesMax: Self.edgesMax)
            slices.append(slice.took.inMilliseconds)
            isDone = slice.isDone
            await Task.yield()
        }
        sender.stop()
        let acknowledgements = try await sending.value
        let changes = await keeper.takeChanges().count
        try await keeper.follow(to: session.now)
        _ = await keeper.takeChanges()
        add(key, title, slices, acknowledgements, changes)
    }

    private mutating func add(
        _ key: String, _ title: String, _ slices: [Double], _ acknowledgements: [Double], _ changes: Int
    ) {
        figures += [
            Figure(key: key, title: title, unit: .milliseconds, values: [slices.reduce(0, +)]),
            Figure(
                key: key + ".edges", title: "  contacts with an edge, at most", unit: .count,
                values: [Double(slices.count * Self.edgesMax)]),
            Figure(key: key + ".changes", title: "  changes of membership", unit: .count, values: [Double(changes)]),
            Figure(
                key: key + ".slice", title: "  longest slice of \(Self.edgesMax)", unit: .milliseconds,
                statistic: .worst, values: slices),
            Figure(
                key: key + ".acknowledgement", title: "  longest wait of 100 events to be stored meanwhile",
                unit: .milliseconds, statistic: .worst, values: acknowledgements, goal: Self.acknowledgementGoal),
        ]
    }
}

/// Sends 100 events every few milliseconds until it is told to stop.
private final class EdgeTraffic: Sendable {
    private let log: EventLog
    private let instant: Instant
    private let batches: [[UInt8]]
    private let isStopped = Atomic(false)

    private static let period = Duration.milliseconds(5)
    private static let eventsOfBatch = 100
    private static let batchesMax = 2_000
    /// Sent even if the edges are passed sooner.
    private static let batchesMin = 20

    init(_ session: Session) {
        log = session.log
        instant = session.now
        var maker = TickMaker(
            session.workload.batches.flatMap { Self.pieces(of: $0) }, label: "edge\(session.now.microseconds)-",
            isFirstPassKept: false)
        batches = (0..<Self.batchesMax).map { _ in maker.next(at: session.now) }
    }

    private static func pieces(of batch: [UInt8]) -> [[UInt8]] {
        let lines = batch.split(separator: UInt8(ascii: "\n"))
        return stride(from: 0, to: lines.count, by: eventsOfBatch).map { first in
            Array(lines[first..<min(first + eventsOfBatch, lines.count)].joined(separator: [UInt8(ascii: "\n")]))
        }
    }

    func stop() { isStopped.store(true, ordering: .relaxed) }

    /// - Returns: milliseconds from the bytes of each batch until it was durable.
    func run() async throws -> [Double] {
        var waits: [Double] = []
        var ingest = Ingest(log: log)
        for batch in batches {
            guard waits.count < Self.batchesMin || !isStopped.load(ordering: .relaxed) else { break }
            let start = ContinuousClock.now
            _ = try await ingest.take(batch, recordedAt: instant)
            waits.append((ContinuousClock.now - start).inMilliseconds)
            try await Task.sleep(until: start + Self.period, clock: .continuous)
        }
        return waits
    }
}
