internal import EventLog
internal import Glibc
internal import LMDB
internal import SegmentEngine
internal import SegmentModel

/// Reads a data directory or a backup that no daemon has open, and says whether all of it is sound.
///
/// Nothing in the directory is written. What is derived is made once more from the log, in a directory of its own, and
/// compared.
public struct DirectoryVerifier: Sendable {
    private let path: String
    private let scratch: String
    private let configuration: AudienceConfiguration
    private let manifest: [String: (lastSequence: UInt64, digest: String)]?
    private let lock: DirectoryLock?

    /// Audiences in the directory, sorted.
    public let audiences: [String]
    /// Whether the directory is a backup on which no daemon was started yet.
    public var isBackup: Bool { manifest != nil }

    /// - Parameters:
    ///   - path: a data directory or a backup; refused while another process has it open.
    ///   - scratch: an empty directory with room for the index and the view of the largest audience.
    public init(
        path: String, scratch: String, configuration: AudienceConfiguration = AudienceConfiguration()
    ) throws(AudienceError) {
        self.path = path
        self.scratch = scratch
        self.configuration = configuration
        guard try Directories.hasFormat(path, kind: DataDirectory.kind) else {
            throw AudienceError(.unsupportedFormat, "\(path) is not a data directory: it has no FORMAT file.")
        }
        lock = try DirectoryLock(reading: path + "/lock")
        manifest = try BackupManifest.read(path)
        var found: [String] = []
        for id in try Directories.names(in: path + "/audiences") where AudienceName.isValid(id) {
            if try Directories.hasFormat(path + "/audiences/" + id, kind: DataDirectory.audienceKind) {
                found.append(id)
            }
        }
        // What a backup says it has is looked for too.
        audiences = Set(found).union(manifest?.keys.map { $0 } ?? []).sorted()
    }

    /// Checks one audience; takes as long as reading its log three times.
    public func verify(
        _ id: String, progress: (VerificationProgress) -> Void = { _ in }
    ) throws(AudienceError) -> StoredAudienceReport {
        let room = scratch + "/" + id
        try FileTree.makeNew(room)
        defer { FileTree.remove(room) }
        var found = StoredAudienceReport(id: id)
        do {
            try check(id, room, &found, progress)
        } catch {
            found.problems.append(AudienceError(wrapping: error).message)
        }
        return found
    }

    private func check(
        _ id: String, _ room: String, _ found: inout StoredAudienceReport, _ progress: (VerificationProgress) -> Void
    ) throws {
        let home = path + "/audiences/" + id
        guard try Directories.hasFormat(home, kind: DataDirectory.audienceKind) else {
            throw AudienceError(.dataDamaged, "The audience “\(id)” is missing: BACKUP names it.")
        }
        guard !LogExchange.isUnderWay(in: home) else {
            throw AudienceError(
                .storageFailed,
                "The exchange of the log of “\(id)” was cut short. Start the daemon on it once, which completes it.")
        }
        func report(_ step: String, _ events: UInt64) {
            progress(VerificationProgress(audience: id, step: step, events: events))
        }
        let contents = try LogFile.read(directory: home) { event in
            if event.sequence % Self.reportInterval == 0 { report("reading the log", event.sequence) }
        }
        found.lastSequence = contents.lastSequence
        found.definitions = contents.definitions.count
        found.digest = BackupManifest.digits(contents.digest)
        if let said = manifest?[id], said.lastSequence != contents.lastSequence || said.digest != found.digest {
            found.problems.append(
                "The log is not the one that was backed up: BACKUP says event \(said.lastSequence), digest \(said.digest)."
            )
        }
        let book = try DefinitionBook(records: contents.definitions)
        checkLists(of: book, in: home, &found)
        report("building the index", contents.lastSequence)
        let log = try EventLog(reading: home, scratch: room, mapSizeBytes: configuration.mapSizeBytes)
        defer { try? log.close() }
        found.index = try log.compareIndex(in: home)
        report("folding the log", contents.lastSequence)
        try checkView(home, room, book, log, &found)
    }

