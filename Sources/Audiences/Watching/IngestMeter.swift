internal import Admission
internal import EventLog
internal import Synchronization

/// What became of the events handed in since the audience was opened.
public struct IngestFigures: Equatable, Sendable {
    public var appended = 0
    public var duplicates = 0
    public var conflicts = 0
    /// Lines refused, by the code of the reason.
    public var rejected: [String: Int] = [:]
    public var batches = 0
    /// Of all events that were valid, in their binary form.
    public var bytes = 0
}

/// Counts what is handed in, a batch at a time.
final class IngestMeter: Sendable {
    private let state = Mutex(IngestFigures())

    var figures: IngestFigures { state.withLock { $0 } }

    func note(_ receipt: IngestReceipt, bytes: Int) {
        state.withLock { figures in
            figures.appended += receipt.appended
            figures.duplicates += receipt.duplicates
            figures.conflicts += receipt.conflicts
            figures.batches += 1
            figures.bytes += bytes
            for problem in receipt.problems where problem.code != Self.conflict {
                figures.rejected[problem.code, default: 0] += 1
            }
        }
    }

    /// Conflicts are counted by themselves.
    private static let conflict = RejectionCode.conflict.rawValue
}
