internal import EventLog
internal import SegmentEngine
public import SegmentModel

/// What recomputing a segment from the log showed.
public struct SegmentRerun: Equatable, Sendable {
    public var frontier: Instant
    public var segment: SegmentLabel
    public var revision: Int
    /// Contacts that were recomputed, and those of them that are members.
    public var checked: Int
    public var members: Int
    /// Members that the live segment lacks, and those that it has and should not; the first of them by their ids.
    public var missing: [Identifier]
    public var unexpected: [Identifier]
    /// How many there are of each; zero unless something is wrong with segmentd.
    public var missingCount: Int
    public var unexpectedCount: Int
}

extension Audience {
    /// Recomputes a segment at the frontier by the reference, from nothing but the log, and compares the live members.
    ///
    /// Cost: the log is decoded once, and read once more for each part that `Recomputation` makes of the contacts; minutes
    /// for millions of events. One at a time. Cancelled with the task that asks.
    public func rerun(_ reference: String) async throws(AudienceError) -> SegmentRerun {
        try await present()
        let generation = log.generation
        let snapshot = await snapshot()
        let saved = try snapshot.book.segment(reference)
        var context = try snapshot.book.settings.evaluationContext(zones: projection.zones)
        context.segments = snapshot.book.segments.mapValues(\.condition)
        let members = snapshot.engine.members(of: saved.stored.id) ?? snapshot.engine.everyone
        return try await rerun(saved, snapshot, generation, ReferenceEvaluator(context: context)) { after, limit in
            snapshot.engine.page(of: members, after: after, limit: limit)
        }
    }

    private func rerun(
        _ saved: DefinitionBook.Saved, _ snapshot: AudienceSnapshot, _ generation: UInt64,
        _ evaluator: ReferenceEvaluator,
        live: @escaping @Sendable (Identifier?, Int) -> [Identifier]
    ) async throws(AudienceError) -> SegmentRerun {
        func recomputation(_ progress: BuildProgress) -> Recomputation {
            Recomputation(
                log: log, frontier: snapshot.frontier, evaluator: evaluator, condition: saved.condition,
                contactCount: snapshot.engine.contactCount, eventCount: Int(snapshot.engine.sequence),
                progress: progress, generation: generation, live: live)
        }
        let readings = recomputation(BuildProgress(contactCount: 0)).readingCount
        let progress = try reruns.begin(
            segment: saved.stored.name, eventCount: Int(snapshot.engine.sequence) * readings)
        defer { reruns.end() }
        let work = recomputation(progress)
        let result = await withTaskCancellationHandler {
            await Self.result { () throws(AudienceError) in try await work.run() }
        } onCancel: {
            progress.cancel()
        }
        let found = try result.get()
        return SegmentRerun(
            frontier: snapshot.frontier, segment: saved.label, revision: saved.stored.revision,
            checked: found.checked, members: found.members, missing: found.missing, unexpected: found.unexpected,
            missingCount: found.missingCount, unexpectedCount: found.unexpectedCount)
    }

    /// What a body returned or threw, for those who cannot pass on what it throws.
    static func result<Value>(
        _ body: () async throws(AudienceError) -> Value
    ) async -> Result<Value, AudienceError> {
        do throws(AudienceError) {
            return .success(try await body())
        } catch {
            return .failure(error)
        }
    }
}
