/// Lines that will be delivered a second time, as sources do that got no answer in time.
struct RepeatedDeliveries {
    private var random: SeededRandom
    private var waiting: [(dueEvent: Int, line: [UInt8])] = []
    private var firstWaiting = 0

    /// One line in so many is repeated.
    private static let lineInterval = 120
    /// At most so many events come between a line and its repetition, unless earlier ones wait as well.
    private static let eventsMax = 4_000
    private static let waitingMax = 256

    init(seed: UInt64) {
        random = SeededRandom(seed: seed, stream: 0xD0B1)
    }

    /// Takes notice of the line just written as event number `event`, and perhaps keeps a copy of it.
    mutating func consider(_ line: ArraySlice<UInt8>, event: Int) {
        guard random.chance(1, in: Self.lineInterval) else { return }
        let due = event + 1 + random.below(Self.eventsMax)
        guard waiting.count - firstWaiting < Self.waitingMax else { return }
        // In the order in which they were first delivered: a later line never overtakes an earlier one.
        let earliest = waiting.last?.dueEvent ?? 0
        waiting.append((max(due, earliest), Array(line)))
    }

    /// The next line that is due after event number `event`; nil if none is.
    mutating func next(after event: Int) -> [UInt8]? {
        guard firstWaiting < waiting.count, waiting[firstWaiting].dueEvent <= event else { return nil }
        let line = waiting[firstWaiting].line
        firstWaiting += 1
        if firstWaiting == Self.waitingMax {
            waiting.removeFirst(firstWaiting)
            firstWaiting = 0
        }
        return line
    }
}
