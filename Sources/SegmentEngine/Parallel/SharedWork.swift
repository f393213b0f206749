internal import Glibc
internal import Synchronization

/// What the threads of a pool share: the pieces of one call, and a place to sleep.
///
/// One call at a time. A piece is claimed by counting `unclaimed` down. Who has claimed one may read the call's body
/// and count: the call cannot end, and so neither changes, before that piece is finished.
final class SharedWork: Sendable {
    /// Set in `unfinished` while the caller sleeps.
    private static let callerSleeps = 1 << 40
    /// Looks while waiting awake, some tens of microseconds: calls come in quick succession or not at all. Between two
    /// looks the processor is offered to whoever else needs it.
    private static let spinCount = 100

    private let unclaimed = Atomic<Int>(0)
    private let unfinished = Atomic<Int>(0)
    // Threads that sleep and were not woken yet; each wake is one post.
    private let sleepers = Atomic<Int>(0)
    private let isStopping = Atomic<Bool>(false)
    // Written by the caller alone, before it offers pieces and after the last is finished; see above.
    private nonisolated(unsafe) var body: (@Sendable (Int) -> Void)?
    private nonisolated(unsafe) var count = 0
    // Semaphores are made for use by many threads.
    private nonisolated(unsafe) let wakes: UnsafeMutablePointer<sem_t>
    private nonisolated(unsafe) let ends: UnsafeMutablePointer<sem_t>

    init() {
        wakes = .allocate(capacity: 1)
        ends = .allocate(capacity: 1)
        sem_init(wakes, 0, 0)
        sem_init(ends, 0, 0)
    }

    deinit {
        sem_destroy(wakes)
        sem_destroy(ends)
        wakes.deallocate()
        ends.deallocate()
    }

    /// True while the caller sleeps, or is about to.
    var isCallerAsleep: Bool { unfinished.load(ordering: .acquiring) > Self.callerSleeps }

    /// The threads that sleep, or are about to.
    var sleeperCount: Int { sleepers.load(ordering: .acquiring) }

    /// Runs the pieces here and on the threads that serve, and returns when all are finished. One caller at a time.
    func run(count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        self.body = body
        self.count = count
        unfinished.store(count, ordering: .relaxed)
        unclaimed.store(count, ordering: .sequentiallyConsistent)
        wakeSleepers(countMax: count - 1)
        runPieces()
        waitForOthers()
        self.body = nil
    }

    /// Takes part in calls until the stop.
    func serve() {
        while !isStopping.load(ordering: .acquiring) {
            runPieces()
            if !seesWork() { sleep() }
        }
    }

    /// Ends the threads that serve. No call may be running or follow.
    func stop() {
        isStopping.store(true, ordering: .sequentiallyConsistent)
        wakeSleepers(countMax: .max)
    }

    private func runPieces() {
        while let index = claim() {
            runPiece(index)
            let before = unfinished.subtract(1, ordering: .acquiringAndReleasing).oldValue
            if before == Self.callerSleeps + 1 { sem_post(ends) }
        }
    }

    private func claim() -> Int? {
        var left = unclaimed.load(ordering: .relaxed)
        while left > 0 {
            let (isClaimed, now) = unclaimed.weakCompareExchange(
                expected: left, desired: left - 1, successOrdering: .acquiring, failureOrdering: .relaxed)
            if isClaimed { return count - left }
            left = now
        }
        return nil
    }

    // Never inlined: its reference to the body must be gone before the piece counts as finished.
    @inline(never)
    private func runPiece(_ index: Int) {
        body?(index)
    }

    private func waitForOthers() {
        for _ in 0..<Self.spinCount {
            if unfinished.load(ordering: .acquiring) == 0 { return }
            sched_yield()
        }
        let before = unfinished.add(Self.callerSleeps, ordering: .acquiringAndReleasing).oldValue
        guard before > 0 else { return }
        while sem_wait(ends) != 0 {}
    }

    /// Waits awake for a moment; true if there are pieces or the stop has come.
    private func seesWork() -> Bool {
        for _ in 0..<Self.spinCount {
            if unclaimed.load(ordering: .relaxed) > 0 || isStopping.load(ordering: .relaxed) { return true }
            sched_yield()
        }
        return false
    }

    private func sleep() {
        sleepers.add(1, ordering: .sequentiallyConsistent)
        // Whoever offers pieces does so before looking for sleepers: one of both sees the other.
        let mustStay =
            unclaimed.load(ordering: .sequentiallyConsistent) > 0 || isStopping.load(ordering: .sequentiallyConsistent)
        if mustStay, takeSleepers(countMax: 1) == 1 { return }
        while sem_wait(wakes) != 0 {}
    }

    private func wakeSleepers(countMax: Int) {
        for _ in 0..<takeSleepers(countMax: countMax) { sem_post(wakes) }
    }

    /// Takes threads off the count of sleepers and says how many.
    private func takeSleepers(countMax: Int) -> Int {
        var sleeping = sleepers.load(ordering: .sequentiallyConsistent)
        while sleeping > 0 {
            let taken = min(sleeping, countMax)
            let (isTaken, now) = sleepers.weakCompareExchange(
                expected: sleeping, desired: sleeping - taken, ordering: .sequentiallyConsistent)
            if isTaken { return taken }
            sleeping = now
        }
        return 0
    }
}
