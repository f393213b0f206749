internal import CPlatform
internal import Glibc
internal import Synchronization

/// A serial executor with a thread of its own: every job of its actors runs there, in the order it came.
///
/// For actors that write: LMDB's write lock belongs to a thread. An actor takes it by
/// `nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }`. A hop costs
/// some 30 microseconds when the thread sleeps and next to nothing when jobs queue up: hop once per batch of work.
///
/// The thread ends with `shutdown()`, or by itself when the last reference to the executor has gone.
public final class PinnedExecutor: SerialExecutor {
    /// The thread's name; the system shows its first 15 bytes.
    public let name: String

    private let mailbox: JobMailbox
    private let thread: pthread_t
    private let identity: ThreadIdentity
    private let hasShutDown = Atomic<Bool>(false)

    /// Starts the thread. Stops the program if the system has none left to give.
    public init(name: String) {
        self.name = name
        let mailbox = JobMailbox()
        let identity = ThreadIdentity()
        self.mailbox = mailbox
        self.identity = identity
        // The thread must not hold the executor, or it would keep itself alive for ever.
        let start = Unmanaged.passRetained(ThreadStart(name: name, mailbox: mailbox, identity: identity))
        var thread = pthread_t()
        let result = pthread_create(&thread, nil, { runThread($0) }, start.toOpaque())
        precondition(result == 0, "no thread for '\(name)': error \(result)")
        self.thread = thread
    }

    deinit {
        if !hasShutDown.load(ordering: .relaxed) {
            mailbox.stop()
            pthread_detach(thread)
        }
    }

    /// Waits until every job that came has run and the thread has ended. Harmless when repeated.
    ///
    /// A job that comes later stops the program, as no one would ever run it: end the actors' callers first. Must
    /// not be called on the executor's own thread.
    public func shutdown() {
        precondition(!identity.isCurrent, "'\(name)' cannot wait for its own end")
        guard !hasShutDown.exchange(true, ordering: .relaxed) else { return }
        mailbox.stop()
        pthread_join(thread, nil)
    }

    public func enqueue(_ job: consuming ExecutorJob) {
        // Once the job is added it may run, and drop the last reference to the executor, before this call is over; the
        // system that calls holds none.
        let held = Unmanaged.passRetained(self).toOpaque()
        let isAdded = mailbox.add(UnownedJob(job), for: self)
        precondition(isAdded, "a job came to '\(name)' after its shutdown")
        Unmanaged<PinnedExecutor>.fromOpaque(held).release()
    }

    public func checkIsolated() {
        precondition(identity.isCurrent, "not on the thread '\(name)'")
    }

    public func isIsolatingCurrentContext() -> Bool? {
        identity.isCurrent
    }
}

/// Which thread is the executor's, as long as it runs: the system gives the same number to a later thread.
private final class ThreadIdentity: Sendable {
    private let number = Atomic<UInt>(0)

    var isCurrent: Bool {
        number.load(ordering: .relaxed) == UInt(pthread_self())
    }

    func begin() {
        number.store(UInt(pthread_self()), ordering: .relaxed)
    }

    func end() {
        number.store(0, ordering: .relaxed)
    }
}

/// What a new thread is given.
private final class ThreadStart: Sendable {
    let name: String
    let mailbox: JobMailbox
    let identity: ThreadIdentity

    init(name: String, mailbox: JobMailbox, identity: ThreadIdentity) {
        self.name = name
        self.mailbox = mailbox
        self.identity = identity
    }
}

private func runThread(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    let start = Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue()
    _ = platform_set_thread_name(start.name)
    start.identity.begin()
    var batch: [UnownedJob] = []
    while let executor = start.mailbox.take(into: &batch) {
        // The job's end may drop the last other reference.
        withExtendedLifetime(executor) {
            for job in batch {
                job.runSynchronously(on: executor.asUnownedSerialExecutor())
            }
        }
        batch.removeAll(keepingCapacity: true)
    }
    start.identity.end()
    return nil
}
