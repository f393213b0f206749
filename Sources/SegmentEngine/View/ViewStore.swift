public import EventLog
internal import Glibc
public import LMDB
public import SegmentModel

/// Where an audience's views are kept: a directory with the present one, by number.
///
/// A view is written under another name, synced, and renamed; the one before it is removed then. What cannot be read is
/// removed too: the log has everything it held.
public struct ViewStore: Sendable {
    private let directory: String
    let mapSizeBytes: Int
    private let steps: DurableSteps
    /// How many bytes may still be written to the disk that a directory lies on; nil if that is not known.
    var freeBytes: @Sendable (_ directory: String) -> Int? = { directory in
        var status = statvfs()
        return statvfs(directory, &status) == 0 ? Int(status.f_bavail) * Int(status.f_frsize) : nil
    }

    /// Where a view is written before it is whole.
    private static let unfinished = "unfinished"
    /// The file with a checkpoint, beside the view it belongs to.
    private static let checkpoint = "checkpoint"

    /// - Parameters:
    ///   - directory: made when the first view is written.
    ///   - mapSizeBytes: bound on a view's size; address space, not disk.
    ///   - steps: how views become durable.
    public init(directory: String, mapSizeBytes: Int, steps: DurableSteps = .system) {
        self.directory = directory
        self.mapSizeBytes = mapSizeBytes
        self.steps = steps
    }

    /// An engine that goes on from the newest view that can be read and belongs to the log, or that has seen nothing.
    ///
    /// It then catches up already: only `endCatchUp` brings what there is to know about the contacts. Its frontier is not
    /// before the last event of the view, nor before the instant the view was written at.
    ///
    /// - Parameter logGeneration: which rewriting of the log this is: a view of another is not the log's.
    /// - Parameter visibleAt: when the log's event of that sequence became visible, nil if it has none that it recorded at
    ///   that instant.
    /// - Parameter whenDamaged: told why a view is not used that should be sound.
    public func makeEngine(
        context: EvaluationContext, frontier: Frontier, threads: Int, logGeneration: UInt64 = 0,
        whenDamaged: (String) -> Void = { _ in },
        visibleAt: (_ sequence: UInt64, _ recordedAt: Instant) throws -> Instant?
    ) rethrows -> MembershipEngine {
        let engine = MembershipEngine(context: context, frontier: frontier, threads: threads)
        engine.logGeneration = logGeneration
        for number in numbers.reversed() {
            switch open(number, on: engine.pool) {
            case .success(let (view, fold)):
                guard view.logGeneration == logGeneration,
                    let visibleAt = try visibleAt(view.sequence, view.recordedAt)
                else { break }
                let checkpoint = Checkpoint(path: path(number) + "/" + Self.checkpoint, of: view)
                engine.begin(from: fold, of: view, visibleAt: visibleAt, checkpoint)
                remove(directory + "/" + Self.unfinished)
                return engine
            case .failure(let error): whenDamaged("The view \(path(number)) is damaged: \(error)")
            }
            remove(path(number))
        }
        remove(directory + "/" + Self.unfinished)
        return engine
    }

    /// A view and the fold that it was written from, all of it read and checked.
    private func open(_ number: Int, on pool: WorkerPool) -> Result<(StoredView, RecordFold), any Error> {
        Result {
            try Self.checkFile(path(number))
            let view = try StoredView(directory: path(number), mapSizeBytes: mapSizeBytes)
            return (view, try view.makeFold(on: pool))
        }
    }

    /// Writes a view and removes those before it. Takes as long as the disk does; not for a thread that others wait for.
    func write(_ source: ViewSource, _ checkpoint: CheckpointDraft?) throws -> StoredView {
        _ = steps.makeDirectory(directory)
        let unfinished = directory + "/" + Self.unfinished
        remove(unfinished)
        do {
            try checkRoom(for: source)
            return try write(source, checkpoint, by: unfinished)
        } catch {
            // What is there of it would only take room.
            remove(unfinished)
            throw error
        }
    }

    /// Throws if the disk has less room than the view will take, as far as that can be told.
    private func checkRoom(for source: ViewSource) throws(ViewError) {
        let present = numbers.last.map { Self.byteCount(of: path($0) + "/data.mdb") } ?? 0
        let expected = max(present, source.records.byteCount)
        let needed = expected + expected / 4 + Self.spareBytes
        guard let free = freeBytes(directory), free < needed else { return }
        throw .noRoom(neededBytes: needed)
    }

