internal import CPlatform
internal import Glibc
internal import Synchronization

/// Threads that share a loop's pieces with the thread that asks.
///
/// In: a number of pieces of synchronous work that do not depend on each other. Out: all of them done. The threads
/// start with the first call that can use them and sleep between calls. They end with `shutdown()`, or by themselves
/// when the last reference to the pool has gone.
final class WorkerPool: Sendable {
    /// The most threads that work at once, the caller's among them.
    let width: Int
    /// What the threads are called, with a number behind; the system shows 15 bytes.
    let name: String

    /// What the threads share.
    let work = SharedWork()

    private let isBusy = Atomic<Bool>(false)
    private let threads = Mutex<[pthread_t]?>(nil)

    /// Starts no thread yet.
    init(name: String, width: Int) {
        precondition(width >= 1, "'\(name)' needs at least the caller's thread")
        self.name = name
        self.width = width
    }

    deinit {
        guard let threads = threads.withLock({ $0 }), !threads.isEmpty else { return }
        work.stop()
        for thread in threads { pthread_detach(thread) }
    }

    /// Calls `body` with 0 ..< count, each once, on several threads, and returns when all calls have returned.
    ///
    /// Pieces are handed out in ascending order to whoever is free. Costs a few microseconds while the threads are
    /// awake. If the pool is at work already, for another thread or for a piece of its own, all of it runs here.
    func forEach(count: Int, _ body: @Sendable (Int) -> Void) {
        guard count > 1, width > 1, !isBusy.exchange(true, ordering: .acquiring) else {
            for index in 0..<count { body(index) }
            return
        }
        startThreads()
        withoutActuallyEscaping(body) { work.run(count: count, $0) }
        isBusy.store(false, ordering: .releasing)
    }

    /// Waits for the call that may be running and ends the threads; later calls run where they are made.
    ///
    /// Harmless when repeated. Must not be called from a piece of work.
    func shutdown() {
        let ended = threads.withLock { threads in
            defer { threads = [] }
            return threads ?? []
        }
        guard !ended.isEmpty else { return }
        // The pool stays busy for ever.
        while isBusy.exchange(true, ordering: .acquiring) { sched_yield() }
        work.stop()
        for thread in ended { pthread_join(thread, nil) }
    }

    private func startThreads() {
        threads.withLock { threads in
            guard threads == nil else { return }
            threads = (1..<width).compactMap { Self.start(name: "\(name)-\($0)", work) }
        }
    }

    /// Starts a thread; nil if the system has none to give: the work is then done by fewer.
    private static func start(name: String, _ work: SharedWork) -> pthread_t? {
        // The thread must not hold the pool, or it would keep itself alive for ever.
        let start = Unmanaged.passRetained(WorkerStart(name: name, work: work))
        var thread = pthread_t()
        guard pthread_create(&thread, nil, { runWorker($0) }, start.toOpaque()) == 0 else {
            start.release()
            return nil
        }
        return thread
    }
}

/// What a new thread is given.
private final class WorkerStart: Sendable {
    let name: String
    let work: SharedWork

    init(name: String, work: SharedWork) {
        self.name = name
        self.work = work
    }
}

private func runWorker(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    let start = Unmanaged<WorkerStart>.fromOpaque(argument).takeRetainedValue()
    _ = platform_set_thread_name(start.name)
    start.work.serve()
    return nil
}
