internal import SegmentModel

/// The look at all records that a definition with new leaves needs; made beside the engine's other work.
///
/// `MembershipEngine.prepare` makes it, any thread runs it, `MembershipEngine.install` puts what it found to use.
public struct SegmentBuild: Sendable {
    let number: Int
    let condition: Condition
    let leaves: [Leaf]
    let scan: LeafScan
    /// The same look, from values, where that is possible.
    let values: ValueScan
    let pool: WorkerPool

    /// What a build found; for `MembershipEngine.install` alone.
    public struct Findings: Sendable {
        let found: LeafScan.Findings
    }

    /// Contacts there are to look at.
    public var contactCount: Int { scan.records.count }

    /// Looks at all records.
    ///
    /// - Parameters:
    ///   - progress: is told how many contacts have been looked at.
    ///   - isCancelled: asked every few milliseconds.
    /// - Returns: nil if cancelled.
    public func run(
        progress: @Sendable (Int) -> Void, isCancelled: @Sendable () -> Bool
    ) -> Findings? {
        if let found = values.findings(on: pool) {
            progress(contactCount)
            return isCancelled() ? nil : Findings(found: found)
        }
        return scan.run(on: pool, progress: progress, isCancelled: isCancelled).map { Findings(found: $0) }
    }

    /// Looks at all records without being watched.
    func run() -> Findings {
        guard let found = run(progress: { _ in }, isCancelled: { false }) else {
            preconditionFailure("a scan that nobody cancels ends")
        }
        return found
    }
}
