import Admission
import ControlAPI
import NIOCore
import SegmentModel

/// Where a request's events come from, batch by batch.
protocol BatchSource {
    /// The next batch; nil when all events are read. Throws if the body is cut off.
    mutating func next() async throws(Problem) -> AdmittedBatch?
}

/// Lines of NDJSON, decoded as they arrive. Memory: one batch and one line, however long the body is; where there is no
/// room, batches are as small as what arrives.
struct LineSource: BatchSource {
    private var reader: BodyReader
    private let admission: NDJSONAdmission
    private var isFinished = false
    private let room: BodyRoom
    /// Of the batch being read, and of the one before, which is being stored meanwhile.
    private var shares: [BodyRoom.Share] = []

    init(_ reader: BodyReader, firstLine: Int, room: BodyRoom) {
        self.reader = reader
        self.room = room
        admission = NDJSONAdmission(firstLine: firstLine)
    }

    mutating func next() async throws(Problem) -> AdmittedBatch? {
        guard !isFinished else { return nil }
        let share = BodyRoom.Share(of: room)
        shares = shares.suffix(1) + [share]
        var batch = AdmittedBatch()
        var bytes = 0
        var hasRoom = true
        while true {
            while batch.count < Bounds.batchLinesMax,
                let more = admission.next(maxEvents: Bounds.batchLinesMax - batch.count)
            {
                batch.append(more)
                if !share.hold(more.rejections.count * BodyRoom.problemBytes) { hasRoom = false }
            }
            guard batch.count < Bounds.batchLinesMax, bytes < Bounds.batchBytesMax else { return batch }
            guard hasRoom else {
                if batch.lineCount > 0 { return batch }
                throw Problem.noRoomForBody
            }
            // A body that is cut off ends here, so its last, perhaps halved, line is never taken for a whole one.
            guard let piece = try await reader.next() else { break }
            bytes += piece.readableBytes
            hasRoom = share.hold(piece.readableBytes)
            piece.withUnsafeReadableBytes { admission.feed($0) }
        }
        isFinished = true
        batch.append(admission.finish())
        return batch.lineCount == 0 ? nil : batch
    }
}

/// Events that were read as a whole, cut into batches of the same bound as lines.
struct WholeSource: BatchSource {
    private let whole: AdmittedBatch
    /// Lines handed out.
    private var handedOut = 0

    init(_ whole: AdmittedBatch) {
        self.whole = whole
    }

    mutating func next() async throws(Problem) -> AdmittedBatch? {
        guard handedOut < whole.lineCount else { return nil }
        let end = min(handedOut + Bounds.batchLinesMax, whole.lineCount)
        let lines = (handedOut + 1)...end
        var batch = AdmittedBatch()
        batch.events = AdmittedEvents(whole.events.lazy.filter { lines.contains($0.line) })
        batch.rejections = whole.rejections.filter { lines.contains($0.line) }
        batch.lineCount = lines.count
        handedOut = end
        return batch
    }
}

extension AdmittedBatch {
    /// Lines that were not blank.
    fileprivate var count: Int { events.count + rejections.count }

    fileprivate mutating func append(_ more: AdmittedBatch) {
        events.append(more.events)
        rejections += more.rejections
        lineCount += more.lineCount
    }
}
