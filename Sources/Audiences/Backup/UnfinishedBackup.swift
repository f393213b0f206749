internal import Glibc

/// A backup's directory while it is being written. It is locked, so that another daemon that backs up to the same place
/// can tell it from what a crash left.
final class UnfinishedBackup {
    let place: BackupPlace
    private let descriptor: CInt

    /// Makes the directory.
    init(_ place: BackupPlace) throws(AudienceError) {
        self.place = place
        try FileTree.makeNew(place.unfinished)
        descriptor = Self.lock(place.unfinished)
        guard descriptor >= 0 else { throw FileTree.failure("lock", place.unfinished) }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Gives the directory its name.
    func finish() throws(AudienceError) {
        guard rename(place.unfinished, place.path) == 0 else { throw FileTree.failure("put in its place", place.path) }
        try FileTree.sync(place.parent)
    }

    /// Removes what processes left that died while they wrote backups there.
    static func removeLeftovers(in parent: String) {
        for name in (try? Directories.names(in: parent)) ?? [] where name.hasPrefix(BackupPlace.unfinishedPrefix) {
            let descriptor = lock(parent + "/" + name)
            guard descriptor >= 0 else { continue }
            FileTree.remove(parent + "/" + name)
            close(descriptor)
        }
    }

    /// The descriptor of a directory that is locked until it is closed; negative if there is none, or somebody has it.
    private static func lock(_ path: String) -> CInt {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) != 0 else { return descriptor }
        close(descriptor)
        return -1
    }
}