    private static let reportInterval: UInt64 = 10_000

    private func checkLists(of book: DefinitionBook, in home: String, _ found: inout StoredAudienceReport) {
        let store = RecipientStore(home: home, steps: .system)
        for list in book.recipients.lists {
            do throws(AudienceError) {
                try store.open(list).verify()
                found.recipientLists += 1
            } catch {
                found.problems.append(error.message)
            }
        }
    }

    // MARK: The view and the segments

    private func checkView(
        _ home: String, _ room: String, _ book: DefinitionBook, _ log: EventLog, _ found: inout StoredAudienceReport
    ) throws {
        let context = try book.settings.evaluationContext(zones: ZoneDirectory(path: configuration.zoneDirectory))
        let engine = MembershipEngine(context: context, threads: configuration.threads)
        engine.beginCatchUp()
        // All that was stored is visible by then, and counts.
        let instant = max(log.tail.visibleAt, book.lastChangeAt)
        found.view = try compareView(in: home, room, engine, log, by: instant)
        _ = try engine.catchUp(from: log, visibleBy: instant)
        for (id, saved) in book.segments { engine.define(id, as: saved.condition) }
        engine.endCatchUp(at: instant)
        let snapshot = engine.snapshot()
        found.asOf = instant
        found.contacts = snapshot.contactCount
        for saved in book.segments.values.sorted(by: { $0.stored.name < $1.stored.name }) {
            guard let members = snapshot.members(of: saved.stored.id) else { continue }
            found.segments.append(
                SegmentVerification(segment: saved.label, count: members.count, digest: snapshot.digest(of: members)))
        }
    }

    private func compareView(
        in home: String, _ room: String, _ engine: MembershipEngine, _ log: EventLog, by instant: Instant
    ) throws -> StoredAudienceReport.DerivedState {
        let store = ViewStore(directory: home + "/view", mapSizeBytes: configuration.mapSizeBytes)
        let standing: ViewStore.Standing?
        do {
            standing = try store.standing()
        } catch {
            return .rebuilt("\(error)")
        }
        guard let standing else { return .missing }
        engine.logGeneration = log.generation
        guard standing.logGeneration == log.generation, standing.sequence > 0, standing.sequence <= log.tail.sequence,
            try log.read(from: standing.sequence, countMax: 1).first?.recordedAt == standing.recordedAt
        else { return .rebuilt("it is of another log") }
        _ = try engine.catchUp(from: log, through: standing.sequence, visibleBy: instant)
        let table = try store.firstDifference(from: engine.draftView(), scratch: room + "/view")
        return table.map { .differs("its table “\($0)” is not what the log makes of it") } ?? .agrees
    }
}

extension EngineSnapshot {
    /// CRC-32C over the ids of the members in the order of their bytes, each after its length.
    func digest(of members: MemberSet) -> String {
        var digest: UInt32 = 0
        for id in page(of: members) {
            let bytes = Array(id.text.utf8)
            digest = withUnsafeBytes(of: UInt32(bytes.count).littleEndian) { CRC32C.checksum($0, continuing: digest) }
            digest = bytes.withUnsafeBytes { CRC32C.checksum($0, continuing: digest) }
        }
        return BackupManifest.digits(digest)
    }
}

extension EventLog {
    /// Compares the index stored in an audience's directory with the one of this log.
    fileprivate func compareIndex(in home: String) throws -> StoredAudienceReport.DerivedState {
        switch try indexComparison(with: home) {
        case .missing: .missing
        case .agrees(let sequence): sequence == tail.sequence ? .agrees : .behind(sequence: sequence)
        case .notBelieved(let reason): .rebuilt(reason)
        case .differs(let reason): .differs(reason)
        }
    }
}
