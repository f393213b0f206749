public import Audiences
import Synchronization

/// Remembers the first failure after which the daemon must not go on.
///
/// A store that failed may have lost its place, and damaged data must not be served: the process ends and says so,
/// and a restart finds out what is left.
public final class StoreFailures: Sendable {
    private let reported = Mutex<AudienceError?>(nil)
    private let whenDamaged: @Sendable () -> Void

    /// - Parameter whenDamaged: called at once for damaged data: the process may not come to an orderly end.
    public init(whenDamaged: @escaping @Sendable () -> Void = {}) {
        self.whenDamaged = whenDamaged
    }

    /// The first such failure, if there was one.
    public var first: AudienceError? { reported.withLock { $0 } }

    /// Takes note of an error if it is of that kind.
    public func report(_ error: AudienceError) {
        guard [.storageFailed, .dataDamaged].contains(error.code) else { return }
        reported.withLock { $0 = $0 ?? error }
        if error.code == .dataDamaged { whenDamaged() }
    }
}
