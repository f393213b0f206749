internal import LMDB

/// The one writer of an audience's events, on a thread of its own.
///
/// Requests that arrive while a transaction is being committed wait together and share the next one: under load one
/// sync serves many senders, and an idle log commits at once.
actor LogWriter {
    private struct Waiting {
        let batch: PreparedBatch
        let continuation: CheckedContinuation<AppendReceipt, any Error>
    }

    /// Events of one transaction; more wait for the next. Keeps the dirty pages far below LMDB's bound.
    static let transactionEventsMax = 50_000

    private let executor: PinnedExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private var storage: LogStorage
    private var appender: LogAppender
    private var waiting: [Waiting] = []
    private var isDraining = false

    init(storage: LogStorage, appender: LogAppender, executor: PinnedExecutor) {
        self.storage = storage
        self.appender = appender
        self.executor = executor
    }

    /// Appends the batch's events; returns when they are durable.
    func append(_ batch: PreparedBatch) async throws -> AppendReceipt {
        try await withCheckedThrowingContinuation { continuation in
            waiting.append(Waiting(batch: batch, continuation: continuation))
            guard !isDraining else { return }
            isDraining = true
            Task { self.drain() }
        }
    }

    /// Runs a job on the writer's thread, in its turn.
    func run(_ job: @Sendable () -> Void) {
        job()
    }

    /// Goes on with other stores, between two commits.
    func exchange(_ work: @Sendable (LogStorage) throws -> (LogStorage, LogAppender)) throws {
        (storage, appender) = try work(storage)
    }

    private func drain() {
        while !waiting.isEmpty {
            let group = takeGroup()
            do {
                let receipts = try appender.append(group.map(\.batch), to: storage)
                for (entry, receipt) in zip(group, receipts) { entry.continuation.resume(returning: receipt) }
            } catch {
                let failure = LogError.wrapping(error)
                for entry in group { entry.continuation.resume(throwing: failure) }
            }
        }
        isDraining = false
    }

    /// The oldest requests that fit one transaction, at least one.
    private func takeGroup() -> [Waiting] {
        var events = 0
        var count = 0
        while count < waiting.count,
            count == 0 || events + waiting[count].batch.count <= Self.transactionEventsMax
        {
            events += waiting[count].batch.count
            count += 1
        }
        defer { waiting.removeFirst(count) }
        return Array(waiting[..<count])
    }
}
