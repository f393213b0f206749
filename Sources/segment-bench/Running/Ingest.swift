import Admission
import EventLog
import SegmentModel

/// From bytes to a durable log, as a request of a source goes.
struct Ingest {
    let log: EventLog
    /// What admitting and appending took.
    private(set) var admission = Duration.zero
    private(set) var append = Duration.zero

    init(log: EventLog) {
        self.log = log
    }

    /// Admits all lines and appends them; returns when they are durable.
    ///
    /// - Returns: events appended; duplicates are left out.
    mutating func take(_ bytes: [UInt8], recordedAt: Instant) async throws -> Int {
        var batch = AdmittedBatch()
        admission = timed {
            let lines = NDJSONAdmission()
            lines.feed(bytes)
            batch = lines.finish()
        }
        guard batch.rejections.isEmpty else { throw Self.failure(batch.rejections) }
        let start = ContinuousClock.now
        let receipt = try await log.append(
            AppendRequest(events: batch.events, recording: .at(recordedAt), delayMicroseconds: 0))
        append = ContinuousClock.now - start
        guard receipt.problems.isEmpty, receipt.appended + receipt.duplicates == batch.events.count else {
            throw Self.failure(receipt.problems)
        }
        return receipt.appended
    }

    static func failure(_ problems: [Rejection]) -> BenchFailure {
        let first = problems.first.map { "line \($0.line): \($0.pointer): \($0.message)" } ?? "events are missing"
        return BenchFailure("\(problems.count) lines were not stored; \(first)", status: BenchFailure.wrongResult)
    }
}
