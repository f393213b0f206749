public import SegmentModel
internal import Synchronization

/// What the audit of an audience has come to since it was opened.
public struct AuditFigures: Equatable, Sendable {
    /// Contacts derived anew, and compared.
    public var contacts = 0
    /// Differences found, and contacts that had any; zero unless something is wrong with segmentd.
    public var differences = 0
    public var contactsWithDifferences = 0
    /// Rounds that could not be done.
    public var failures = 0
    /// When a contact was last compared.
    public var lastAt: Instant?
    /// The differences found last.
    public var reports: [AuditReport] = []
}

/// Keeps what audits find; read without waiting for anybody.
final class AuditBook: Sendable {
    private let state = Mutex(AuditFigures())

    /// Differences that are kept; those found last.
    static let reportsMax = 20

    var figures: AuditFigures { state.withLock { $0 } }

    /// Takes what comparing one contact has shown.
    func note(_ reports: [AuditReport], at now: Instant) {
        state.withLock { figures in
            figures.contacts += 1
            figures.lastAt = now
            guard !reports.isEmpty else { return }
            figures.differences += reports.count
            figures.contactsWithDifferences += 1
            figures.reports = (figures.reports + reports).suffix(Self.reportsMax)
        }
    }

    func noteFailure() {
        state.withLock { $0.failures += 1 }
    }
}
