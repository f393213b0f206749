internal import Glibc

/// The calls by which data becomes durable. Handed in from above, as clock and paths are.
///
/// They are the system's, answer as the system's do (0, or -1 and `errno`), and everything that is written below a data
/// directory goes through them. An observer can fail any of them, or look at the directory between two: a simulation
/// crashes there. Without an observer they cost nothing.
public struct DurableSteps: Sendable {
    private let observer: (any DurableStepObserver)?

    public init(observer: any DurableStepObserver) {
        self.observer = observer
    }

    private init() {
        observer = nil
    }

    /// The system's calls, and nobody is told.
    public static let system = DurableSteps()

    public func makeDirectory(_ path: String) -> CInt {
        take(.makeDirectory(path)) { mkdir(path, 0o700) }
    }

    /// Syncs an open file.
    public func sync(_ descriptor: CInt, of path: String) -> CInt {
        take(.sync(path)) { fsync(descriptor) }
    }

    /// Makes the names created in, changed in and removed from an open directory durable.
    public func syncDirectory(_ descriptor: CInt, of path: String) -> CInt {
        take(.syncDirectory(path)) { fsync(descriptor) }
    }

    public func rename(_ path: String, to target: String) -> CInt {
        take(.rename(path, to: target)) { Glibc.rename(path, target) }
    }

    /// Removes a file; harmless if there is none.
    @discardableResult
    public func remove(_ path: String) -> CInt {
        take(.remove(path)) { unlink(path) }
    }

    @discardableResult
    public func removeDirectory(_ path: String) -> CInt {
        take(.remove(path)) { rmdir(path) }
    }

    /// Before a commit: 0, or what it fails with.
    func willCommit(_ step: DurableStep) -> CInt { observer?.willTake(step) ?? 0 }

    func didCommit(_ step: DurableStep) { observer?.didTake(step) }

    private func take(_ step: DurableStep, _ call: () -> CInt) -> CInt {
        guard let observer else { return call() }
        let refusal = observer.willTake(step)
        guard refusal == 0 else {
            errno = refusal
            return -1
        }
        guard call() == 0 else { return -1 }
        observer.didTake(step)
        return 0
    }
}
