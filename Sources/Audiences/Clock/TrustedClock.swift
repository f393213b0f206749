public import SegmentModel
internal import Synchronization

/// The system's clock as far as it can be believed.
///
/// Comes in: readings of the time of day and of the time elapsed since boot. Goes out: the instant to go by. Law: what goes
/// out is never ahead of the last believed instant plus the elapsed time by more than the limits allow, unless an operator
/// said so: visibility that is given too early cannot be taken back. A clock that is set back is believed, since the
/// frontier holds by itself.
///
/// The clock is compared with a line, an instant that moves with elapsed time. The line follows the clock once that has
/// been steady and has passed every instant that was gone by; so a clock that is set back and then right again is no jump.
public final class TrustedClock: AudienceClock {
    private let limits: ClockLimits
    private let read: @Sendable () -> ClockReading
    private let memory: Mutex<ClockMemory>
    private let file: ClockFile?
    /// What the file says; nil until this process has written it. Held while it is written.
    private let kept = Mutex<ClockMemory?>(nil)
    public let floor: Instant

    /// - Parameters:
    ///   - remembered: what the process before this one knew; nil: what the clock says first is believed.
    ///   - file: where that is kept for the next one; nil: it is not.
    ///   - read: looks at the system's clocks.
    public init(
        limits: ClockLimits = ClockLimits(), remembered: ClockMemory? = nil, file: ClockFile? = nil,
        read: @escaping @Sendable () -> ClockReading
    ) {
        self.limits = limits
        self.file = file
        self.read = read
        let reading = read()
        var memory = remembered?.continued(at: reading) ?? ClockMemory(beginningAt: reading)
        floor = remembered.map { memory.floor(at: reading, of: $0) } ?? .earliest
        // Answers begin there, so the process after this one must not begin before it either.
        memory.highest = max(memory.highest, floor)
        self.memory = Mutex(memory)
    }

    /// The instant to go by: the system's, or, while that is not believed, the last good one and the time since.
    public func now() -> Instant {
        memory.withLock { look(&$0).now }
    }

    public var state: ClockState {
        memory.withLock { memory in
            let (now, reading) = look(&memory)
            return ClockState(
                now: now, system: reading.wall,
                aheadMicroseconds: memory.heldSince == nil ? 0 : reading.wall.microseconds - now.microseconds,
                behindMicroseconds: max(0, memory.highest.microseconds - reading.wall.microseconds),
                heldSince: memory.heldSince, accepted: memory.accepted)
        }
    }

    /// Believes the system's clock from here on, and keeps that if it can: else the next `keep` does.
    ///
    /// - Returns: the jump; nil if the clock is believed already.
    public func accept() -> AcceptedJump? {
        let jump = believe()
        if jump != nil { try? keep() }
        return jump
    }

    private func believe() -> AcceptedJump? {
        memory.withLock { memory in
            let (now, reading) = look(&memory)
            guard memory.heldSince != nil else { return nil }
            let jump = AcceptedJump(from: now, to: reading.wall)
            memory.believe(reading)
            memory.accepted = jump
            memory.isAwaitingBoot = false
            memory.highest = max(memory.highest, reading.wall)
            return jump
        }
    }

    /// Keeps what the next process needs to know, durably; costs nothing if what is kept says the same. To be called again
    /// and again, and sooner after it failed.
    ///
    /// - Parameter isClean: nothing is answered after this.
    public func keep(isClean: Bool = false) throws(AudienceError) {
        guard let file else { return }
        try kept.withLock { (kept) throws(AudienceError) in
            let memory = remember(isClean: isClean)
            guard kept.map({ memory.isNews(since: $0) }) ?? true else { return }
            try file.write(memory)
            kept = memory
        }
    }

    /// What the next process needs to know.
    func remember(isClean: Bool = false) -> ClockMemory {
        memory.withLock { memory in
            _ = look(&memory)
            var kept = memory
            kept.isClean = isClean
            return kept
        }
    }

    private func look(_ memory: inout ClockMemory) -> (now: Instant, reading: ClockReading) {
        let reading = read()
        memory.elapsed = reading.elapsedMicroseconds
        let limit = memory.isAwaitingBoot ? limits.downtimeMaxMicroseconds : limits.jumpMaxMicroseconds
        guard reading.offset - memory.line <= limit else {
            let now = memory.instant(at: reading)
            if memory.heldSince == nil { memory.heldSince = now }
            memory.highest = max(memory.highest, now)
            return (now, reading)
        }
        memory.heldSince = nil
        if abs(reading.offset - memory.good) >= Self.stepMicroseconds {
            memory.steadySince = reading.elapsedMicroseconds
        }
        memory.good = reading.offset
        let isSteady = reading.elapsedMicroseconds - memory.steadySince >= ClockLimits.steadyMicroseconds
        if isSteady, reading.wall >= memory.highest {
            memory.believe(reading)
            memory.isAwaitingBoot = false
        }
        memory.highest = max(memory.highest, reading.wall)
        return (reading.wall, reading)
    }

    /// The two clocks are read one after the other, so small differences mean nothing.
    private static let stepMicroseconds: Int64 = 1_000_000
}
