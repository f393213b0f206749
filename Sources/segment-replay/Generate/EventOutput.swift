import Glibc

/// What went wrong while writing.
enum EventOutputError: Error, Equatable, CustomStringConvertible {
    /// The reader of the pipe has gone: no fault, only the end.
    case readerGone
    /// A call of the system failed.
    case failed(action: String, path: String, code: Int32)

    var description: String {
        switch self {
        case .readerGone: "Nobody reads the output any more."
        case .failed(let action, let path, let code): "Cannot \(action) \(path): \(String(cString: strerror(code)))."
        }
    }
}

/// A descriptor that takes all bytes given to it: standard output, or a file that gets its name only when it is
/// complete. The process owns one and ends soon after it, so nobody closes the descriptor of an output that failed.
struct EventOutput {
    private let descriptor: Int32
    /// Where the file will stand; nil for standard output.
    private let path: String?

    /// Writes to a file with `.partial` behind its name, which `finish` takes away; without a path, to standard output.
    init(path: String?) throws(EventOutputError) {
        self.path = path
        guard let path else {
            // A reader that goes away becomes an error of `write` instead of a signal.
            signal(SIGPIPE, SIG_IGN)
            descriptor = STDOUT_FILENO
            return
        }
        descriptor = Glibc.open(path + ".partial", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw .failed(action: "create", path: path + ".partial", code: errno)
        }
    }

    /// Writes all of the bytes, however many calls it takes.
    func write(_ bytes: [UInt8]) throws(EventOutputError) {
        var offset = 0
        while offset < bytes.count {
            let written = bytes.withUnsafeBytes { buffer in
                Glibc.write(descriptor, buffer.baseAddress.map { $0 + offset }, buffer.count - offset)
            }
            if written >= 0 {
                offset += written
            } else if errno == EPIPE {
                throw .readerGone
            } else if errno != EINTR {
                throw .failed(action: "write to", path: path ?? "standard output", code: errno)
            }
        }
    }

    /// Closes the file and gives it its name.
    func finish() throws(EventOutputError) {
        guard let path else { return }
        guard close(descriptor) == 0, rename(path + ".partial", path) == 0 else {
            throw .failed(action: "complete", path: path, code: errno)
        }
    }
}
