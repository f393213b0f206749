import Audiences
import Meters
import SegmentModel

/// One metric that every audience has: what it is, and how it is read.
struct AudienceMetric: Sendable {
    let family: MetricFamily
    /// Values with those of the labels after `audience`.
    let samples: @Sendable (AudienceReading) -> [MetricSample]

    init(
        _ name: String, _ kind: MetricFamily.Kind, _ labels: [String], _ help: String,
        _ samples: @escaping @Sendable (AudienceReading) -> [MetricSample]
    ) {
        family = MetricFamily(name, kind, ["audience"] + labels, help)
        self.samples = samples
    }

    /// One with a single value, or none.
    init(
        _ name: String, _ kind: MetricFamily.Kind, _ help: String,
        value: @escaping @Sendable (AudienceReading) -> MetricValue?
    ) {
        self.init(name, kind, [], help) { reading in value(reading).map { [MetricSample($0)] } ?? [] }
    }

    /// One with a value for the log and for the index.
    init(
        _ name: String, _ kind: MetricFamily.Kind, store help: String,
        value: @escaping @Sendable (StoreFigures) -> MetricValue
    ) {
        self.init(name, kind, ["store"], help) { reading in
            [
                MetricSample(value(reading.figures.log), ["log"]),
                MetricSample(value(reading.figures.index), ["index"]),
            ]
        }
    }
}

/// What the metrics of an audience are read from.
struct AudienceReading: Sendable {
    var id: String
    var now: Instant
    /// When the process began.
    var startedAtSeconds: Double
    var figures: AudienceFigures
}

extension AudienceMetric {
    static let all = ingest + frontier + holdings + stores + audit + erasure

    private static let ingest: [AudienceMetric] = [
        AudienceMetric("segmentd_events_appended_total", .counter, "Events appended to the log") {
            .whole($0.figures.ingest.appended)
        },
        AudienceMetric("segmentd_events_duplicate_total", .counter, "Events that the log had, with the same content") {
            .whole($0.figures.ingest.duplicates)
        },
        AudienceMetric("segmentd_events_conflict_total", .counter, "Events that the log had, with other content") {
            .whole($0.figures.ingest.conflicts)
        },
        AudienceMetric(
            "segmentd_events_rejected_total", .counter, ["code"], "Lines refused, by the code of the reason"
        ) { reading in
            reading.figures.ingest.rejected.sorted { $0.key < $1.key }
                .map { MetricSample(.whole($0.value), [$0.key]) }
        },
        AudienceMetric("segmentd_ingest_batches_total", .counter, "Batches handed to the log") {
            .whole($0.figures.ingest.batches)
        },
        AudienceMetric("segmentd_ingest_bytes_total", .counter, "Size of the valid events, in their stored form") {
            .whole($0.figures.ingest.bytes)
        },
    ]

    private static let frontier: [AudienceMetric] = [
        AudienceMetric("segmentd_log_sequence", .gauge, "The last event of the log") {
            .whole(Int($0.figures.lastSequence))
        },
        AudienceMetric("segmentd_applied_sequence", .gauge, "The last event that membership has seen") {
            .whole(Int($0.figures.appliedSequence))
        },
        AudienceMetric("segmentd_events_pending", .gauge, "Events stored and not yet visible") {
            .whole($0.figures.pending)
        },
        AudienceMetric(
            "segmentd_pending_oldest_seconds", .gauge, "Age of the oldest event that is not yet visible; 0 if none"
        ) { reading in
            .number(reading.figures.oldestPendingAt.map { reading.now.seconds(since: $0) } ?? 0)
        },
        AudienceMetric("segmentd_frontier_timestamp_seconds", .gauge, "The frontier, in seconds since 1970") {
            .number($0.figures.frontier.seconds)
        },
        AudienceMetric("segmentd_frontier_lag_seconds", .gauge, "How far the frontier is behind the daemon's clock") {
            .number($0.now.seconds(since: $0.figures.frontier))
        },
        AudienceMetric("segmentd_tick_duration_seconds", .histogram, "Time that moving the frontier took") {
            .times($0.figures.ticks)
        },
        AudienceMetric("segmentd_ticks_failed_total", .counter, "Moves of the frontier that failed") {
            .whole($0.figures.tickFailures)
        },
    ]

    private static let holdings: [AudienceMetric] = [
        AudienceMetric("segmentd_contacts", .gauge, "Contacts") { .whole($0.figures.contacts) },
        AudienceMetric("segmentd_segments", .gauge, "Saved segments") { .whole($0.figures.segments) },
        AudienceMetric("segmentd_leaves", .gauge, "Distinct elementary conditions, one column each") {
            .whole($0.figures.leaves)
        },
        AudienceMetric("segmentd_gates", .gauge, "Distinct combinations of conditions") { .whole($0.figures.gates) },
        AudienceMetric("segmentd_wakes", .gauge, "Contacts to be looked at again though nothing happens") {
            .whole($0.figures.wakes)
        },
        AudienceMetric("segmentd_column_bytes", .gauge, "Memory of the columns, as of a minute ago or less") {
            .whole($0.figures.columnBytes)
        },
        AudienceMetric("segmentd_new_record_bytes", .gauge, "Memory of records that are newer than the view") {
            .whole($0.figures.newRecordBytes)
        },
        AudienceMetric("segmentd_builds", .gauge, "Definitions being saved that wait for a look at all records") {
            .whole($0.figures.builds)
        },
        AudienceMetric("segmentd_reruns", .gauge, "Recomputations from the log that are under way") {
            .whole($0.figures.reruns)
        },
    ]

