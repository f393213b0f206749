internal import SegmentModel

/// What holds for each birthday today, worked out once a day however many contacts share it.
struct BirthdayMemo: BitwiseCopyable {
    private struct Entry: BitwiseCopyable {
        /// Of the day it was worked out for; 0 as long as nobody asked.
        var generation: UInt64 = 0
        var next = 0
        var first = 0
        var count = 0
    }

    /// Per tests, per month and day.
    private let entries: ScratchTable<Entry>
    private var leaves = NumberSink(capacity: 64)
    private var today = Int.min
    /// The number of the day among those asked for; one that comes again has another.
    private var generation: UInt64 = 0
    private static let entriesPerTests = 13 * 32

    init(testsCount: Int) {
        entries = ScratchTable(repeating: Entry(), count: testsCount * BirthdayMemo.entriesPerTests)
    }

    func deallocate() {
        entries.deallocate()
        leaves.deallocate()
    }

    /// Appends what holds for a birthday, and tells the next day on which that can change.
    ///
    /// - Parameter number: that of the tests.
    mutating func match(
        _ tests: BirthdayTests, _ number: Int, _ birthday: MonthDay, today: Int, _ calendar: StrideCalendar,
        into sink: inout NumberSink
    ) -> Int {
        if today != self.today {
            self.today = today
            generation += 1
            leaves.removeAll()
        }
        let place = number * BirthdayMemo.entriesPerTests + birthday.month * 32 + birthday.day
        if entries[place].generation != generation {
            var found: [UInt32] = []
            let next = tests.match(birthday, today: today, calendar, into: &found)
            entries[place] = Entry(generation: generation, next: next, first: leaves.count, count: found.count)
            for leaf in found { leaves.append(leaf) }
        }
        let entry = entries[place]
        let known = leaves.numbers(from: entry.first)
        if let start = known.baseAddress, entry.count > 0 { sink.append(start, count: entry.count) }
        return entry.next
    }
}
