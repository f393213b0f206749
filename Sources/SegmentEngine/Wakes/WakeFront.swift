internal import HeapModule

/// The wakes of the bucket being worked off and of all times before it, in exact order.
///
/// A bucket is sorted once, when it is opened; wakes that come into it later go to a heap beside it. An entry is stale
/// if the contact's instant, which is handed in, is another one by now. It keeps: stale entries are at most as many as
/// live ones, or `staleCountMin`.
struct WakeFront: Sendable {
    private static let staleCountMin = 1_024

    /// The bucket opened last: wakes in it or before it belong here.
    private(set) var number = Int.min
    /// Contacts whose wake is here.
    private(set) var liveCount = 0
    // Ascending: what the instant is past the bucket's beginning, and below it the ordinal.
    private var sorted: [UInt64] = []
    private var position = 0
    private var added = Heap<Wake>()
    private var scratch: [UInt64] = []

    /// Bytes of memory behind the front, about.
    var byteCount: Int { (sorted.capacity + scratch.capacity) * 8 + added.count * MemoryLayout<Wake>.stride }

    /// Entries, stale ones too.
    var entryCount: Int { sorted.count - position + added.count }

    func covers(_ instant: Int64) -> Bool {
        Wake.bucket(of: instant) <= number
    }

    /// Takes the next bucket up; no wake may be left here. Each of the contacts has a wake in the bucket.
    mutating func open(_ number: Int, _ ordinals: [Ordinal], instants: [Int64]) {
        precondition(liveCount == 0 && number > self.number, "buckets are worked off one after the other")
        self.number = number
        sorted.removeAll(keepingCapacity: true)
        position = 0
        for ordinal in ordinals {
            let offset = UInt32(truncatingIfNeeded: instants[Int(ordinal)])
            sorted.append(UInt64(offset) << 32 | UInt64(ordinal))
        }
        RadixSort.sort(&sorted, scratch: &scratch)
        liveCount = ordinals.count
    }

    mutating func add(_ wake: Wake, instants: inout [Int64]) {
        added.insert(wake)
        liveCount += 1
        dropStale(instants: &instants)
    }

    /// Notes that a contact's wake is no longer here; `instants` must say so already.
    mutating func leave(instants: inout [Int64]) {
        liveCount -= 1
        dropStale(instants: &instants)
    }

    /// The earliest wake; drops stale entries before it.
    mutating func first(instants: [Int64]) -> Wake? {
        while position < sorted.count, isStale(wake(at: position), instants) { position += 1 }
        while let wake = added.min, isStale(wake, instants) { added.removeMin() }
        guard position < sorted.count else { return added.min }
        guard let wake = added.min else { return self.wake(at: position) }
        return min(wake, self.wake(at: position))
    }

    /// Takes out the wake that `first` answered.
    mutating func remove(first wake: Wake) {
        if position < sorted.count, self.wake(at: position) == wake {
            position += 1
        } else {
            added.removeMin()
        }
        liveCount -= 1
    }

    private func wake(at position: Int) -> Wake {
        let key = sorted[position]
        let instant = Int64(number) << 32 | Int64(key >> 32)
        return Wake(instant: instant, ordinal: Ordinal(truncatingIfNeeded: key))
    }

    private func isStale(_ wake: Wake, _ instants: [Int64]) -> Bool {
        instants[Int(wake.ordinal)] != wake.instant
    }

    private mutating func dropStale(instants: inout [Int64]) {
        guard entryCount - liveCount > max(Self.staleCountMin, liveCount) else { return }
        // Without its wake a contact that was kept is not kept again.
        var kept: [Wake] = []
        kept.reserveCapacity(liveCount)
        for position in position..<sorted.count {
            Self.keep(wake(at: position), in: &kept, instants: &instants)
        }
        for wake in added.unordered { Self.keep(wake, in: &kept, instants: &instants) }
        for wake in kept { instants[Int(wake.ordinal)] = wake.instant }
        sorted.removeAll(keepingCapacity: true)
        position = 0
        added = Heap(kept)
    }

    private static func keep(_ wake: Wake, in kept: inout [Wake], instants: inout [Int64]) {
        guard instants[Int(wake.ordinal)] == wake.instant else { return }
        instants[Int(wake.ordinal)] = Wake.never
        kept.append(wake)
    }
}