    /// Left to others on the disk besides what a view is expected to take.
    private static let spareBytes = 4 << 20

    private static func byteCount(of path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }

    private func write(
        _ source: ViewSource, _ checkpoint: CheckpointDraft?, by unfinished: String
    ) throws -> StoredView {
        var writer = try ViewWriter(directory: unfinished, mapSizeBytes: mapSizeBytes, steps: steps)
        // First, because the engine has to copy what it changes until it is written.
        try checkpoint?.write(to: unfinished + "/" + Self.checkpoint, steps)
        try writer.write(source)
        let earlier = numbers
        let number = (earlier.last ?? 0) + 1
        guard steps.rename(unfinished, to: path(number)) == 0 else { throw ViewError.unwritable }
        try FileText.syncDirectory(directory, steps)
        for number in earlier { remove(path(number)) }
        return try StoredView(directory: path(number), mapSizeBytes: mapSizeBytes)
    }

    /// Removes every view, durably; who has one open goes on reading it. Throws if one is left.
    public func removeAll() throws {
        let unfinished = directory + "/" + Self.unfinished
        for path in numbers.map(path) + [unfinished] { remove(path) }
        guard Self.exists(directory) else { return }
        for path in numbers.map(path) + [unfinished] where Self.exists(path) {
            throw ViewError.unremovable(path: path)
        }
        try FileText.syncDirectory(directory, steps)
    }

    private static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    func path(_ number: Int) -> String { directory + "/\(number)" }

    /// The numbers of the views there are, ascending.
    var numbers: [Int] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var numbers: [Int] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if let number = Int(name), number > 0 { numbers.append(number) }
        }
        return numbers.sorted()
    }

    private func remove(_ path: String) {
        for file in ["data.mdb", "lock.mdb", Self.checkpoint] { steps.remove(path + "/" + file) }
        steps.removeDirectory(path)
    }
}

/// A view being written: what it is written from, so that the engine can put it in the place of its own memory.
public struct ViewDraft: Sendable {
    let source: ViewSource
    let checkpoint: CheckpointDraft?

    /// Writes the view; to be called beside the engine's other work.
    public func write(to store: ViewStore) throws -> FinishedView {
        let view = try store.write(source, checkpoint)
        return FinishedView(view: view, references: try view.references(), source: source)
    }
}

/// A view that was written, for `MembershipEngine.adopt`.
public struct FinishedView: Sendable {
    let view: StoredView
    let references: [RecordReference]
    let source: ViewSource
}

extension MembershipEngine {
    /// Memory of records that are newer than the view, in bytes.
    public var newRecordBytes: Int { fold.store.byteCount }

    /// What a view would be written from now. Memory that it is written from is kept until `adopt`; where the view is not
    /// written, the next one is written from it too.
    public func draftView() -> ViewDraft {
        finishBatch()
        return ViewDraft(
            source: ViewSource(
                sequence: sequence, recordedAt: recordedAt, logGeneration: logGeneration, vocabulary: fold.vocabulary,
                records: fold.store.beginGeneration(), refunds: fold.refunds),
            checkpoint: draftCheckpoint())
    }

    /// None while what is known of the contacts is not about their records.
    private func draftCheckpoint() -> CheckpointDraft? {
        guard isEvaluated, !isCatchingUp else { return nil }
        return CheckpointDraft(
            CheckpointSource(
                sequence: sequence, recordedAt: recordedAt, instant: max(frontier.instant, evaluatedThrough),
                context: context, catalog: catalog, columns: columns, wakes: wakes.instants))
    }

    /// Reads records from the view from here on, and lets go of the memory they were in.
    public func adopt(_ finished: FinishedView) {
        finishBatch()
        fold.store.adopt(finished.references, writtenFrom: finished.source.records, map: finished.view)
        giveBackMemory()
    }

    /// Goes on from what a view holds; for an engine that has seen nothing.
    func begin(from fold: RecordFold, of view: StoredView, visibleAt: Instant, _ checkpoint: Checkpoint?) {
        precondition(sequence == 0, "an engine that has seen events does not begin again")
        self.fold = fold
        take(sequence: view.sequence, recordedAt: view.recordedAt)
        // The clock may have been set back since the view was written.
        frontier.advance(to: max(visibleAt, checkpoint?.instant ?? visibleAt))
        isEvaluated = false
        if let checkpoint, checkpoint.isGood(for: context) { self.checkpoint = checkpoint }
        beginCatchUp()
    }
}
