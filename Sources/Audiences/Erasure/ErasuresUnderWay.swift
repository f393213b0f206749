internal import SegmentModel
internal import Synchronization

/// What an audience remembers of its erasures between calls; read without waiting for anybody.
final class ErasuresUnderWay: Sendable {
    struct State {
        /// Up to which of the log's erasures all are in the list.
        var listedThrough: UInt64 = 0
        var isUnderWay = false
        var lastPassAt: Instant?
        /// When the last pass failed, and why.
        var failedAt: Instant?
        var failure: String?
    }

    let state = Mutex(State())
    /// One pass at a time.
    let turns = Turns()
    private let ended = Atomic<Bool>(false)

    /// Set once the audience is to be closed.
    var isEnded: Bool { ended.load(ordering: .relaxed) }

    /// Has the pass under way, if there is one, end early.
    func end() { ended.store(true, ordering: .relaxed) }
}
