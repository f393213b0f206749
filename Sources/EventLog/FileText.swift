internal import Glibc
package import LMDB

/// Small text files, read whole and written durably.
package enum FileText {
    /// The file's text, nil if it cannot be read.
    package static func read(_ path: String) -> String? {
        do {
            return try readIfPresent(path)
        } catch {
            return nil
        }
    }

    /// The file's text, nil if there is no such file.
    package static func readIfPresent(_ path: String) throws(LogError) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            guard errno != ENOENT else { return nil }
            throw failure("open", path)
        }
        defer { Glibc.close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        guard count >= 0 else { throw failure("read", path) }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    /// Writes a new file beside the old one, syncs it, and puts it in the old one's place.
    package static func write(_ text: String, to path: String, _ steps: DurableSteps) throws(LogError) {
        let temporary = path + ".new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("create", temporary) }
        let bytes = Array(text.utf8)
        let isWritten =
            Glibc.write(descriptor, bytes, bytes.count) == bytes.count && steps.sync(descriptor, of: temporary) == 0
        let reason = errno
        Glibc.close(descriptor)
        errno = reason
        guard isWritten, steps.rename(temporary, to: path) == 0 else { throw failure("write", path) }
        let end = path.lastIndex(of: "/") ?? path.startIndex
        try syncDirectory(String(path[..<end]), steps)
    }

    /// Makes names created in or removed from a directory durable.
    package static func syncDirectory(_ path: String, _ steps: DurableSteps) throws(LogError) {
        let descriptor = open(path.isEmpty ? "/" : path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", path) }
        defer { Glibc.close(descriptor) }
        guard steps.syncDirectory(descriptor, of: path) == 0 else { throw failure("sync", path) }
    }

    private static func failure(_ verb: String, _ path: String) -> LogError {
        let kind: LogError.Kind = errno == ENOSPC || errno == EDQUOT ? .full : .storage
        return LogError(kind, "Could not \(verb) \(path): \(String(cString: strerror(errno))).")
    }
}
