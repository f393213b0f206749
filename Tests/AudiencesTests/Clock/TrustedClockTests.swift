import FoundationEssentials
import SegmentModel
import TestSupport
import Testing

@testable import Audiences

@Suite struct TrustedClockTests {
    @Test(arguments: [-1, -60, -3_600, -Seconds.day, -Seconds.year, -10 * Seconds.year] as [Int64])
    func `a clock that is set back is believed, and says how far it is behind`(seconds: Int64) throws {
        let system = try SystemClocks()
        let clock = system.clock()
        let before = clock.now()
        system.step(seconds: seconds)
        #expect(clock.now() == before.advanced(byMicroseconds: seconds * 1_000_000))
        #expect(clock.state.behindMicroseconds == -seconds * 1_000_000)
        #expect(!clock.state.isHeld)
        system.pass(seconds: -seconds)
        #expect(clock.state.behindMicroseconds == 0)
    }

    @Test(arguments: [301, 3_600, Seconds.day, Seconds.year, 10 * Seconds.year] as [Int64])
    func `a clock that jumps ahead is not believed: elapsed time counts until it is right again`(seconds: Int64) throws
    {
        let system = try SystemClocks()
        let clock = system.clock()
        let before = clock.now()
        system.step(seconds: seconds)
        #expect(clock.now() == before)
        system.pass(seconds: 90)
        #expect(clock.now() == before.advanced(byMicroseconds: 90_000_000))
        #expect(clock.state.aheadMicroseconds == seconds * 1_000_000)
        #expect(clock.state.heldSince == before)
        system.step(seconds: -seconds)
        #expect(clock.now() == before.advanced(byMicroseconds: 90_000_000))
        #expect(!clock.state.isHeld)
        #expect(clock.state.aheadMicroseconds == 0)
    }

    @Test(arguments: [1, 60, 300] as [Int64]) func `a step ahead within the limit is believed`(seconds: Int64) throws {
        let system = try SystemClocks()
        let clock = system.clock()
        system.step(seconds: seconds)
        #expect(clock.now() == system.reading.wall)
        #expect(!clock.state.isHeld)
    }

    @Test func `the limit is the configured one`() throws {
        let system = try SystemClocks()
        let clock = system.clock(limits: ClockLimits(jumpMaxMicroseconds: 2_000_000))
        system.step(seconds: 3)
        #expect(clock.state.isHeld)
    }

    @Test func `a machine that was suspended for days has aged by them`() throws {
        let system = try SystemClocks()
        let clock = system.clock()
        system.pass(seconds: 5 * Seconds.day)
        #expect(clock.now() == system.reading.wall)
        #expect(!clock.state.isHeld)
    }

    @Test func `many small steps count together until the clock has been steady`() throws {
        let system = try SystemClocks()
        let clock = system.clock()
        let start = clock.now()
        for _ in 0..<10 {
            system.step(seconds: 60)
            system.pass(seconds: 60)
            _ = clock.now()
        }
        #expect(clock.state.isHeld)
        #expect(clock.now().microseconds - start.microseconds <= (600 + 300) * 1_000_000)

        // Slewing, and a small step now and then, is what synchronised clocks do.
        let synchronised = try SystemClocks()
        let followed = synchronised.clock()
        for _ in 0..<100 {
            synchronised.step(seconds: 2)
            synchronised.pass(seconds: 700)
            _ = followed.now()
        }
        #expect(!followed.state.isHeld)
        #expect(followed.now() == synchronised.reading.wall)
    }

    @Test func `a clock that is set back and right again is no jump, however long that took`() throws {
        let system = try SystemClocks()
        let clock = system.clock()
        system.pass(seconds: 700)
        _ = clock.now()
        system.step(seconds: -Seconds.day)
        for _ in 0..<20 {
            system.pass(seconds: 600)
            _ = clock.now()
        }
        system.step(seconds: Seconds.day)
        #expect(!clock.state.isHeld)
        #expect(clock.now() == system.reading.wall)
        // But no further than that.
        system.step(seconds: 3_600)
        #expect(clock.state.isHeld)
    }

    @Test func `what an operator accepts is believed from there on, and named`() throws {
        let system = try SystemClocks()
        let clock = system.clock()
        #expect(clock.accept() == nil)
        let before = clock.now()
        system.step(seconds: Seconds.year)
        let jump = try #require(clock.accept())
        #expect(jump == clock.state.accepted)
        #expect(jump.from == before)
        #expect(jump.to == system.reading.wall)
        #expect(clock.now() == system.reading.wall)
        #expect(!clock.state.isHeld)
        // A second jump is a second question.
        system.step(seconds: 3_600)
        #expect(clock.state.isHeld)
    }

