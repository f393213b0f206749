internal import EventLog
internal import Glibc
internal import LMDB
internal import Synchronization

/// Directories and the small files that say what they are.
enum Directories {
    /// The format of directories that this version reads and writes.
    static let formatVersion = 1

    /// Makes the directory and its parents, for the owner alone; what was made is on the disk under its name.
    ///
    /// One that was there may have been made a moment before a crash: whoever needs its name to last calls `sync` on the
    /// directory it lies in.
    static func make(_ path: String, _ steps: DurableSteps) throws(AudienceError) {
        var made = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            let parent = made
            made += "/" + part
            guard access(made, F_OK) != 0 else { continue }
            if steps.makeDirectory(made) == 0 {
                try sync(parent.isEmpty ? "/" : parent, steps)
            } else if errno != EEXIST {
                throw failure("create the directory", made)
            }
        }
        var information = stat()
        guard stat(path, &information) == 0, information.st_mode & S_IFMT == S_IFDIR else {
            throw AudienceError(.storageFailed, "\(path) is not a directory.")
        }
    }

    /// Makes names created in or removed from the directory durable.
    static func sync(_ path: String, _ steps: DurableSteps) throws(AudienceError) {
        do {
            try FileText.syncDirectory(path, steps)
        } catch {
            throw AudienceError(error)
        }
    }

    /// Gives the directory a name that nothing else has: its own with `.unusable-1`, or the next number.
    static func setAside(_ path: String, _ steps: DurableSteps) throws(AudienceError) {
        var number = 1
        while access(path + ".unusable-\(number)", F_OK) == 0 { number += 1 }
        guard steps.rename(path, to: path + ".unusable-\(number)") == 0 else { throw failure("set aside", path) }
    }

    /// The names in a directory, sorted.
    static func names(in path: String) throws(AudienceError) -> [String] {
        guard let stream = opendir(path) else { throw failure("read the directory", path) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Whether the directory says it is of that kind; refuses other kinds and newer formats.
    static func hasFormat(_ path: String, kind: String) throws(AudienceError) -> Bool {
        let text: String?
        do {
            // One that is there and cannot be read must not pass for none.
            text = try FileText.readIfPresent(path + "/FORMAT")
        } catch {
            throw AudienceError(error)
        }
        guard let text else { return false }
        guard text == line(kind) else {
            let first = text.prefix { $0 != "\n" }.prefix(80)
            throw AudienceError(
                .unsupportedFormat,
                "\(path)/FORMAT says “\(first)”; this version of segmentd reads “\(line(kind).dropLast())”.")
        }
        return true
    }

    /// Checks FORMAT, or writes it where there is none yet.
    static func checkOrWriteFormat(
        in path: String, kind: String, _ steps: DurableSteps
    ) throws(AudienceError) {
        guard try !hasFormat(path, kind: kind) else { return }
        let strangers = try names(in: path).filter {
            !["log", "index", "lock", "clock", "clock.new", "audiences", "FORMAT.new"].contains($0)
        }
        guard strangers.isEmpty else {
            throw AudienceError(
                .unsupportedFormat,
                "\(path) is not a \(kind): it has no FORMAT file and holds “\(strangers[0])”. Give an empty directory.")
        }
        try writeFormat(in: path, kind: kind, steps)
    }

    /// Writes FORMAT, durably, and with it the names beside it.
    static func writeFormat(in path: String, kind: String, _ steps: DurableSteps) throws(AudienceError) {
        do {
            try FileText.write(line(kind), to: path + "/FORMAT", steps)
        } catch {
            throw AudienceError(error)
        }
    }

    private static func line(_ kind: String) -> String { "\(kind), format \(formatVersion)\n" }

    /// What the last call of the system failed with; a full disk is for the caller to see to.
    static func failure(_ verb: String, _ path: String) -> AudienceError {
        let isFull = errno == ENOSPC || errno == EDQUOT
        return AudienceError(
            isFull ? .storageFull : .storageFailed, "Could not \(verb) \(path): \(String(cString: strerror(errno))).")
    }
}

/// Keeps a second process away from a data directory; the kernel lets go of it when the process ends.
final class DirectoryLock: Sendable {
    /// Of the locked file; -1 once it is released.
    let descriptor: Mutex<CInt>

    init(path: String) throws(AudienceError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Directories.failure("open", path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            let holder = FileText.read(path)?.prefix { $0 != "\n" } ?? ""
            throw AudienceError(
                .directoryInUse,
                "The data directory is in use by another process\(holder.isEmpty ? "" : " (\(holder))"): \(path) is locked."
            )
        }
        ftruncate(descriptor, 0)
        let text = Array("pid \(getpid())\n".utf8)
        _ = write(descriptor, text, text.count)
        self.descriptor = Mutex(descriptor)
    }

    /// Locks a directory that is only read, as far as it was ever opened: nil if there is no lock file.
    init?(reading path: String) throws(AudienceError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            self.descriptor = Mutex(-1)
            return nil
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            self.descriptor = Mutex(-1)
            throw AudienceError(
                .directoryInUse,
                "The data directory is in use by another process: \(path) is locked. Stop it, or look at "
                    + "a backup instead.")
        }
        self.descriptor = Mutex(descriptor)
    }

    func release() {
        descriptor.withLock { descriptor in
            guard descriptor >= 0 else { return }
            // A process that was forked and has not begun its own program yet has the descriptor too, and closing this one
            // would leave the lock to it.
            flock(descriptor, LOCK_UN)
            close(descriptor)
            descriptor = -1
        }
    }

    deinit { release() }
}
