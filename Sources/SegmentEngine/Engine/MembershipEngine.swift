internal import CPlatform
public import EventLog
public import SegmentModel

/// Who is in which segment, kept current as events become visible and as time passes.
///
/// Comes in: visible events in log order, definitions, and how far the frontier has moved. Goes out: counts, members,
/// contacts and their reasons, and the stream of changes. Invariant: whenever a call returns, for every segment and
/// contact, membership equals `ReferenceEvaluator` over the events folded so far, at the frontier; and neither answers
/// nor changes depend on how events were cut into calls.
///
/// The way of an event: `RecordFold` changes the contact's record, `LaneWalker` says which leaves it flipped,
/// `TileEvaluator` what that means for every segment, `LeafColumns` keep the truths. Nothing is stored per membership.
/// One owner calls it, from one thread at a time; the threads of its pool only help during a call. It knows no clock.
public final class MembershipEngine {
    /// The instant every answer is true at.
    public internal(set) var frontier: Frontier
    /// The last event folded.
    public private(set) var sequence: UInt64 = 0
    /// When the log recorded it.
    private(set) var recordedAt: Instant = .earliest
    /// Which rewriting of the log the events are from: `EventLog.generation`. Views name it.
    public var logGeneration: UInt64 = 0

    let pool: WorkerPool
    var fold: RecordFold
    /// What conditions depend on besides contacts; segments in it are not looked at.
    var context: EvaluationContext
    var catalog: Catalog
    // Compiled from the catalog when they are needed; nil when it has changed since.
    var program: LeafProgram? {
        didSet { heavy = nil }
    }
    var plan: Plan?
    var columns = LeafColumns()
    /// Members by segment number.
    var counts: [Int] = []
    var wakes = WakeCalendar()
    let order = SortedContacts()
    /// What reviews look conditions up in.
    let values = ValueCache()

    var lanes: LaneWork?
    /// Contacts with so much history that it is kept unpacked; good for one program.
    var heavy: HeavyContacts?
    /// How long a record has to be for that, in bytes.
    var heavyRecordBytesMin = 4_096
    private var touches: [Touch] = []
    /// Events that are about to be folded.
    private var window = FoldWindow()
    /// Contacts evaluated since each scan for new leaves that is under way took its snapshot.
    var scans: [Int: Bitmap] = [:]
    var scanNumber = 0
    /// The catch-up under way.
    var catchUp: CatchUp?
    /// Whether columns and wakes are those of all contacts, as they were when a catch-up under way began.
    var isEvaluated = true
    /// What is known of the contacts' truths from an earlier process, until it has been used.
    var checkpoint: Checkpoint?
    /// The latest instant at which a contact may have been evaluated.
    private(set) var evaluatedThrough: Instant = .earliest
    /// Whether changes are kept for `takeChanges`.
    public var keepsChanges = false
    let changes = ChangeBuffer()
    /// Changes that wait to be taken.
    var settled: [MembershipChange] = []

    /// Events and wakes worked off together; more wait for the next batch.
    private static let batchMax = 8_192

    /// An engine that has seen nothing yet.
    ///
    /// - Parameter threads: the most threads that help during a call, the caller's among them.
    public init(context: EvaluationContext, frontier: Frontier = Frontier(at: .earliest), threads: Int = 1) {
        self.frontier = frontier
        pool = WorkerPool(name: "engine", width: threads)
        fold = RecordFold()
        self.context = context
        catalog = Catalog(context: context)
        fold.store.keepsJournal = true
    }

    deinit { pool.shutdown() }

    /// Returns to the system what a large piece of work needed for itself.
    func giveBackMemory() {
        platform_give_back_memory()
    }

    // MARK: Moving

    /// Folds the next visible event. Answers are complete only after `advance`.
    public func fold(_ event: LoggedEvent) {
        var bytes: [UInt8] = []
        event.event.encode(into: &bytes)
        bytes.withUnsafeBytes {
            fold($0, sequence: event.sequence, recordedAt: event.recordedAt, visibleAt: event.visibleAt)
        }
    }

