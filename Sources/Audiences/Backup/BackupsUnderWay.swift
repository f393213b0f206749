internal import Synchronization

/// The backup under way, if there is one, and who waits for it.
final class BackupsUnderWay: Sendable {
    typealias Outcome = Result<BackupReport, AudienceError>

    private let current = Mutex<BackupProgress?>(nil)
    private let last = Mutex<BackupReport?>(nil)
    private let waiting = Mutex<CheckedContinuation<Outcome, Never>?>(nil)
    private let stopped = Atomic<Bool>(false)

    var progress: BackupProgress? { current.withLock { $0 } }
    var latest: BackupReport? { last.withLock { $0 } }

    /// Set once the directory is to be closed.
    var isStopped: Bool { stopped.load(ordering: .sequentiallyConsistent) }

    /// Lets one begin; `outcome` must follow.
    func begin(_ progress: BackupProgress) throws(AudienceError) {
        guard !isStopped else { throw .backupStopped }
        let isFree = current.withLock { current in
            guard current == nil else { return false }
            current = progress
            return true
        }
        guard isFree else {
            throw AudienceError(.backupUnderWay, "Another backup is being written; one is at a time.")
        }
    }

    func note(_ audience: String, done: Int) {
        current.withLock { current in
            current?.audience = audience
            current?.audiencesDone = done
        }
    }

    /// What comes of the work, which is done in a task of its own; or that it was stopped, as soon as it is. A step of it
    /// may then still be under way: the copying of one log cannot be broken off.
    func outcome(of work: @escaping @Sendable () async -> Outcome) async -> Outcome {
        await withCheckedContinuation { continuation in
            waiting.withLock { $0 = continuation }
            Task {
                let outcome = await work()
                if let report = try? outcome.get() { last.withLock { $0 = report } }
                // Before the next one may begin, which somebody else waits for.
                let continuation = takeWaiting()
                current.withLock { $0 = nil }
                continuation?.resume(returning: outcome)
            }
            if isStopped { takeWaiting()?.resume(returning: .failure(.backupStopped)) }
        }
    }

    /// Has the backup under way given up, and none begin any more.
    func stop() {
        stopped.store(true, ordering: .sequentiallyConsistent)
        takeWaiting()?.resume(returning: .failure(.backupStopped))
    }

    private func takeWaiting() -> CheckedContinuation<Outcome, Never>? {
        waiting.withLock { waiting in
            defer { waiting = nil }
            return waiting
        }
    }
}

extension AudienceError {
    static var backupStopped: AudienceError {
        AudienceError(.cancelled, "segmentd is being stopped; the backup was given up.")
    }
}
