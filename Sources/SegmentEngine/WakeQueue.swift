internal import HeapModule
internal import SegmentModel

/// When each contact has to be looked at again although nothing happened to it.
///
/// Entries of contacts that were scheduled anew are dropped when they come up.
struct WakeQueue: Sendable {
    private struct Wake: Comparable, Sendable {
        var instant: Instant
        var ordinal: ContactOrdinal

        static func < (left: Wake, right: Wake) -> Bool {
            (left.instant, left.ordinal) < (right.instant, right.ordinal)
        }
    }

    private var heap = Heap<Wake>()
    private var scheduled: [ContactOrdinal: Instant] = [:]

    /// Sets the contact's next wake, nil for none.
    mutating func schedule(_ ordinal: ContactOrdinal, at instant: Instant?) {
        guard scheduled[ordinal] != instant else { return }
        scheduled[ordinal] = instant
        if let instant { heap.insert(Wake(instant: instant, ordinal: ordinal)) }
    }

    /// Makes the contact's next wake no later than that.
    mutating func bringForward(_ ordinal: ContactOrdinal, to instant: Instant?) {
        guard let instant, scheduled[ordinal].map({ instant < $0 }) ?? true else { return }
        schedule(ordinal, at: instant)
    }

    /// Takes out every contact whose wake is due.
    mutating func takeDue(at now: Instant, into touched: inout Set<ContactOrdinal>) {
        while let next = heap.min, next.instant <= now {
            heap.removeMin()
            guard scheduled[next.ordinal] == next.instant else { continue }
            scheduled[next.ordinal] = nil
            touched.insert(next.ordinal)
        }
    }
}
