internal import LMDB
public import SegmentModel
internal import Synchronization

/// A log being rewritten beside the present one, without what erased contacts said.
///
/// Comes in: the present log, the erasures that are visible. Goes out: a new log and its index in `rewrite/`, which
/// `EventLog.exchange` puts in the present one's place. Until then nothing of the present log is touched, and a rewriting
/// that is let go of leaves nothing but files that are removed.
public actor LogRewrite {
    private let executor = PinnedExecutor(name: "log-rewrite")
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Events that are replaced.
    public nonisolated let replacedCount: Int
    private let source: LogStorage
    private let target: LogStorage
    private var copy: LogCopy

    init(of source: LogStorage, in directories: LogDirectories, mapSizeBytes: Int, plan: ErasurePlan) throws {
        try directories.makeRewrite()
        self.source = source
        target = try LogStorage(
            directory: directories.rewrite, mapSizeBytes: mapSizeBytes, steps: directories.steps,
            digestKey: source.digestKey)
        replacedCount = plan.replacements.count
        copy = LogCopy(from: source, to: target, replacing: plan.replacements)
    }

    /// Copies what does not change any more, while appends go on; and the index of it.
    ///
    /// - Parameter isCancelled: asked between transactions.
    func copyAhead(isCancelled: () -> Bool) throws {
        var isGoingOn = true
        while isGoingOn {
            guard !isCancelled() else { throw Self.ended }
            isGoingOn = try copy.copyFullBlocks()
        }
        _ = try target.catchUpIndex(to: copy.last) { if isCancelled() { throw Self.ended } }
    }

    /// What an erasure pass throws that was ended.
    public static let ended = LogError(.cancelled, "The erasure pass was ended; the next begins anew.")

    /// The rest of the work, which nothing may be stored during; on whichever thread has seen to that.
    nonisolated func handOver() async -> LogCopy { await copy }
}

extension LogCopy {
    /// Copies what came last, brings the index up to it, and closes both.
    mutating func complete(_ step: (RewriteStep) throws -> Void) throws {
        try finish()
        // A row that is not where it belongs looks like the end.
        guard last == source.tail.sequence else {
            throw LogError(
                .damaged(sequence: last + 1),
                "Event \(last + 1) of the log in \(source.environment.directory) is missing. \(LogError.remedy)")
        }
        _ = try target.catchUpIndex(to: last)
        try step(.tailCopied)
        try target.index.close()
        target.environment.close()
    }
}

extension EventLog {
    /// The erasures that are to be worked off, visible or not, in log order. Costs a reference.
    public var erasures: [LoggedEvent] { storage.erasures }

    /// How often the log was rewritten in its life: who reads the log in several calls, or keeps what was made of it, and
    /// must not take one rewriting for another, compares it.
    public var generation: UInt64 { storage.generation }

    /// Rewrites the log beside the present one, without what the contacts said that these erasures erased.
    ///
    /// Costs the time and room of a copy; appends go on meanwhile. Definitions stay as they are.
    ///
    /// - Parameters:
    ///   - erasures: of `erasures`, those that segmentation has seen.
    ///   - last: the last event that it has seen.
    public func rewrite(
        erasing erasures: [LoggedEvent], through last: UInt64, isCancelled: @escaping @Sendable () -> Bool = { false }
    ) async throws(LogError) -> LogRewrite {
        do {
            let storage = storage
            guard let key = storage.digestKey else {
                throw LogError(.storage, "There is no key for digests, so that erased events could not be recognised.")
            }
            let (directories, mapSizeBytes) = (directories, mapSizeBytes)
            let rewriter = PlanThread()
            let plan = try await rewriter.plan(storage, erasures, through: last, key: key)
            let rewrite = try LogRewrite(
                of: storage, in: directories, mapSizeBytes: mapSizeBytes, plan: plan)
            try await rewrite.copyAhead(isCancelled: isCancelled)
            return rewrite
        } catch {
            directories.discardRewrite()
            throw LogError.wrapping(error)
        }
    }

    /// Removes a rewritten log that is not to take the present one's place.
    public func discard(_ rewrite: LogRewrite) {
        directories.discardRewrite()
    }

    /// Puts a rewritten log in the place of the present one. Appends and definitions wait for what came last to be copied.
    ///
    /// When it returns the exchange is on disk, and the former log still there. What fails before it was decided leaves the
    /// present log; after that the log takes no more, and the next start completes the exchange.
    public func exchange(for rewrite: LogRewrite) async throws(LogError) {
        try await exchange(for: rewrite) { _ in }
    }

    /// - Parameter step: called after each step; what it throws ends the exchange there.
    package func exchange(
        for rewrite: LogRewrite, _ step: @escaping @Sendable (RewriteStep) throws -> Void
    ) async throws(LogError) {
        let copy = await rewrite.handOver()
        do {
            try step(.copied)
            try await writer.exchange { [self] storage in
                try defining.withLock { _ in try exchange(storage, copy, step) }
            }
        } catch {
            throw LogError.wrapping(error)
        }
    }

    /// Removes the log before the exchange, durably. Where that fails the next start does it.
    public func discardFormer() throws(LogError) { try directories.discard() }

    /// On the writer's thread, while no definition is stored.
    private func exchange(
        _ present: LogStorage, _ copy: LogCopy, _ step: (RewriteStep) throws -> Void
    ) throws -> (LogStorage, LogAppender) {
        var copy = copy
        var isDecided = false
        do {
            try copy.complete(step)
            try directories.exchange(step) { isDecided = true }
            let (storage, appender) = try Self.open(directories, mapSizeBytes: mapSizeBytes, key: present.digestKey)
            current.withLock { $0 = storage }
            try step(.opened)
            return (storage, appender)
        } catch {
            if isDecided {
                // What is open is not the log any more: nothing may be stored there, and the process has to end.
                present.environment.close()
                throw LogError(.storage, "The log's exchange was cut short, the next start completes it: \(error)")
            }
            directories.discardRewrite()
            throw error
        }
    }
}

/// Reads the log for a plan, which may take long, on a thread that nobody else waits for.
private actor PlanThread {
    private let executor = PinnedExecutor(name: "log-plan")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    func plan(
        _ storage: LogStorage, _ erasures: [LoggedEvent], through last: UInt64, key: DigestKey
    ) throws -> ErasurePlan {
        ErasurePlan(try storage.search(for: erasures, through: last), key: key)
    }
}

extension EventLog {
    /// When the log took the events at these sequences, in rising order; those that it has not are left out.
    ///
    /// Cost: each block that has one is read once.
    public func recordedAt(of sequences: [UInt64]) throws(LogError) -> [UInt64: Instant] {
        var found: [UInt64: Instant] = [:]
        var left = sequences[...]
        while let first = left.first {
            let next = try forEachStored(inBlockOf: first) { event in
                if left.first == event.sequence { found[left.removeFirst()] = event.recordedAt }
                return true
            }
            guard next > first else { break }
        }
        return found
    }
}