    @Test func `within one boot a restart compares as if there had been none`() throws {
        let system = try SystemClocks()
        let clock = system.clock()
        let memory = clock.remember()
        let good = clock.now()
        system.pass(seconds: 30 * Seconds.day)
        system.step(seconds: 301)
        let next = system.clock(memory)
        #expect(next.state.isHeld)
        #expect(next.now() == good.advanced(byMicroseconds: 30 * Seconds.day * 1_000_000))
        system.step(seconds: -301)
        #expect(!next.state.isHeld)
    }

    @Test func `over a reboot a downtime up to the limit is believed, and a longer one asked about`() throws {
        for (down, isHeld) in [(60, false), (7 * Seconds.day - 60, false), (7 * Seconds.day + 60, true)] {
            let system = try SystemClocks()
            let clock = system.clock()
            let good = clock.now()
            let memory = clock.remember()
            system.reboot(downFor: down)
            let next = system.clock(memory)
            #expect(next.state.isHeld == isHeld)
            // That the machine has been up for so long is certain.
            let expected = isHeld ? good.advanced(byMicroseconds: 20_000_000) : system.reading.wall
            #expect(next.now() == expected)
        }
    }

    @Test func `a machine without a battery gets its time after the boot`() throws {
        let system = try SystemClocks()
        let memory = system.clock().remember()
        system.reboot(downFor: 3_600 - 50 * Seconds.year)
        let clock = system.clock(memory)
        #expect(clock.state.behindMicroseconds > 0)
        system.pass(seconds: 30)
        system.step(seconds: 50 * Seconds.year)
        #expect(!clock.state.isHeld)
        #expect(clock.now() == system.reading.wall)
        // Once it is up and steady, the short limit holds.
        system.pass(seconds: 700)
        _ = clock.now()
        system.step(seconds: 3_600)
        #expect(clock.state.isHeld)
    }

    @Test func `a jump that nobody believed is not believed for a reboot`() throws {
        let system = try SystemClocks()
        let clock = system.clock()
        system.step(seconds: Seconds.day)
        #expect(clock.state.isHeld)
        let memory = clock.remember()
        system.reboot(downFor: 30)
        let next = system.clock(memory)
        #expect(next.state.isHeld)
        #expect(next.accept() != nil)
        #expect(next.now() == system.reading.wall)
    }

    @Test func `a data directory from long ago is asked about, and the answer is kept`() throws {
        let system = try SystemClocks("2025-03-01T12:00:00Z")
        let memory = system.clock().remember(isClean: true)
        system.reboot(downFor: Seconds.year, upFor: Seconds.day)
        let clock = system.clock(memory)
        #expect(clock.state.isHeld)
        #expect(clock.accept() != nil)
        system.pass(seconds: 60)
        let next = system.clock(clock.remember())
        #expect(!next.state.isHeld)
        #expect(next.state.accepted == clock.state.accepted)
        #expect(next.now() == system.reading.wall)
    }

    @Test func `the next process answers at no earlier instant than this one`() throws {
        let system = try SystemClocks()
        let clock = system.clock()
        system.pass(seconds: 100)
        let last = clock.now()
        let clean = clock.remember(isClean: true)
        let killed = clock.remember()
        system.step(seconds: -3_600)
        #expect(system.clock(clean).floor == last)
        #expect(system.clock(killed).floor == last)
        // Killed, it may have answered for a while after it wrote; but the clock was never ahead of elapsed time.
        system.pass(seconds: 4)
        #expect(system.clock(killed).floor == last.advanced(byMicroseconds: 4_000_000))
        system.pass(seconds: 400)
        // The disk may have been full, so that it could not write for long.
        #expect(system.clock(killed).floor == last.advanced(byMicroseconds: 404_000_000))
        #expect(system.clock(clean).floor == last)
        #expect(system.clock().floor == .earliest)
    }

