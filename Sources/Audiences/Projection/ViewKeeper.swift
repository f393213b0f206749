internal import LMDB
internal import Meters
internal import SegmentEngine
internal import Synchronization

/// Writes views on a thread of its own, one at a time.
final class ViewKeeper: Sendable {
    /// Events after which a view is due: more would take long to fold again after a crash.
    static let eventsMax: UInt64 = 1_000_000
    /// Memory of new records after which a view is due.
    static let newBytesMax = 96 << 20
    /// Age of a view after which the next event makes one due: whoever had a window edge since is evaluated at start.
    static let ageMaxMicroseconds: Int64 = 86_400 * 1_000_000
    /// The same at a clean stop, with or without events.
    static let closingAgeMicroseconds: Int64 = 3_600 * 1_000_000

    /// Time after which the next is begun, by how many were begun since one was written: longer from one to the next.
    static func retryMicroseconds(after attempts: Int) -> Int64 {
        min(retryMicroseconds << min(max(attempts - 1, 0), retryDoublingsMax), retryMicrosecondsMax)
    }

    private static let retryMicroseconds: Int64 = 60 * 1_000_000
    private static let retryMicrosecondsMax: Int64 = 3_600 * 1_000_000
    private static let retryDoublingsMax = 6

    private let writer: ViewWriterThread
    private let store: ViewStore
    /// The view under way; nil if there is none.
    private let writing = Mutex<Task<Void, Never>?>(nil)

    init(store: ViewStore, meters: ProjectionMeters) {
        writer = ViewWriterThread(store: store, meters: meters)
        self.store = store
    }

    /// Removes every view, durably, once the one under way is written.
    func removeAll() async throws {
        await finish()
        try store.removeAll()
    }

    var isWriting: Bool { writing.withLock { $0 != nil } }

    /// Writes a view and hands it to `adopt`. One that fails is left out: the log has everything, and the next is tried.
    func write(_ draft: ViewDraft, adopt: @escaping @Sendable (FinishedView) async -> Void) {
        writing.withLock { writing in
            writing = Task {
                if let finished = await writer.write(draft) { await adopt(finished) }
                self.writing.withLock { $0 = nil }
            }
        }
    }

    /// Returns when the view under way, if there is one, is written and adopted.
    func finish() async {
        await writing.withLock { $0 }?.value
    }

    /// Writes the last view.
    func finish(_ draft: ViewDraft) async {
        _ = await writer.write(draft)
    }
}

/// The thread that views are written on.
private actor ViewWriterThread {
    private let executor = PinnedExecutor(name: "view-writer")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    private let store: ViewStore
    private let meters: ProjectionMeters

    init(store: ViewStore, meters: ProjectionMeters) {
        self.store = store
        self.meters = meters
    }

    func write(_ draft: ViewDraft) -> FinishedView? {
        let startedAt = ContinuousClock.now
        guard let finished = try? draft.write(to: store) else {
            meters.viewFailures.add()
            return nil
        }
        meters.viewWrites.note(since: startedAt)
        return finished
    }
}
