internal import EventLog
internal import Glibc
internal import LMDB
internal import SegmentModel

extension DataDirectory {
    /// How far the backup under way has come; nil if there is none.
    public var backupProgress: BackupProgress? { backups.progress }

    /// The last backup since the directory was opened; nil if there was none.
    public var lastBackup: BackupReport? { backups.latest }

    /// Writes a backup of all audiences, while they go on: everything that was acknowledged before is in it.
    ///
    /// It is a data directory of its own, without what can be built anew; starting on it restores it. It is written under
    /// another name, synced, read again from front to back and compared, and then renamed: what has the name is whole.
    /// Goes on when the caller's task is cancelled; `endLongWork` gives it up.
    ///
    /// - Parameter to: an absolute path, or a name in the configured directory of backups. Nothing may be there.
    public func backUp(to: String) async throws(AudienceError) -> BackupReport {
        let place = try BackupPlace(to, home: configuration.backupDirectory, data: path)
        let at = clock.now()
        try backups.begin(
            BackupProgress(path: place.path, startedAt: at, audience: "", audiencesDone: 0, audiences: audiences.count))
        return try await backups.outcome { [self] in
            await BackupThread().write(self, to: place, at: at)
        }.get()
    }

    /// Gives up the backup and the erasure passes under way, as whoever waits for them keeps the daemon from stopping.
    /// None begins any more: the directory is to be closed.
    public func endLongWork() {
        backups.stop()
        for audience in audiences { audience.endErasurePass() }
    }
}

/// The thread that a backup is written on: it waits for disks, and takes all of a processor while it reads the copy.
private actor BackupThread {
    private let executor = PinnedExecutor(name: "backup")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    func write(
        _ directory: DataDirectory, to place: BackupPlace, at: Instant
    ) -> Result<BackupReport, AudienceError> {
        Result { () throws(AudienceError) in try directory.writeBackup(to: place, at: at) }
    }
}

extension DataDirectory {
    fileprivate func writeBackup(to place: BackupPlace, at: Instant) throws(AudienceError) -> BackupReport {
        UnfinishedBackup.removeLeftovers(in: place.parent)
        let unfinished = try UnfinishedBackup(place)
        do throws(AudienceError) {
            return try write(unfinished, at: at)
        } catch {
            FileTree.remove(place.unfinished)
            throw backups.isStopped ? .backupStopped : error
        }
    }

    private func write(_ unfinished: UnfinishedBackup, at: Instant) throws(AudienceError) -> BackupReport {
        let home = unfinished.place.unfinished
        try FileTree.makeNew(home + "/audiences")
        try Directories.writeFormat(in: home, kind: Self.kind, .system)
        var report = BackupReport(path: unfinished.place.path, at: at, audiences: [])
        for (done, audience) in audiences.enumerated() {
            backups.note(audience.id, done: done)
            report.audiences.append(
                try audience.backUp(to: home + "/audiences/" + audience.id) { [backups] () throws(AudienceError) in
                    if backups.isStopped { throw .backupStopped }
                })
        }
        try FileTree.sync(home + "/audiences")
        do {
            try FileText.write(BackupManifest.text(of: report), to: home + "/" + BackupManifest.name, .system)
        } catch {
            throw AudienceError(wrapping: error)
        }
        try unfinished.finish()
        return report
    }
}

extension Audience {
    /// Copies the log as of now, and the recipient lists that it names, into a new directory; then reads the copy.
    ///
    /// - Parameter check: asked again and again; what it throws ends the copying.
    fileprivate func backUp(
        to home: String, _ check: () throws(AudienceError) -> Void
    ) throws(AudienceError) -> AudienceBackup {
        try check()
        try FileTree.makeNew(home)
        try FileTree.makeNew(home + "/log")
        let contents: LogContents
        do {
            try log.copy(to: home + "/log")
            contents = try LogFile.read(directory: home) { _ in try check() }
        } catch {
            throw AudienceError(wrapping: error).ofBackup
        }
        // The copied definitions say which lists there are; each was on disk before it was defined.
        let lists = try DefinitionBook(records: contents.definitions).recipients.lists
        var damaged: [String] = []
        if !lists.isEmpty { try FileTree.makeNew(home + "/sent") }
        for list in lists {
            try check()
            if try !recipients.copy(list, to: home) { damaged.append(list.campaign.text) }
        }
        if !lists.isEmpty { try FileTree.sync(home + "/sent") }
        try Directories.writeFormat(in: home, kind: DataDirectory.audienceKind, .system)
        let files = ["/log/data.mdb"] + lists.map { "/sent/\($0.number)" }
        return AudienceBackup(
            id: id, lastSequence: contents.lastSequence, definitions: contents.definitions.count,
            recipientLists: lists.count - damaged.count, damagedLists: damaged,
            digest: BackupManifest.digits(contents.digest),
            byteCount: files.reduce(0) { $0 + FileTree.byteCount(home + $1) })
    }
}

extension RecipientStore {
    /// Copies a list's file below another audience's directory and reads the copy; false if the list is damaged.
    func copy(_ list: RecipientList, to home: String) throws(AudienceError) -> Bool {
        let target = home + "/sent/\(list.number)"
        do throws(AudienceError) {
            try open(list).verify()
        } catch {
            return false
        }
        try FileTree.copy(path(list.number), to: target)
        do throws(AudienceError) {
            try RecipientFile(list, path: target).verify()
        } catch {
            throw error.ofBackup
        }
        return true
    }
}

extension AudienceError {
    /// The same for a copy: the stores themselves are not damaged by that, and the daemon goes on.
    fileprivate var ofBackup: AudienceError {
        guard code == .dataDamaged || code == .storageFailed || code == .listDamaged else { return self }
        return AudienceError(
            .fileFailed, "The backup was not written: \(message)", pointer: pointer, related: related)
    }
}
