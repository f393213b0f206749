/// The next wake of every contact, by time.
///
/// In: for a contact the next instant at which its leaves could change with no event. Out: the wakes that are due, in
/// the order of instant and ordinal. Each contact has at most one wake. Later wakes lie in buckets, unsorted; only the
/// bucket whose time has come is sorted, once. It keeps: every scheduled contact has an entry in the bucket of its
/// instant, or in the front if that covers the instant.
///
/// Takes 8 bytes per contact and 4 to 8 for each one scheduled; a schedule costs some tens of nanoseconds.
struct WakeCalendar: Sendable {
    typealias DueWake = (instant: Int64, ordinal: Ordinal)

    /// Contacts that have a wake.
    private(set) var scheduledCount = 0
    /// The next wake of each contact, `Wake.never` for none; contacts past the end have none.
    private(set) var instants: [Int64] = []
    private var front = WakeFront()
    private var buckets = WakeBuckets()
    // No wake in the buckets is earlier than this; it is the earliest if its contact is still scheduled so.
    private var earliest: Wake?

    /// A calendar without wakes.
    init() {}

    /// Schedules all contacts at once: element i is the next wake of contact i, `Wake.never` for none.
    init(instants: [Int64]) {
        self.instants = instants
        for (index, instant) in instants.enumerated() where instant != Wake.never {
            buckets.add(Ordinal(index), to: Wake.bucket(of: instant))
            scheduledCount += 1
        }
    }

    /// Bytes of memory behind the calendar, about. Costs a step per bucket.
    var byteCount: Int { instants.capacity * 8 + front.byteCount + buckets.byteCount }

    /// Entries, stale ones too. Costs a step per bucket.
    var entryCount: Int { front.entryCount + buckets.entryCount }

    /// The contact's next wake, nil for none.
    func wake(of ordinal: Ordinal) -> Int64? {
        let index = Int(ordinal)
        return index < instants.count && instants[index] != Wake.never ? instants[index] : nil
    }

    /// The instant of the earliest wake of all.
    ///
    /// Costs a step per contact of the first bucket when that wake was taken or moved since the last time.
    var next: Int64? {
        mutating get {
            if let wake = front.first(instants: instants) { return wake.instant }
            if let earliest, instants[Int(earliest.ordinal)] == earliest.instant { return earliest.instant }
            earliest = buckets.earliest(instants: instants)
            return earliest?.instant
        }
    }

    /// Sets the contact's next wake in place of the one it has; nil or `Wake.never` for none.
    mutating func schedule(_ ordinal: Ordinal, at instant: Int64?) {
        let instant = instant ?? Wake.never
        let index = Int(ordinal)
        if index >= instants.count {
            guard instant != Wake.never else { return }
            instants.append(contentsOf: repeatElement(Wake.never, count: index + 1 - instants.count))
        }
        let before = instants[index]
        guard before != instant else { return }
        instants[index] = instant
        if before != Wake.never { scheduledCount -= 1 }
        if instant != Wake.never { scheduledCount += 1 }
        move(Wake(instant: instant, ordinal: ordinal), from: before)
    }

    /// Takes out the wakes that are due, at most `limit` of them, and appends them in the order of instant and ordinal.
    ///
    /// Wakes may be scheduled between two calls, also earlier than those taken before.
    mutating func takeDue(through instant: Int64, limit: Int, into due: inout [DueWake]) {
        var left = limit
        while left > 0 {
            if let wake = front.first(instants: instants) {
                guard wake.instant <= instant else { return }
                front.remove(first: wake)
                instants[Int(wake.ordinal)] = Wake.never
                scheduledCount -= 1
                due.append((wake.instant, wake.ordinal))
                left -= 1
            } else {
                // A bucket that is not due stays closed: what is scheduled before it should find its own bucket.
                guard let number = buckets.first(), number <= Wake.bucket(of: instant) else { return }
                front.open(number, buckets.take(number, instants: &instants), instants: instants)
            }
        }
    }

    /// Moves the contact's entry to where its new instant belongs; the old entry is left behind as stale.
    private mutating func move(_ wake: Wake, from before: Int64) {
        let isScheduled = wake.instant != Wake.never
        let isInFront = isScheduled && front.covers(wake.instant)
        if isScheduled, !isInFront, let earliest, wake < earliest { self.earliest = wake }
        let wasInFront = before != Wake.never && front.covers(before)
        if isScheduled, before != Wake.never, !wasInFront, Wake.bucket(of: before) == Wake.bucket(of: wake.instant) {
            return
        }
        if wasInFront {
            front.leave(instants: &instants)
        } else if before != Wake.never {
            buckets.leave(Wake.bucket(of: before), instants: &instants)
        }
        guard isScheduled else { return }
        if isInFront {
            front.add(wake, instants: &instants)
        } else {
            buckets.add(wake.ordinal, to: Wake.bucket(of: wake.instant))
        }
    }
}
