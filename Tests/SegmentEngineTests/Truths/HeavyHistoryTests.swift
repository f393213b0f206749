import SegmentModel
import TestSupport
import Testing

@testable import SegmentEngine

@Suite("Heavy histories")
struct HeavyHistoryTests {
    @Test("A history kept between events says what the whole contact says", arguments: ["UTC", "Europe/London"])
    func keeping(zone: String) throws {
        for seed in UInt64(1)...8 {
            var world = TruthWorld(seed: seed + 90, zone: try TruthWorld.zone(zone), leaves: 80)
            var contacts = RandomContacts(random: SeededGenerator(seed: seed + 90))
            var contact = contacts.contact()
            while contact.orders.count < 3 { contact.orders += contacts.contact().orders }
            contact.orders.sort { $0.placedAt < $1.placedAt }
            contact.activities.sort { $0.occurredAt < $1.occurredAt }
            let (orders, activities) = (contact.orders, contact.activities)
            (contact.orders, contact.activities) = ([], [])
            let history = world.history(of: world.record(of: contact))
            for step in 0..<max(orders.count, activities.count) {
                if step < orders.count { contact.orders.append(orders[step]) }
                if step < activities.count { contact.activities.append(activities[step]) }
                let record = world.record(of: contact)
                let isOrderTaken = step >= orders.count || world.appendLastOrder(of: record, to: history)
                let isActivityTaken = step >= activities.count || world.appendLastActivity(of: record, to: history)
                #expect(isOrderTaken && isActivityTaken)
                var now = contacts.random.chance(0.7) ? orders[0].placedAt : contacts.instant()
                for _ in 0..<3 {
                    let (answer, edge) = world.answers(of: record, history, at: now)
                    let expected = world.answers(of: record, at: now)
                    #expect(answer == expected.truths, "\(seed) \(step)\n\(world.difference(answer, expected.truths))")
                    #expect(edge > now.microseconds)
                    #expect(answer == world.truths(of: contact, at: now))
                    guard edge != .max else { break }
                    now = Instant(microseconds: edge)
                }
            }
        }
    }

    @Test("What comes late is refused, and a rebuilt history has it")
    func late() throws {
        var world = TruthWorld(seed: 3, zone: .utc, leaves: 80)
        var contacts = RandomContacts(random: SeededGenerator(seed: 5))
        var contact = contacts.contact()
        while contact.orders.count < 3 { contact = contacts.contact() }
        contact.orders.sort { $0.placedAt < $1.placedAt }
        let now = contact.orders[contact.orders.count - 1].placedAt
        let history = world.history(of: world.record(of: contact))
        contact.orders.append(contact.orders[0])
        contact.orders[contact.orders.count - 1].placedAt = contact.orders[0].placedAt.advanced(byMicroseconds: -1)
        let record = world.record(of: contact)
        let isTaken = world.appendLastOrder(of: record, to: history)
        #expect(!isTaken)
        world.rebuild(history, record)
        let (answer, _) = world.answers(of: record, history, at: now)
        #expect(answer == world.truths(of: contact, at: now))
    }
}

@Suite("Range structures")
struct RangeStructureTests {
    @Test("Maxima of ranges are the greatest values and stand at their last places")
    func maxima() {
        var random = SeededGenerator(seed: 1)
        var maxima = RangeMaxima()
        var values: [Int64] = []
        for step in 0..<1_500 {
            values.append(Int64.random(in: -9...9, using: &random) * (random.chance(0.01) ? 100 : 1))
            maxima.append(values[step])
            let low = Int.random(in: 0...step, using: &random)
            let high = Int.random(in: low...step, using: &random) + 1
            let found = maxima.last(in: low..<high)
            #expect(found.value == values[low..<high].max())
            #expect(found.index == values[low..<high].lastIndex(of: found.value))
        }
    }

    @Test("Distinct products are counted at the end, at the beginning and in the middle")
    func products() {
        var random = SeededGenerator(seed: 2)
        var distinct = DistinctProducts()
        var all: [[UInt32]] = []
        for step in 0..<400 {
            all.append(
                (0..<Int.random(in: 0...3, using: &random)).map { _ in UInt32.random(in: 0..<40, using: &random) })
            distinct.append(all[step])
            let low = Int.random(in: 0...step, using: &random)
            let high = random.chance(0.5) ? step + 1 : Int.random(in: low...(step + 1), using: &random)
            func count(_ range: Range<Int>) -> Int { Set(all[range].joined()).count }
            #expect(distinct.count(in: low..<high) == count(low..<high))
            #expect(distinct.count(in: 0..<high) == count(0..<high))
            let needed = Int.random(in: 1...10, using: &random)
            let expected = (low..<high).last { count($0..<high) >= needed }
            #expect(distinct.lastIndex(of: low..<high, withProducts: needed) == expected)
        }
    }
}
