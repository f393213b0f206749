internal import Glibc
internal import Synchronization

/// The jobs that wait for a pinned thread; keeps them until it has taken the last one.
final class JobMailbox: Sendable {
    private struct State {
        var jobs: [UnownedJob] = []
        // Held as long as jobs wait: they refer to their executor without owning it.
        var executor: PinnedExecutor?
        var isStopping = false
        var hasEnded = false
    }

    private let state = Mutex(State())
    // Counts the wakes due: one per passage from no job to some, one for the stop. Made for use by many threads.
    private nonisolated(unsafe) let wakes: UnsafeMutablePointer<sem_t>

    init() {
        wakes = .allocate(capacity: 1)
        sem_init(wakes, 0, 0)
    }

    deinit {
        sem_destroy(wakes)
        wakes.deallocate()
    }

    /// Adds a job; false if the thread has ended and will never run it.
    func add(_ job: UnownedJob, for executor: PinnedExecutor) -> Bool {
        let (isAdded, mustWake) = state.withLock { state in
            guard !state.hasEnded else { return (false, false) }
            let wasEmpty = state.jobs.isEmpty
            state.jobs.append(job)
            state.executor = executor
            return (true, wasEmpty)
        }
        if mustWake {
            sem_post(wakes)
        }
        return isAdded
    }

    /// Lets the thread end once no job waits.
    func stop() {
        state.withLock { $0.isStopping = true }
        sem_post(wakes)
    }

    /// Waits for jobs and moves all of them into `batch`, which must be empty; returns their executor, nil for the end.
    func take(into batch: inout [UnownedJob]) -> PinnedExecutor? {
        while true {
            while sem_wait(wakes) != 0 {}
            let (executor, hasEnded) = state.withLock { state in
                swap(&state.jobs, &batch)
                state.hasEnded = batch.isEmpty && state.isStopping
                return (state.executor.take(), state.hasEnded)
            }
            if executor != nil || hasEnded {
                return executor
            }
        }
    }
}
