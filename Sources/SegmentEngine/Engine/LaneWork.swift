internal import Synchronization

/// Shares the walking of contacts and the evaluation of tiles among the threads of a pool, batch after batch.
///
/// In: what happened to contacts. Out: counts, changes and flips, in an order that does not depend on who did what.
/// Good for one plan; a changed catalog needs a new one.
final class LaneWork {
    private let pool: WorkerPool
    private let walkers: [WalkerSlot]
    private let tiles: [TileSlot]
    private var spare: [LaneFindings]

    /// Contacts a thread takes at a time.
    private static let shareSize = 32
    /// Fewer contacts or tiles than this are not worth waking a thread.
    private static let sharedMin = 64

    init(plan: Plan, program: LeafProgram, vocabulary: Vocabulary, heavy: HeavyContacts, pool: WorkerPool) {
        self.pool = pool
        walkers = (0..<pool.width).map { number in
            WalkerSlot(
                LaneWalker(
                    number: number, program: program, texts: vocabulary, heavy: heavy, leafIDLimit: plan.leafIDLimit))
        }
        tiles = (0..<pool.width).map { _ in TileSlot(plan: plan) }
        spare = Array(repeating: LaneFindings(), count: pool.width)
    }

    // MARK: Walking

    /// Walks contacts through their touches, which stand in log order.
    func walk(_ touches: [Touch], through: Int64) {
        let sorted = touches.indices.sorted { (touches[$0].ordinal, $0) < (touches[$1].ordinal, $1) }.map {
            touches[$0]
        }
        let starts = sorted.indices.filter { $0 == 0 || sorted[$0].ordinal != sorted[$0 - 1].ordinal }
        share(starts.count) { walker, contact in
            let end = contact + 1 < starts.count ? starts[contact + 1] : sorted.count
            walker.walk(sorted[starts[contact]..<end], through: through)
        }
    }

    /// Walks contacts past edges that are due, up to an instant and, at that instant, up to an ordinal.
    func wake(_ contacts: [DueContact], through last: WakeCalendar.DueWake) {
        share(contacts.count) { walker, index in
            let contact = contacts[index]
            walker.wake(
                contact.record, ordinal: contact.ordinal, edge: contact.edge,
                through: contact.ordinal <= last.ordinal ? last.instant : last.instant - 1)
        }
    }

    private func share(_ count: Int, _ body: @Sendable (inout LaneWalker, Int) -> Void) {
        let next = Atomic<Int>(0)
        let walkers = walkers
        pool.forEach(count: count < Self.sharedMin ? 1 : walkers.count) { number in
            walkers[number].walker.withLock { walker in
                while true {
                    let first = next.wrappingAdd(Self.shareSize, ordering: .relaxed).oldValue
                    guard first < count else { return }
                    for index in first..<min(first + Self.shareSize, count) { body(&walker, index) }
                }
            }
        }
    }

    // MARK: Evaluating

    /// Evaluates the lanes laid down and hands out what every walker found.
    func finish(counts: inout [Int], changes: ChangeBuffer?, _ apply: (inout [LaneFindings]) -> Void) {
        var findings: [LaneFindings] = []
        for (number, slot) in walkers.enumerated() {
            let empty = spare[number]
            spare[number] = LaneFindings()
            findings.append(slot.walker.withLock { $0.exchangeFindings(for: empty) })
        }
        evaluate(findings, counts: &counts, changes: changes)
        apply(&findings)
        for number in findings.indices {
            var found = findings[number]
            findings[number] = LaneFindings()
            found.removeAll()
            spare[number] = found
        }
    }

    private func evaluate(_ findings: [LaneFindings], counts: inout [Int], changes: ChangeBuffer?) {
        let lanes = findings.flatMap(\.lanes).sorted()
        let tileCount = (lanes.count + Tile.laneCountMax - 1) / Tile.laneCountMax
        let segmentCount = counts.count
        let wantsChanges = changes != nil
        let found = Mutex<[[LaneChange]]>(Array(repeating: [], count: wantsChanges ? tileCount : 0))
        let next = Atomic<Int>(0)
        let tiles = tiles
        let threads = min(tiles.count, tileCount)
        pool.forEach(count: threads) { number in
            tiles[number].slot.withLock { slot in
                slot.begin(segmentCount: segmentCount)
                while true {
                    let tile = next.wrappingAdd(1, ordering: .relaxed).oldValue
                    guard tile < tileCount else { return }
                    let first = tile * Tile.laneCountMax
                    let slice = lanes[first..<min(first + Tile.laneCountMax, lanes.count)]
                    let changed = slot.evaluate(slice, of: findings, wantsChanges: wantsChanges)
                    if wantsChanges { found.withLock { $0[tile] = changed } }
                }
            }
        }
        for number in 0..<threads {
            tiles[number].slot.withLock { slot in
                for segment in counts.indices { counts[segment] += slot.counts[segment] }
            }
        }
        guard let changes else { return }
        for (tile, changed) in found.withLock({ $0 }).enumerated() {
            changes.append(changed, lanes: lanes[(tile * Tile.laneCountMax)...])
        }
    }
}

/// A contact whose window edge is due.
struct DueContact: Sendable {
    var ordinal: Ordinal
    /// Microseconds since 1970.
    var edge: Int64
    var record: RecordReference
}

/// One thread's walker; the lock is never contended.
private final class WalkerSlot: Sendable {
    let walker: Mutex<LaneWalker>

    init(_ walker: sending LaneWalker) {
        self.walker = Mutex(walker)
    }
}

/// One thread's tile with what evaluates it; the lock is never contended.
private final class TileSlot: Sendable {
    struct Slot {
        let tile: Tile
        let evaluator: TileEvaluator
        /// By how much each segment's count changed.
        var counts: [Int] = []

        mutating func begin(segmentCount: Int) {
            counts.removeAll(keepingCapacity: true)
            counts.append(contentsOf: repeatElement(0, count: segmentCount))
        }

        mutating func evaluate(
            _ lanes: ArraySlice<Lane>, of findings: [LaneFindings], wantsChanges: Bool
        ) -> [LaneChange] {
            for (number, lane) in lanes.enumerated() { fill(number, with: lane, of: findings[Int(lane.walker)]) }
            var changes: [LaneChange] = []
            if wantsChanges {
                evaluator.evaluate(tile, counts: &counts, changes: &changes)
            } else {
                evaluator.evaluate(tile, counts: &counts)
            }
            tile.clear()
            return changes
        }

        private func fill(_ number: Int, with lane: Lane, of found: LaneFindings) {
            tile.begin(lane: number, existed: lane.old != nil, exists: lane.new != nil)
            let (old, new) = (found.list(lane.old), found.list(lane.new))
            found.truths.withUnsafeBufferPointer { truths in
                for part in ContactPart.allCases {
                    let isSame = old[part] == new[part]
                    tile.insert(truths.extracting(old[part]), lane: number, before: true, after: isSame)
                    if !isSame { tile.insert(truths.extracting(new[part]), lane: number, before: false, after: true) }
                }
            }
        }
    }

    let slot: Mutex<Slot>

    init(plan: Plan) {
        slot = Mutex(Slot(tile: Tile(leafIDLimit: plan.leafIDLimit), evaluator: TileEvaluator(plan: plan)))
    }
}
