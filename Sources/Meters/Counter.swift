internal import Synchronization

/// How often something has happened, counted from any thread.
public final class Counter: Sendable {
    private let count = Atomic<Int>(0)

    public init() {}

    /// So often.
    public var value: Int { count.load(ordering: .relaxed) }

    /// It happened once more, or that many times.
    public func add(_ step: Int = 1) {
        count.wrappingAdd(step, ordering: .relaxed)
    }
}
