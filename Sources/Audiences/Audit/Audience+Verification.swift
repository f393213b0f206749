internal import EventLog
internal import SegmentEngine
public import SegmentModel

/// What comparing all contacts with the log has shown.
public struct AudienceVerification: Equatable, Sendable {
    public var frontier: Instant
    /// What was compared: contacts, each in so many segments and distinct conditions.
    public var contacts: Int
    public var segments: Int
    public var leaves: Int
    /// The first by their contacts' ids, and how many there are: none unless something is wrong with segmentd.
    public var differences: [ContactDifference]
    public var differenceCount: Int
    /// Segments whose count is not the number of their members, with both.
    public var wrongCounts: [WrongCount]

    /// Whether nothing is wrong.
    public var isSound: Bool { differenceCount == 0 && wrongCounts.isEmpty }
}

/// A segment whose count is not the number of its members.
public struct WrongCount: Equatable, Sendable {
    public var segment: SegmentLabel
    public var count: Int
    public var members: Int
}

extension Audience {
    /// Derives every contact anew from the log, at the frontier, and compares all segments and all distinct conditions
    /// with the live state.
    ///
    /// Cost: readings of the log as `rerun`, and for each contact a look at its history for each condition of each
    /// segment. One at a time, reruns among them. Cancelled with the task that asks.
    public func verify() async throws(AudienceError) -> AudienceVerification {
        try await present()
        let generation = log.generation
        let snapshot = await snapshot()
        let comparison = try ContactComparison(snapshot, zones: projection.zones)
        func verification(_ progress: BuildProgress) -> Verification {
            Verification(
                parts: ContactParts(
                    log: log, frontier: snapshot.frontier, contactCount: snapshot.engine.contactCount,
                    eventCount: Int(snapshot.engine.sequence), progress: progress, generation: generation),
                comparison: comparison)
        }
        let readings = verification(BuildProgress(contactCount: 0)).parts.readingCount
        let progress = try reruns.begin(
            segment: RerunsUnderWay.everySegment, eventCount: Int(snapshot.engine.sequence) * readings)
        defer { reruns.end() }
        let work = verification(progress)
        let result = await withTaskCancellationHandler {
            await Self.result { () throws(AudienceError) in try await work.run() }
        } onCancel: {
            progress.cancel()
        }
        let found = try await confirmed(result.get())
        return AudienceVerification(
            frontier: snapshot.frontier, contacts: found.contacts, segments: comparison.segmentCount,
            leaves: comparison.leafCount, differences: found.differences, differenceCount: found.differenceCount,
            wrongCounts: snapshot.wrongCounts())
    }

    /// Leaves out the contacts that have no difference when they are looked at once more: they were erased meanwhile.
    private func confirmed(_ findings: Verification.Findings) async throws(AudienceError) -> Verification.Findings {
        var findings = findings
        for contact in Set(findings.differences.map(\.contact)) {
            guard try await confirmedDifferences(of: contact).differences.isEmpty else { continue }
            let count = findings.differences.count
            findings.differences.removeAll { $0.contact == contact }
            findings.differenceCount -= count - findings.differences.count
        }
        return findings
    }
}

extension AudienceSnapshot {
    /// Segments whose count, which is kept as contacts come and go, is not that of their columns.
    func wrongCounts() -> [WrongCount] {
        book.segments.sorted { $0.key < $1.key }.compactMap { id, saved in
            guard let members = engine.members(of: id)?.count, let count = engine.count(of: id), members != count
            else { return nil }
            return WrongCount(segment: saved.label, count: count, members: members)
        }
    }
}
