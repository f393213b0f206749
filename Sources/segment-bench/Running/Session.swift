import Admission
import Audiences
import EventLog
import SegmentEngine
import SegmentModel

/// What measures share: one shop's log, its definitions, and a virtual clock.
///
/// The clock starts behind the log's last event and only moves forward; what is appended is recorded at it.
final class Session {
    let workload: Workload
    let definitions: Definitions
    let setting: Keeper.Setting
    let rounds: Int
    /// The instant at which the log as it was made is evaluated, and the last event it holds.
    let start: Instant
    let startSequence: UInt64
    let startTail: LogTail

    private(set) var log: EventLog
    private let copy: WorkingCopy
    private(set) var now: Instant
    var ticks: TickMaker

    init(options: EngineOptions, workload: Workload, copy: WorkingCopy) throws {
        self.workload = workload
        self.copy = copy
        log = try Self.open(copy)
        definitions = try Definitions.read(options.segments, types: log.fieldTypes)
        let zone = try ZoneDirectory(path: "/usr/share/zoneinfo").rules(of: "UTC")
        setting = Keeper.Setting(
            context: EvaluationContext(zone: zone, currency: options.currency), threads: options.threads)
        rounds = options.rounds
        startTail = log.tail
        startSequence = log.tail.sequence
        start = max(options.at, log.tail.visibleAt)
        now = start
        ticks = TickMaker(workload.batches, label: "tick", isFirstPassKept: true)
    }

    private static func open(_ copy: WorkingCopy) throws -> EventLog {
        try EventLog(directory: copy.path, mapSizeBytes: mapSizeBytes)
    }

    /// Address space for each store.
    static let mapSizeBytes = 256 << 30

    var views: ViewStore { ViewStore(directory: copy.viewDirectory, mapSizeBytes: Self.mapSizeBytes) }

    var scale: Scale { Scale(segments: definitions.count) }

    /// Closes the log and opens it again, as a new process would.
    func reopenLog() throws {
        try log.close()
        log = try Self.open(copy)
    }

    func close() throws {
        try log.close()
    }

    /// An engine that has seen nothing yet.
    func makeKeeper() throws -> Keeper {
        try Keeper(definitions, over: log, setting)
    }

    /// An engine that stands where the clock does.
    func currentKeeper() async throws -> Keeper {
        let keeper = try makeKeeper()
        _ = try await keeper.rebuild(through: log.tail.sequence, at: now)
        return keeper
    }

    /// Moves the clock on.
    func step(bySeconds seconds: Int64) {
        now = now.advanced(byMicroseconds: seconds * 1_000_000)
    }

    func move(to instant: Instant) {
        now = max(now, instant)
    }
}
