import ControlAPI
import Meters
import SegmentModel

/// One metric of the daemon as a whole: what it is, and how it is read.
struct DaemonMetric: Sendable {
    let family: MetricFamily
    let samples: @Sendable (DaemonReading) -> [MetricSample]

    init(
        _ name: String, _ kind: MetricFamily.Kind, _ labels: [String], _ help: String,
        _ samples: @escaping @Sendable (DaemonReading) -> [MetricSample]
    ) {
        family = MetricFamily(name, kind, labels, help)
        self.samples = samples
    }

    /// One with a single value, or none where the system does not say.
    init(
        _ name: String, _ kind: MetricFamily.Kind, _ help: String,
        value: @escaping @Sendable (DaemonReading) -> MetricValue?
    ) {
        self.init(name, kind, [], help) { reading in value(reading).map { [MetricSample($0)] } ?? [] }
    }
}

/// What the metrics of the daemon are read from.
struct DaemonReading: Sendable {
    var now: Instant
    /// How far the system's clock is ahead of the daemon's, which does not believe it.
    var clockHeldSeconds: Double
    /// When the last backup of this process began.
    var lastBackupAt: Instant?
    var audiences: Int
    var meters: ServerMeters
    var process: ProcessFigures
}

extension DaemonMetric {
    static let all: [DaemonMetric] = [
        DaemonMetric("segmentd_build_info", .gauge, ["version"], "Always 1; the label says which version runs") { _ in
            [MetricSample(.whole(1), [Release.version])]
        },
        DaemonMetric("segmentd_clock_timestamp_seconds", .gauge, "What the daemon's clock says") {
            .number($0.now.seconds)
        },
        DaemonMetric(
            "segmentd_clock_held_seconds", .gauge,
            "How far the system's clock is ahead of the daemon's, which does not believe it; 0 if it does"
        ) { .number($0.clockHeldSeconds) },
        DaemonMetric(
            "segmentd_backup_timestamp_seconds", .gauge,
            "When the last backup began; the daemon's start if none was made since"
        ) { .number($0.lastBackupAt?.seconds ?? $0.meters.startedAtSeconds) },
        DaemonMetric("segmentd_audiences", .gauge, "Audiences") { .whole($0.audiences) },
        DaemonMetric("segmentd_disk_free_bytes", .gauge, "Room on the disk of the data directory") {
            $0.process.diskFreeBytes.map { .whole($0) }
        },
        DaemonMetric("segmentd_memory_own_bytes", .gauge, "Resident memory that is no file's") {
            $0.process.ownBytes.map { .whole($0) }
        },
        DaemonMetric("segmentd_connections_open", .gauge, ["role"], "Open connections, by the socket's role") {
            $0.connections { $0.open }
        },
        DaemonMetric(
            "segmentd_connections_accepted_total", .counter, ["role"], "Connections accepted, by the socket's role"
        ) { $0.connections { $0.accepted } },
        DaemonMetric(
            "segmentd_requests_total", .counter, ["method", "route", "status"], "Requests answered, by route and status"
        ) { reading in
            reading.meters.requests.flatMap { key, _, statuses in
                statuses.sorted { $0.key < $1.key }.map { status, count in
                    MetricSample(.whole(count), [key.method, key.route, String(status)])
                }
            }
        },
        DaemonMetric(
            "segmentd_request_duration_seconds", .summary, ["method", "route"],
            "Time from a request's head to the beginning of its answer, by route"
        ) { reading in
            reading.meters.requests.map { key, times, _ in MetricSample(.times(times), [key.method, key.route]) }
        },
        DaemonMetric("process_start_time_seconds", .gauge, "When the process began") {
            .number($0.meters.startedAtSeconds)
        },
        DaemonMetric("process_cpu_seconds_total", .counter, "Processor time, user and system") {
            $0.process.cpuSeconds.map { .number($0) }
        },
        DaemonMetric("process_resident_memory_bytes", .gauge, "Resident memory") {
            $0.process.residentBytes.map { .whole($0) }
        },
        DaemonMetric("process_virtual_memory_bytes", .gauge, "Address space, most of it of maps that are not filled") {
            $0.process.virtualBytes.map { .whole($0) }
        },
        DaemonMetric("process_open_fds", .gauge, "Open file descriptors") { $0.process.openFiles.map { .whole($0) } },
        DaemonMetric("process_max_fds", .gauge, "The most file descriptors that may be open") {
            $0.process.openFilesMax.map { .whole($0) }
        },
    ]
}

extension DaemonReading {
    fileprivate func connections(_ count: (ServerMeters.Connections) -> Int) -> [MetricSample] {
        meters.connections.sorted { $0.key.rawValue < $1.key.rawValue }.map { role, connections in
            MetricSample(.whole(count(connections)), [role.rawValue])
        }
    }
}

extension Instant {
    /// Seconds since 1970.
    var seconds: Double { Double(microseconds) / 1_000_000 }

    /// Seconds from another instant until this one.
    func seconds(since other: Instant) -> Double { Double(microseconds - other.microseconds) / 1_000_000 }
}
