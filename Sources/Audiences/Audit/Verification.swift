internal import EventLog
internal import SegmentEngine
internal import SegmentModel

/// Every contact derived anew from the log by the reference, and compared with the live state in everything.
///
/// In: a snapshot and the log. Out: every difference. The log is read in parts (`ContactParts`).
struct Verification: Sendable {
    let parts: ContactParts
    let comparison: ContactComparison

    /// What was found.
    struct Findings: Equatable, Sendable {
        /// Contacts compared.
        var contacts = 0
        /// The first `listedMax` by their contacts' ids, and how many there are.
        var differences: [ContactDifference] = []
        var differenceCount = 0
    }

    /// Differences that are named.
    static let listedMax = 1_000
    /// Contacts compared before others get their turn: with thousands of segments each takes milliseconds.
    private static let sliceMax = 64

    /// Recomputes and compares; ends early if the progress is cancelled.
    @concurrent
    func run() async throws(AudienceError) -> Findings {
        let partition = try await parts.partition()
        var findings = Findings()
        for part in 0..<partition.count {
            let contacts = try await parts.contacts(of: part, partition)
            for (number, contact) in contacts.enumerated() {
                if number % Self.sliceMax == 0 { try await parts.pause() }
                findings.add(comparison.differences(of: contact.id, leftByLog: contact))
            }
            findings.contacts += contacts.count
            let engine = comparison.snapshot.engine
            let live = try await parts.ids(of: part, partition) {
                engine.page(of: engine.everyone, after: $0, limit: $1)
            }
            for id in live.subtracting(contacts.map(\.id)) {
                findings.add(comparison.differences(of: id, leftByLog: nil))
            }
        }
        return findings
    }
}

extension Verification.Findings {
    fileprivate mutating func add(_ found: [ContactDifference]) {
        guard !found.isEmpty else { return }
        differenceCount += found.count
        differences += found
        // In the order of contacts, those of one contact in the order in which they were found.
        differences = Array(
            differences.enumerated()
                .sorted { ($0.element.contact, $0.offset) < ($1.element.contact, $1.offset) }
                .prefix(Verification.listedMax).map(\.element))
    }
}
