import ArgumentParser
import Glibc

/// The file or standard input that an import reads.
struct InputSource: Sendable {
    private let descriptor: Int32
    private let isRegularFile: Bool
    /// Length of a regular file.
    let size: Int?
    /// What messages call it.
    let name: String
    /// Whether to stop before the next read.
    private let isStopped: @Sendable () -> Bool

    /// A source that has nothing for that long counts as idle: what is there is sent, and a stop is noticed.
    private static let idleMilliseconds: Int32 = 100

    /// Opens the file, or takes standard input for `-`.
    init(path: String, isStopped: @escaping @Sendable () -> Bool) throws(Failure) {
        name = path == "-" ? "standard input" : path
        descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw Failure("cannot read \(path): \(systemMessage(errno)).", exitCode: .noInput)
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw Failure("cannot read \(path): \(systemMessage(errno)).", exitCode: .noInput)
        }
        guard status.st_mode & S_IFMT != S_IFDIR else {
            throw Failure("cannot read \(path): it is a directory.", exitCode: .noInput)
        }
        isRegularFile = status.st_mode & S_IFMT == S_IFREG
        size = isRegularFile ? Int(status.st_size) : nil
        self.isStopped = isStopped
        if isRegularFile { posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL) }
    }

    /// One `read(2)`; on pipes and terminals it waits no longer than the idle time.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> ReadOutcome {
        if isStopped() { return .interrupted }
        if !isRegularFile, !hasInput() { return isStopped() ? .interrupted : .idle }
        let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        if count > 0 { return .bytes(count) }
        if count == 0 { return .end }
        if errno == EINTR || errno == EAGAIN { return isStopped() ? .interrupted : .idle }
        throw Failure("cannot read \(name): \(systemMessage(errno)).", exitCode: .ioError)
    }

    func close() {
        if descriptor != STDIN_FILENO { _ = Glibc.close(descriptor) }
    }

    private func hasInput() -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, Self.idleMilliseconds) > 0
    }
}
