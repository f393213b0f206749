import SegmentEngine
import SegmentModel

/// Definitions that are not saved: how many members each would have.
struct ReviewMeasure {
    /// The slowest of the first looks: the one that finds no values.
    private var first: [Double] = []
    private var valueBytes = 0
    private var unknown: [Double] = []
    private var known: [Double] = []
    private var newSaves: [Double] = []
    private var saves: [Double] = []

    /// - Parameter keeper: as it was; all that is defined here is removed again.
    mutating func run(_ session: Session, _ keeper: Keeper, _ reviews: Definitions) async throws {
        var counts = Counts()
        first = [try await look(reviews, keeper, &counts).max() ?? 0]
        valueBytes = await keeper.snapshot().valueByteCount
        unknown = try await count(reviews, session, keeper, &counts)
        for (index, review) in reviews.all.enumerated() {
            newSaves.append(await keeper.define(Self.name("reviewed", index), as: review.condition).inMilliseconds)
        }
        known = try await count(reviews, session, keeper, &counts)
        saves = await save(reviews, session, keeper)
        for index in reviews.all.indices { await keeper.remove(Self.name("reviewed", index)) }
    }

    /// What each definition counted before, by its place.
    private typealias Counts = [Int: Int]

    private static func name(_ word: String, _ index: Int) -> String { "\(word)-\(index)" }

    /// - Returns: the median for each definition.
    private func count(
        _ reviews: Definitions, _ session: Session, _ keeper: Keeper, _ counts: inout Counts
    ) async throws -> [Double] {
        var rounds: [[Double]] = []
        for _ in 0..<session.rounds { rounds.append(try await look(reviews, keeper, &counts)) }
        return reviews.all.indices.map { index in rounds.map { $0[index] }.percentile(50) ?? 0 }
    }

    /// Counts each definition once; fails if one has not the members it had before.
    private func look(_ reviews: Definitions, _ keeper: Keeper, _ counts: inout Counts) async throws -> [Double] {
        let snapshot = await keeper.snapshot()
        return try reviews.all.enumerated().map { index, review in
            var count = 0
            let took = timed { count = snapshot.count(of: review.condition) }
            guard counts[index, default: count] == count else {
                throw BenchFailure(
                    "\(review.name) has \(count) members, and had \(counts[index] ?? 0) before",
                    status: BenchFailure.wrongResult)
            }
            counts[index] = count
            return took.inMilliseconds
        }
    }

    /// Saves each definition again under another name: all its leaves are known.
    private func save(_ reviews: Definitions, _ session: Session, _ keeper: Keeper) async -> [Double] {
        var medians: [Double] = []
        for (index, review) in reviews.all.enumerated() {
            var times: [Double] = []
            for _ in 0..<session.rounds {
                times.append(await keeper.define(Self.name("saved", index), as: review.condition).inMilliseconds)
                await keeper.remove(Self.name("saved", index))
            }
            medians.append(times.percentile(50) ?? 0)
        }
        return medians
    }

    var reviewFigures: [Figure] {
        [
            Figure(
                key: "review", title: "members of a definition that is not saved", unit: .milliseconds,
                values: unknown, goal: 4),
            Figure(
                key: "review.worst", title: "  the worst definition", unit: .milliseconds, statistic: .worst,
                values: unknown, goal: 20),
            Figure(
                key: "review.first", title: "  the first one, which makes the values", unit: .milliseconds,
                values: first),
            Figure(
                key: "review.values", title: "  memory of the values", unit: .megabytes,
                values: [Double(valueBytes) / 1e6]),
            Figure(
                key: "review.known", title: "  all its conditions known", unit: .milliseconds, values: known, goal: 0.1),
        ]
    }

    var saveFigures: [Figure] {
        [
            Figure(
                key: "save", title: "saving a definition, its conditions known", unit: .milliseconds, values: saves,
                goal: 1),
            Figure(
                key: "save.new", title: "  its conditions new, just reviewed", unit: .milliseconds, values: newSaves),
        ]
    }
}
