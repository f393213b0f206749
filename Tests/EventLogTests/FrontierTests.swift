import SegmentModel
import TestSupport
import Testing

@testable import EventLog

@Suite struct FrontierTests {
    private let instants = (0..<6).map { Instant(microseconds: Int64($0)) }

    @Test func `it never goes back`() {
        for start in instants {
            for target in instants {
                var frontier = Frontier(at: start)
                let moved = frontier.advance(to: target)
                #expect(frontier.instant == max(start, target))
                #expect(moved == (target > start))
            }
        }
    }

    @Test func `advancing twice to an instant is advancing once`() {
        for target in instants {
            var frontier = Frontier(at: instants[2])
            frontier.advance(to: target)
            let once = frontier
            #expect(frontier.advance(to: target) == false)
            #expect(frontier == once)
        }
    }

    @Test(arguments: 0..<50) func `the order of the instants it is told of does not matter`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let told = (0..<10).map { _ in random.pick(instants) }
        var inOrder = Frontier(at: .earliest)
        var shuffled = Frontier(at: .earliest)
        for instant in told { inOrder.advance(to: instant) }
        for instant in told.shuffled(using: &random) { shuffled.advance(to: instant) }
        #expect(inOrder == shuffled)
    }

    @Test func `it covers an event at its visibleAt and not a microsecond before`() {
        let visibleAt = Instant(microseconds: 1_000_000)
        #expect(!Frontier(at: visibleAt.advanced(byMicroseconds: -1)).covers(visibleAt: visibleAt))
        #expect(Frontier(at: visibleAt).covers(visibleAt: visibleAt))
    }
}
