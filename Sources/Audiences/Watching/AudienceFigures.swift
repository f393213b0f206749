internal import EventLog
public import Meters
internal import SegmentEngine
public import SegmentModel

/// What an audience does and holds, for whoever watches: metrics and status.
public struct AudienceFigures: Sendable {
    /// Counted since the audience was opened, as all that only rises.
    public var ingest: IngestFigures
    /// The last sequence of the log, and the last that membership has seen.
    public var lastSequence: UInt64
    public var appliedSequence: UInt64
    /// Every event visible by then is applied.
    public var frontier: Instant
    /// When the log took the oldest event that is not yet visible; nil if there is none.
    public var oldestPendingAt: Instant?
    public var contacts: Int
    public var segments: Int
    /// Distinct elementary conditions, and distinct combinations of them.
    public var leaves: Int
    public var gates: Int
    /// Contacts that are looked at again at some instant though nothing happens.
    public var wakes: Int
    /// Memory of the columns, as of a minute ago or less, and of records that are newer than the view.
    public var columnBytes: Int
    public var newRecordBytes: Int
    public var ticks: TimeHistogram.Reading
    public var tickFailures: Int
    public var log: StoreFigures
    public var index: StoreFigures
    public var view: ViewFigures
    /// Definitions being saved that wait for a look at all records, and recomputations from the log.
    public var builds: Int
    public var reruns: Int
    public var audit: AuditFigures
    public var scrub: ScrubStatus
    public var erasures: ErasureStatus

    /// Events that are stored and not yet visible.
    public var pending: Int { Int(lastSequence - appliedSequence) }
}

/// The log or the index on disk.
public struct StoreFigures: Sendable {
    /// The part of the map that has ever been used, and its size, which the file can never outgrow.
    public var usedBytes: Int
    public var mapBytes: Int
    public var fileBytes: Int
    /// Reader slots taken or kept for use again, and how many there are.
    public var readerSlots: Int
    public var readerSlotsMax: Int
    /// The oldest read transaction that has ended, and how many ended older than they should.
    public var longestRead: Duration
    public var agedReads: Int
    /// How long commits took; of the log, with the sync.
    public var commits: TimeHistogram.Reading
}

/// The view on disk, and how writing it went since the audience was opened.
public struct ViewFigures: Sendable {
    public var fileBytes: Int
    public var mapBytes: Int
    /// The last event in it, and the instant its truths are of.
    public var sequence: UInt64
    public var instant: Instant
    public var writes: TimeHistogram.Reading
    public var failures: Int
}

extension Audience {
    /// What the audience does and holds. Waits for nobody: as of the last tick. Costs reading one event if one is pending.
    public func figures() throws(AudienceError) -> AudienceFigures {
        let meters = projection.meters
        let standing = meters.last
        let usage: (log: StoreUsage, index: StoreUsage)
        do {
            usage = try log.usage()
        } catch {
            throw AudienceError(error)
        }
        // The tail after the standing: it cannot be behind it.
        let last = log.tail.sequence
        let applied = standing?.sequence ?? 0
        let frontier = standing?.frontier ?? projection.start
        return AudienceFigures(
            ingest: ingestMeter.figures, lastSequence: last, appliedSequence: applied,
            frontier: frontier,
            oldestPendingAt: last > applied ? recordedAt(applied + 1) : nil,
            contacts: standing?.engine.contacts ?? 0, segments: standing?.engine.segments ?? 0,
            leaves: standing?.engine.leaves ?? 0, gates: standing?.engine.gates ?? 0,
            wakes: standing?.engine.wakes ?? 0, columnBytes: meters.columnBytes,
            newRecordBytes: standing?.engine.newRecordBytes ?? 0, ticks: meters.ticks.reading,
            tickFailures: meters.tickFailures.value, log: StoreFigures(usage.log, in: directory + "/log"),
            index: StoreFigures(usage.index, in: directory + "/index"), view: view(standing),
            builds: projection.builds.statuses.count, reruns: reruns.statuses.count, audit: audits.figures,
            scrub: scrubStatus, erasures: erasureStatus(at: frontier))
    }

    private func view(_ standing: ProjectionMeters.Standing?) -> ViewFigures {
        ViewFigures(
            fileBytes: StoreFile.viewBytes(in: directory + "/view"), mapBytes: projection.mapSizeBytes,
            sequence: standing?.viewSequence ?? 0, instant: standing?.viewInstant ?? projection.start,
            writes: projection.meters.viewWrites.reading, failures: projection.meters.viewFailures.value)
    }

    /// Nil where the event cannot be read: that is for those to tell who need it.
    private func recordedAt(_ sequence: UInt64) -> Instant? {
        try? log.read(from: sequence, countMax: 1).first?.recordedAt
    }
}

extension StoreFigures {
    fileprivate init(_ usage: StoreUsage, in directory: String) {
        self.init(
            usedBytes: usage.usedBytes, mapBytes: usage.mapBytes, fileBytes: StoreFile.bytes(in: directory),
            readerSlots: usage.readerSlots, readerSlotsMax: usage.readerSlotsMax, longestRead: usage.longestRead,
            agedReads: usage.agedReads, commits: usage.commits)
    }
}
