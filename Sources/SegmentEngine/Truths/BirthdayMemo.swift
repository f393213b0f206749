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

    /// Appends what holds for a birthday.
    ///
    /// - Parameter number: that of the tests.
    /// - Returns: the next day on which that can change; nil if it has to be learned.
    mutating func match(_ number: Int, month: Int, day: Int, today: Int, _ sink: inout NumberSink) -> Int? {
        if today != self.today {
            self.today = today
            generation += 1
            leaves.removeAll()
        }
        guard 1...12 ~= month, 1...31 ~= day else { return nil }
        let entry = entries[number * BirthdayMemo.entriesPerTests + month * 32 + day]
        guard entry.generation == generation else { return nil }
        if entry.count > 0 { sink.append(leaves.start + entry.first, count: entry.count) }
        return entry.next
    }

    /// Works out what holds for a birthday that `match` did not know, appends it and keeps it.
    mutating func learn(
        _ tests: BirthdayTests, _ number: Int, _ birthday: MonthDay, _ calendar: StrideCalendar,
        _ sink: inout NumberSink
    ) -> Int {
        var found: [UInt32] = []
        let next = tests.match(birthday, today: today, calendar, into: &found)
        entries[number * BirthdayMemo.entriesPerTests + birthday.month * 32 + birthday.day] = Entry(
            generation: generation, next: next, first: leaves.count, count: found.count)
        for leaf in found {
            leaves.append(leaf)
            sink.append(leaf)
        }
        return next
    }
}