    private static let stores: [AudienceMetric] = [
        AudienceMetric(
            "segmentd_store_used_bytes", .gauge, ["store"], "Part of a store's map that has ever been used"
        ) {
            [
                MetricSample(.whole($0.figures.log.usedBytes), ["log"]),
                MetricSample(.whole($0.figures.index.usedBytes), ["index"]),
                MetricSample(.whole($0.figures.view.fileBytes), ["view"]),
            ]
        },
        AudienceMetric("segmentd_store_map_bytes", .gauge, ["store"], "Size of a store's map, which bounds it") {
            [
                MetricSample(.whole($0.figures.log.mapBytes), ["log"]),
                MetricSample(.whole($0.figures.index.mapBytes), ["index"]),
                MetricSample(.whole($0.figures.view.mapBytes), ["view"]),
            ]
        },
        AudienceMetric("segmentd_store_file_bytes", .gauge, ["store"], "Size of a store's file") {
            [
                MetricSample(.whole($0.figures.log.fileBytes), ["log"]),
                MetricSample(.whole($0.figures.index.fileBytes), ["index"]),
                MetricSample(.whole($0.figures.view.fileBytes), ["view"]),
            ]
        },
        AudienceMetric(
            "segmentd_store_readers", .gauge, store: "Reader slots in use or kept: the most readers there ever were"
        ) { .whole($0.readerSlots) },
        AudienceMetric("segmentd_store_readers_max", .gauge, store: "Reader slots there are") {
            .whole($0.readerSlotsMax)
        },
        AudienceMetric("segmentd_store_longest_read_seconds", .gauge, store: "The longest read since the start") {
            .number($0.longestRead / .seconds(1))
        },
        AudienceMetric("segmentd_store_aged_reads_total", .counter, store: "Reads that lasted longer than they should")
        {
            .whole($0.agedReads)
        },
        AudienceMetric(
            "segmentd_commit_duration_seconds", .histogram, store: "Time that commits took; of the log, with the sync"
        ) { .times($0.commits) },
        AudienceMetric("segmentd_view_write_duration_seconds", .histogram, "Time that writing the view took") {
            .times($0.figures.view.writes)
        },
        AudienceMetric("segmentd_view_writes_failed_total", .counter, "Views that could not be written") {
            .whole($0.figures.view.failures)
        },
        AudienceMetric("segmentd_view_sequence", .gauge, "The last event in the view on disk") {
            .whole(Int($0.figures.view.sequence))
        },
        AudienceMetric("segmentd_view_timestamp_seconds", .gauge, "The instant that the view on disk is of") {
            .number($0.figures.view.instant.seconds)
        },
    ]

    private static let audit: [AudienceMetric] = [
        AudienceMetric("segmentd_audit_contacts_total", .counter, "Contacts derived anew and compared") {
            .whole($0.figures.audit.contacts)
        },
        AudienceMetric("segmentd_audit_differences_total", .counter, "Differences found by the audit") {
            .whole($0.figures.audit.differences)
        },
        AudienceMetric("segmentd_audit_rounds_failed_total", .counter, "Rounds of the audit that could not be done") {
            .whole($0.figures.audit.failures)
        },
        AudienceMetric(
            "segmentd_audit_timestamp_seconds", .gauge, "When a contact was last compared; absent if none was"
        ) { $0.figures.audit.lastAt.map { .number($0.seconds) } },
        AudienceMetric("segmentd_scrub_faults_total", .counter, "Damage found by the scrub") {
            .whole($0.figures.scrub.faultCount)
        },
        AudienceMetric(
            "segmentd_scrub_timestamp_seconds", .gauge,
            "When everything stored had last been read; the daemon's start if not since"
        ) { .number($0.figures.scrub.completedAt?.seconds ?? $0.startedAtSeconds) },
    ]

    private static let erasure: [AudienceMetric] = [
        AudienceMetric("segmentd_erasures_waiting", .gauge, "Erasures whose contact's bytes are still stored") {
            .whole($0.figures.erasures.waiting + $0.figures.erasures.pending)
        },
        AudienceMetric(
            "segmentd_erasure_due_timestamp_seconds", .gauge,
            "By when the oldest of them has to be worked off; absent if there is none"
        ) { $0.figures.erasures.goneBy.map { .number($0.seconds) } },
    ]
}
