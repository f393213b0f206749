import Glibc

/// A file that gets its name when it is complete.
final class PendingFile {
    let path: String
    let output: Output
    private let pendingPath: String
    private var isFinished = false

    /// - Parameter mode: who may read it, less what the umask takes away.
    init(path: String, mode: mode_t = 0o600) throws(Failure) {
        self.path = path
        pendingPath = path + ".part"
        let descriptor = open(pendingPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else {
            throw Failure("cannot write \(pendingPath): \(systemMessage(errno)).", exitCode: .ioError)
        }
        output = Output(descriptor: descriptor)
    }

    deinit {
        close(output.descriptor)
        if !isFinished { unlink(pendingPath) }
    }

    /// Syncs the file and gives it its name; one that stood there is replaced.
    func finish() throws(Failure) {
        guard fsync(output.descriptor) == 0, rename(pendingPath, path) == 0 else {
            throw Failure("cannot write \(path): \(systemMessage(errno)).", exitCode: .ioError)
        }
        isFinished = true
    }
}