    /// The law itself, over random lives of a machine.
    @Test(arguments: 0..<200) func `what goes out is never ahead of elapsed time unless it was accepted`(seed: UInt64)
        throws
    {
        var random = SeededGenerator(seed: seed)
        let system = try SystemClocks(upFor: Int64.random(in: 1...10_000, using: &random))
        var clock = system.clock()
        // The latest instant that could be true: every step back is believed to have been right.
        var latest = clock.now()
        var allowed: Int64 = 0
        for _ in 0..<200 {
            let seconds = Int64.random(in: 0...900, using: &random)
            switch Int.random(in: 0..<10, using: &random) {
            case 0: system.step(seconds: -seconds * Int64.random(in: 1...400_000, using: &random))
            case 1: system.step(seconds: 301 + seconds * Int64.random(in: 1...400_000, using: &random))
            case 2: clock = system.clock(ClockMemory(clock.remember().text))
            default:
                system.pass(seconds: seconds)
                latest = latest.advanced(byMicroseconds: seconds * 1_000_000)
                // Steps of a steady clock up to the limit may come again every ten minutes.
                allowed += 300 * 1_000_000
            }
            let now = clock.now()
            #expect(now.microseconds <= latest.microseconds + allowed, "seed \(seed)")
        }
    }

    @Test func `what is kept is read as it was written, and nothing else is read`() throws {
        let system = try SystemClocks()
        let clock = system.clock()
        system.step(seconds: Seconds.day)
        _ = clock.accept()
        system.step(seconds: Seconds.day)
        let memory = clock.remember()
        #expect(memory.heldSince != nil)
        #expect(ClockMemory(memory.text) == memory)
        let place = try TemporaryDirectory()
        let file = ClockFile(directory: place.path)
        #expect(file.read() == nil)
        try file.write(memory)
        #expect(file.read() == memory)
        for length in 0..<memory.text.count {
            try place.write(String(memory.text.prefix(length)), to: "clock")
            #expect(file.read().map { $0 != memory } ?? true)
        }
        try place.write("segmentd clock, format 2\n", to: "clock")
        #expect(file.read() == nil)
        for number in ["9223372036854775807", "-9223372036854775808", "x", ""] {
            for name in ["good", "line", "elapsed", "steady"] {
                let lines = memory.text.split(separator: "\n").map { $0.hasPrefix(name) ? "\(name) \(number)" : $0 }
                try place.write(lines.joined(separator: "\n") + "\n", to: "clock")
                #expect(file.read() == nil)
            }
        }
    }

    @Test func `what cannot be kept is tried again at once, and kept as soon as there is a place`() throws {
        let system = try SystemClocks()
        let place = try TemporaryDirectory()
        let file = ClockFile(directory: place.path("data"))
        let clock = TrustedClock(file: file) { system.reading }
        for _ in 0..<2 { #expect(throws: AudienceError.self) { try clock.keep() } }
        try FileManager.default.createDirectory(atPath: place.path("data"), withIntermediateDirectories: false)
        try clock.keep()
        let kept = try #require(file.read())
        system.pass(seconds: 5)
        try clock.keep()
        #expect(file.read() == kept)
        try clock.keep(isClean: true)
        #expect(file.read()?.isClean == true)
    }

    @Test func `what an operator accepts is kept before that is answered`() throws {
        let system = try SystemClocks()
        let place = try TemporaryDirectory()
        let file = ClockFile(directory: place.path)
        let clock = TrustedClock(file: file) { system.reading }
        try clock.keep()
        system.step(seconds: Seconds.year)
        #expect(clock.state.isHeld)
        let jump = try #require(clock.accept())
        #expect(file.read()?.accepted == jump)
        // Killed before anything else is written.
        let next = system.clock(file.read())
        #expect(!next.state.isHeld)
        #expect(next.floor == jump.to)
    }

    @Test func `over a reboot a killed process is taken to have gone on for as long as the machine is up`() throws {
        let system = try SystemClocks()
        let clock = system.clock()
        let last = clock.now()
        let killed = clock.remember()
        system.reboot(downFor: 60, upFor: 45)
        system.step(seconds: -3_600)
        #expect(system.clock(killed).floor == last.advanced(byMicroseconds: 45_000_000))
    }

    @Test func `it is kept when it is old, and at once when the clock was set`() throws {
        let system = try SystemClocks()
        let clock = system.clock()
        let memory = clock.remember()
        system.pass(seconds: 9)
        #expect(!clock.remember().isNews(since: memory))
        system.step(seconds: 2)
        #expect(clock.remember().isNews(since: memory))
        let stepped = clock.remember()
        system.step(seconds: 4_000)
        #expect(clock.remember().isNews(since: stepped))
        let held = clock.remember()
        system.pass(seconds: 10)
        #expect(clock.remember().isNews(since: held))
    }
}
