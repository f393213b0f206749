internal import SegmentModel

/// What the trusted clock knows, and what is kept of it from one process to the next.
public struct ClockMemory: Equatable, Sendable {
    var boot: String
    /// When it was last looked, in microseconds since boot.
    var elapsed: Int64
    /// What the clock is compared with: add the time elapsed since boot. As are `good` in microseconds.
    var line: Int64
    /// The last that was believed.
    var good: Int64
    /// Since when nobody has set the clock, in microseconds since boot.
    var steadySince: Int64
    /// The latest instant that was gone by.
    var highest: Instant
    /// Set while the clock is not believed: the instant gone by when that began.
    var heldSince: Instant?
    /// Whether the line is from before the machine was booted, and the clock may not be set right yet.
    var isAwaitingBoot = false
    /// Whether nothing was answered after this was written.
    var isClean = false
    var accepted: AcceptedJump?

    /// Nothing is known from before: the clock is believed.
    init(beginningAt reading: ClockReading) {
        boot = reading.boot
        elapsed = reading.elapsedMicroseconds
        line = reading.offset
        good = reading.offset
        steadySince = reading.elapsedMicroseconds
        highest = reading.wall
    }

    /// The instant to go by if the clock is not believed.
    func instant(at reading: ClockReading) -> Instant {
        Instant(microseconds: good + reading.elapsedMicroseconds)
    }

    mutating func believe(_ reading: ClockReading) {
        line = reading.offset
        good = reading.offset
        steadySince = reading.elapsedMicroseconds
        heldSince = nil
    }

    /// The same in a later process: exact within one boot. After another, what has certainly elapsed is the time since
    /// boot, and how long the machine was down is the clock's word.
    func continued(at reading: ClockReading) -> ClockMemory {
        var memory = self
        memory.isClean = false
        guard boot != reading.boot || boot.isEmpty || reading.elapsedMicroseconds < elapsed else { return memory }
        let last = good + elapsed
        memory.boot = reading.boot
        memory.elapsed = reading.elapsedMicroseconds
        memory.line = last
        memory.good = last
        memory.steadySince = 0
        // A jump that nobody has believed is not believed for a reboot.
        memory.isAwaitingBoot = heldSince == nil
        return memory
    }

    /// The latest instant that the process before may have answered at; it wrote `remembered`.
    ///
    /// One that was killed may have gone on for as long as time has certainly elapsed: nobody wrote when it ended, and the
    /// disk may have been full for long before.
    func floor(at reading: ClockReading, of remembered: ClockMemory) -> Instant {
        remembered.isClean ? highest : max(highest, instant(at: reading))
    }

    /// Written at least that often, where it can be.
    static let writeMicroseconds: Int64 = 10 * 1_000_000

    /// Whether the other, an earlier one, would mislead the next process: the clock was set since, or it is old.
    func isNews(since other: ClockMemory) -> Bool {
        elapsed - other.elapsed >= Self.writeMicroseconds || heldSince != other.heldSince || isClean != other.isClean
            || accepted != other.accepted || abs(good - other.good) >= Self.goodMicroseconds
    }

    private static let goodMicroseconds: Int64 = 1_000_000
}
