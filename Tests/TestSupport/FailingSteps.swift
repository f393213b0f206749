public import LMDB
internal import Synchronization

/// Lets one durable step fail.
public final class FailingSteps: DurableStepObserver {
    public typealias Kind = @Sendable (DurableStep) -> Bool

    private struct Failure {
        var code: CInt
        var kind: Kind
        /// What has to be taken before; nil once it was.
        var trigger: Kind?
    }

    private let failure = Mutex<Failure?>(nil)

    public init() {}

    /// Lets the next step of a kind fail, or the next one of it after another.
    public func fail(with code: CInt, at kind: @escaping Kind, after trigger: Kind? = nil) {
        failure.withLock { $0 = Failure(code: code, kind: kind, trigger: trigger) }
    }

    public func willTake(_ step: DurableStep) -> CInt {
        failure.withLock { failure in
            guard let due = failure, due.trigger == nil, due.kind(step) else { return 0 }
            failure = nil
            return due.code
        }
    }

    public func didTake(_ step: DurableStep) {
        failure.withLock { failure in
            if failure?.trigger?(step) == true { failure?.trigger = nil }
        }
    }
}
