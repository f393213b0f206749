internal import EventLog
internal import Glibc
internal import LMDB
internal import SegmentModel
internal import Synchronization

/// The backup under way, if there is one.
final class BackupsUnderWay: Sendable {
    private let current = Mutex<BackupProgress?>(nil)
    private let last = Mutex<BackupReport?>(nil)

    var progress: BackupProgress? { current.withLock { $0 } }
    var latest: BackupReport? { last.withLock { $0 } }

    /// False if one is under way.
    func begin(_ progress: BackupProgress) -> Bool {
        current.withLock { current in
            guard current == nil else { return false }
            current = progress
            return true
        }
    }

    func note(_ audience: String, done: Int) {
        current.withLock { current in
            current?.audience = audience
            current?.audiencesDone = done
        }
    }

    func end(_ report: BackupReport?) {
        current.withLock { $0 = nil }
        if let report { last.withLock { $0 = report } }
    }
}

extension DataDirectory {
    /// How far the backup under way has come; nil if there is none.
    public var backupProgress: BackupProgress? { backups.progress }

    /// The last backup since the directory was opened; nil if there was none.
    public var lastBackup: BackupReport? { backups.latest }

    /// Writes a backup of all audiences, while they go on: everything that was acknowledged before is in it.
    ///
    /// It is a data directory of its own, without what can be built anew; starting on it restores it. It is written under
    /// another name, synced, read again from front to back and compared, and then renamed: what has the name is whole.
    ///
    /// - Parameter to: an absolute path, or a name in the configured directory of backups. Nothing may be there.
    @concurrent
    public func backUp(to: String) async throws(AudienceError) -> BackupReport {
        let place = try BackupPlace(to, home: configuration.backupDirectory, data: path)
        let at = clock.now()
        let progress = BackupProgress(
            path: place.path, startedAt: at, audience: "", audiencesDone: 0, audiences: audiences.count)
        guard backups.begin(progress) else {
            throw AudienceError(.backupUnderWay, "Another backup is being written; one is at a time.")
        }
        do throws(AudienceError) {
            Self.removeLeftovers(in: place.parent)
            let report = try await write(to: place, at: at)
            backups.end(report)
            return report
        } catch {
            FileTree.remove(place.unfinished)
            backups.end(nil)
            throw error
        }
    }

    /// What a process left that died while it wrote a backup.
    private static func removeLeftovers(in parent: String) {
        for name in (try? Directories.names(in: parent)) ?? [] where name.hasPrefix(BackupPlace.unfinishedPrefix) {
            FileTree.remove(parent + "/" + name)
        }
    }

    private func write(to place: BackupPlace, at: Instant) async throws(AudienceError) -> BackupReport {
        let home = place.unfinished
        try FileTree.makeNew(home)
        try FileTree.makeNew(home + "/audiences")
        try Directories.writeFormat(in: home, kind: Self.kind, .system)
        var report = BackupReport(path: place.path, at: at, audiences: [])
        for (done, audience) in audiences.enumerated() {
            backups.note(audience.id, done: done)
            report.audiences.append(try audience.backUp(to: home + "/audiences/" + audience.id))
            await Task.yield()
        }
        try FileTree.sync(home + "/audiences")
        do {
            try FileText.write(BackupManifest.text(of: report), to: home + "/" + BackupManifest.name, .system)
        } catch {
            throw AudienceError(wrapping: error)
        }
        guard rename(home, place.path) == 0 else { throw FileTree.failure("put in its place", place.path) }
        try FileTree.sync(place.parent)
        return report
    }
}

extension Audience {
    /// Copies the log as of now, and the recipient lists that it names, into a new directory; then reads the copy.
    fileprivate func backUp(to home: String) throws(AudienceError) -> AudienceBackup {
        try FileTree.makeNew(home)
        try FileTree.makeNew(home + "/log")
        let contents: LogContents
        do {
            try log.copy(to: home + "/log")
            contents = try LogFile.read(directory: home)
        } catch {
            throw AudienceError(wrapping: error).ofBackup
        }
        // The copied definitions say which lists there are; each was on disk before it was defined.
        let lists = try DefinitionBook(records: contents.definitions).recipients.lists
        var damaged: [String] = []
        if !lists.isEmpty { try FileTree.makeNew(home + "/sent") }
        for list in lists where try !recipients.copy(list, to: home) { damaged.append(list.campaign.text) }
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
