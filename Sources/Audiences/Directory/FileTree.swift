internal import EventLog
internal import Glibc
internal import LMDB

/// Whole files and trees of directories.
package enum FileTree {
    private static let pieceBytes = 1 << 20

    /// Copies a file to a place where there is none, for its owner alone, and syncs it.
    static func copy(_ source: String, to target: String) throws(AudienceError) {
        let input = open(source, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard input >= 0 else { throw failure("open", source) }
        defer { close(input) }
        let output = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard output >= 0 else { throw failure("create", target) }
        defer { close(output) }
        var buffer = [UInt8](repeating: 0, count: pieceBytes)
        while true {
            let count = read(input, &buffer, buffer.count)
            if count == 0 { break }
            guard count > 0 else {
                guard errno == EINTR else { throw failure("read", source) }
                continue
            }
            var written = 0
            while written < count {
                let more = buffer.withUnsafeBytes {
                    write(output, $0.baseAddress.map { $0 + written }, count - written)
                }
                guard more > 0 || errno == EINTR else { throw failure("write", target) }
                written += max(more, 0)
            }
        }
        guard fsync(output) == 0 else { throw failure("sync", target) }
    }

    /// Removes a directory and everything in it, without following links. What cannot be removed stays.
    package static func remove(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            unlink(path)
            return
        }
        for name in (try? Directories.names(in: path)) ?? [] { remove(path + "/" + name) }
        rmdir(path)
    }

    /// Makes the names in a directory durable.
    static func sync(_ path: String) throws(AudienceError) {
        do {
            try FileText.syncDirectory(path, .system)
        } catch {
            throw AudienceError(error)
        }
    }

    /// Makes one directory that must not be there yet, for its owner alone.
    static func makeNew(_ path: String) throws(AudienceError) {
        guard mkdir(path, 0o700) == 0 else { throw failure("create the directory", path) }
    }

    /// The size of a file in bytes; 0 if there is none.
    static func byteCount(_ path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }

    static func failure(_ verb: String, _ path: String) -> AudienceError {
        let isFull = errno == ENOSPC || errno == EDQUOT
        return AudienceError(
            isFull ? .storageFull : .fileFailed, "Could not \(verb) \(path): \(String(cString: strerror(errno))).")
    }
}

extension AudienceError.Code {
    /// A file outside of the stores could not be read or written; the daemon goes on.
    public static let fileFailed = AudienceError.Code(rawValue: "file_failed")
}