    /// Folds the next visible event from its stored bytes.
    public func fold(_ bytes: UnsafeRawBufferPointer, sequence: UInt64, recordedAt: Instant, visibleAt: Instant) {
        precondition(sequence > self.sequence, "events are folded in log order, each once")
        let event = EventBytes(
            bytes, sequence: sequence, recordedAt: recordedAt.microseconds, visibleAt: visibleAt.microseconds)
        if !isCatchingUp, let next = wakes.next, next <= event.visibleAt {
            finishBatch()
            pass(through: visibleAt.microseconds)
        }
        take(sequence: sequence, recordedAt: recordedAt)
        window.append(event, fold.vocabulary)
        if window.isFull { flushWindow() }
        if touches.count >= Self.batchMax { finishBatch() }
    }

    /// Folds the events that were kept to be folded together.
    func flushWindow() {
        guard isCatchingUp else { return window.flush(into: &fold) { note($0, &$1.store) } }
        window.flush(into: &fold)
        noteTouched()
    }

    func take(sequence: UInt64, recordedAt: Instant) {
        self.sequence = sequence
        self.recordedAt = recordedAt
    }

    /// Notes each contact that the event changed, once.
    private func note(_ event: FoldStep, _ store: inout RecordStore) {
        let first = touches.count
        for edit in store.journal {
            if let known = touches[first...].firstIndex(where: { $0.ordinal == edit.ordinal }) {
                if touches[known].extent != edit.extent { touches[known].extent = .anything }
                continue
            }
            let isErasure = event.code == .contactErased
            if isErasure, keepsChanges { changes.remember(erased: edit.ordinal, record: edit.before) }
            touches.append(
                Touch(
                    ordinal: edit.ordinal, instant: event.visibleAt, sequence: event.sequence, isErasure: isErasure,
                    before: edit.before, after: store.record(edit.ordinal), extent: edit.extent))
        }
        store.clearJournal()
    }

    /// Moves to `instant`, past every window edge on the way.
    ///
    /// Every event visible by `instant` must have been folded, and none after it.
    public func advance(to instant: Instant) {
        while !advance(to: instant, edgesMax: Self.batchMax) {}
    }

    /// Moves towards `instant` and stops when about so many window edges have been passed.
    ///
    /// - Returns: whether it arrived; until then the frontier stays and answers are incomplete.
    public func advance(to instant: Instant, edgesMax: Int) -> Bool {
        guard instant > frontier.instant else {
            finishBatch()
            return true
        }
        finishBatch()
        let isDone = passSome(through: instant.microseconds, limit: edgesMax)
        if isDone {
            frontier.advance(to: instant)
            values.letGoIfIdle(at: instant.microseconds)
        }
        return isDone
    }

    /// Evaluates what the events folded since the last time did.
    func finishBatch() {
        flushWindow()
        guard let through = touches.last?.instant else { return }
        evaluatedThrough = max(evaluatedThrough, Instant(microseconds: through))
        work { $0.walk(touches, through: through) }
        touches.removeAll(keepingCapacity: true)
        fold.store.reclaim()
    }

    private func pass(through instant: Int64) {
        while !passSome(through: instant, limit: Self.batchMax) {}
    }

    /// Passes at most `limit` edges, in order; true if none is left.
    private func passSome(through instant: Int64, limit: Int) -> Bool {
        var due: [WakeCalendar.DueWake] = []
        wakes.takeDue(through: instant, limit: limit, into: &due)
        guard let last = due.last else { return true }
        evaluatedThrough = max(evaluatedThrough, Instant(microseconds: instant))
        let isAll = due.count < limit
        let contacts = due.map {
            DueContact(ordinal: $0.ordinal, edge: $0.instant, record: fold.store.record($0.ordinal))
        }
        work { $0.wake(contacts, through: isAll ? (instant, Ordinal.max) : last) }
        return isAll
    }

    /// Lets walkers lay down lanes, and applies what they found.
    private func work(_ walk: (LaneWork) -> Void) {
        let lanes = currentLanes()
        walk(lanes)
        lanes.finish(counts: &counts, changes: keepsChanges ? changes : nil) { findings in
            for found in findings {
                for (ordinal, instant) in found.wakes {
                    wakes.schedule(ordinal, at: instant)
                    for scan in scans.keys { _ = scans[scan]?.insert(ordinal) }
                }
                for ordinal in found.existing { _ = columns.exists.flip(ordinal) }
            }
            var flips = findings.indices.map { findings[$0].takeFlips() }
            columns.apply(&flips, on: pool)
            // Their memory is used again.
            for index in flips.indices { findings[index].flips = flips[index] }
        }
    }
}
