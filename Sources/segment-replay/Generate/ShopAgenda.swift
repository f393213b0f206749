import HeapModule
import SegmentModel

/// Something that will happen in the shop.
struct ShopAct: Comparable {
    /// What happens. Each kind says what `number` is, where it is used.
    enum Kind: UInt8 {
        case importContact, signUp, confirm, editContact, unsubscribe
        /// `number` is the order, from its arrival on.
        case purchase, placeLate, pay, fulfil, cancel, refund, refundWithoutOrder, review
        /// `number` is the campaign.
        case sendCampaign, bounce, open, click
        case browse
    }

    /// When the event reaches the log.
    var arrival: Instant
    /// Acts at the same instant happen in the order in which they were scheduled.
    fileprivate(set) var turn: UInt32 = 0
    /// The contact's number; for `sendCampaign` the first one not yet looked at.
    var contact: UInt32
    var number: UInt32 = 0
    /// How long before its arrival it began: when an order was placed, when a mail was opened.
    var sinceSeconds: UInt32 = 0
    var kind: Kind

    static func < (left: ShopAct, right: ShopAct) -> Bool {
        left.arrival == right.arrival ? left.turn < right.turn : left.arrival < right.arrival
    }
}

/// The acts to come, given out in order of arrival.
///
/// Future days are plain lists and only the present day is a heap, so that the working set stays small however many
/// contacts there are. What lies after the last day is forgotten at once. Memory: the acts to come, a few per contact.
struct ShopAgenda {
    private let firstDay: Int
    private var days: [[ShopAct]]
    private var present = Heap<ShopAct>()
    /// The day being worked off, counted from 0; -1 before the first.
    private(set) var day = -1
    private var turns: UInt32 = 0

    init(from: LocalDate, dayCount: Int) {
        firstDay = from.daysSinceEpoch
        days = Array(repeating: [], count: dayCount)
    }

    /// The first instant of a day, counted from 0.
    func start(ofDay day: Int) -> Instant {
        Instant(microseconds: Int64(firstDay + day) * Instant.microsecondsPerDay)
    }

    /// The day of the plan in which an instant lies; nil before the first and after the last.
    func day(of instant: Instant) -> Int? {
        let since = instant.microseconds - start(ofDay: 0).microseconds
        guard since >= 0 else { return nil }
        let day = Int(since / Instant.microsecondsPerDay)
        return day < days.count ? day : nil
    }

    /// Adds an act. It must not lie before the present day; if it lies after the last day nothing happens.
    mutating func schedule(_ act: ShopAct) {
        guard let actDay = day(of: act.arrival) else { return }
        precondition(actDay >= day, "An act cannot be scheduled in the past.")
        var act = act
        act.turn = turns
        turns &+= 1
        if actDay == day { present.insert(act) } else { days[actDay].append(act) }
    }

    /// The next act of the present day; nil at its end.
    mutating func next() -> ShopAct? {
        present.popMin()
    }

    /// Goes to the next day; false after the last.
    mutating func advance() -> Bool {
        guard day + 1 < days.count else { return false }
        day += 1
        present = Heap(days[day])
        days[day] = []
        return true
    }
}

extension Instant {
    static let microsecondsPerDay: Int64 = 86_400_000_000

    /// The instant that many whole seconds later.
    func advanced(bySeconds seconds: Int) -> Instant {
        advanced(byMicroseconds: Int64(seconds) * 1_000_000)
    }
}
