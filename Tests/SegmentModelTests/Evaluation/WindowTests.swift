import SegmentModel
import Testing

@Suite("Windows")
struct WindowTests {
    private func ordered(_ placedAt: String, in zone: String = "UTC") throws -> Asking {
        Asking(contact: Sample.contact(orders: [Sample.order("1", placedAt)]), zone: try Sample.zone(zone))
    }

    private func within(_ window: JSONValue) -> JSONValue { ["activity": "order", "within": window] }

    @Test("The last 30 days end at the first instant at which now less 30 days reaches the order")
    func edgeOfTheLast30Days() throws {
        let ask = try ordered("2026-03-01T10:00:00Z")
        let last = within(["last": "P30D"])
        #expect(try !ask(last, now: "2026-03-01T09:59:59.999999Z"))
        #expect(try ask(last, now: "2026-03-01T10:00:00Z"))
        #expect(try ask(last, now: "2026-03-31T09:59:59.999999Z"))
        #expect(try !ask(last, now: "2026-03-31T10:00:00Z"))
        #expect(try ask(within(["notLast": "P30D"]), now: "2026-03-31T10:00:00Z"))
        #expect(try !ask(within(["notLast": "P30D"]), now: "2026-03-31T09:59:59.999999Z"))
    }

    @Test("Days keep the wall clock over the change of clocks, hours do not")
    func daysAndHoursOverDST() throws {
        // Paris goes from +01:00 to +02:00 on 29 March 2026.
        let ask = try ordered("2026-03-28T12:00:00+01:00", in: "Europe/Paris")
        #expect(try ask(within(["last": "P2D"]), now: "2026-03-30T11:59:59.999999+02:00"))
        #expect(try !ask(within(["last": "P2D"]), now: "2026-03-30T12:00:00+02:00"))
        #expect(try ask(within(["last": "PT48H"]), now: "2026-03-30T12:59:59+02:00"))
        #expect(try !ask(within(["last": "PT48H"]), now: "2026-03-30T13:00:00+02:00"))
    }

    @Test("A month back from the end of a longer month is the shorter month's last day")
    func endsOfMonths() throws {
        let ask = try ordered("2026-02-28T12:00:00Z")
        let month = within(["last": "P1M"])
        // 28 March less a month is 28 February: out at noon, in again at midnight, out at noon, until the 31st.
        #expect(try !ask(month, now: "2026-03-28T12:00:00Z"))
        #expect(try ask(month, now: "2026-03-29T00:00:00Z"))
        #expect(try !ask(month, now: "2026-03-29T12:00:00Z"))
        #expect(try ask(month, now: "2026-03-31T11:59:59Z"))
        #expect(try !ask(month, now: "2026-03-31T12:00:00Z"))
        #expect(try !ask(month, now: "2026-04-01T00:00:00Z"))
    }

    @Test("A year back from 29 February is 28 February")
    func leapYear() throws {
        let ask = try ordered("2023-02-28T12:00:00Z")
        let year = within(["last": "P1Y"])
        #expect(try !ask(year, now: "2024-02-28T12:00:00Z"))
        #expect(try ask(year, now: "2024-02-29T11:00:00Z"))
        #expect(try !ask(year, now: "2024-02-29T12:00:00Z"))
    }

    @Test("Fixed windows take whole days of the zone")
    func fixedDays() throws {
        // 23:30 UTC on the 31st is the 1st in Paris.
        let ask = try ordered("2026-01-31T23:30:00Z", in: "Europe/Paris")
        #expect(try ask(within(["on": "2026-02-01"])))
        #expect(try !ask(within(["on": "2026-01-31"])))
        #expect(try ask(within(["after": "2026-01-31"])))
        #expect(try !ask(within(["after": "2026-02-01"])))
        #expect(try !ask(within(["before": "2026-02-01"])))
        #expect(try ask(within(["before": "2026-02-02"])))
        #expect(try ask(within(["between": ["2026-01-15", "2026-02-01"]])))
        #expect(try ask(within(["between": ["2026-02-01", "2026-02-15"]])))
        #expect(try !ask(within(["between": ["2026-01-01", "2026-01-31"]])))
    }

    @Test("Fixed windows with a time of day are exact: after and before exclude it, between includes both ends")
    func fixedInstants() throws {
        let ask = try ordered("2026-01-31T23:30:00Z")
        #expect(try !ask(within(["after": "2026-01-31T23:30:00Z"])))
        #expect(try ask(within(["after": "2026-01-31T23:29:59.999999Z"])))
        #expect(try !ask(within(["before": "2026-01-31T23:30:00Z"])))
        #expect(try ask(within(["before": "2026-01-31T23:30:00.000001Z"])))
        #expect(try ask(within(["between": ["2026-01-31T23:30:00Z", "2026-02-15"]])))
        #expect(try ask(within(["between": ["2026-01-15", "2026-01-31T23:30:00Z"]])))
    }

    @Test("An order dated in the future counts from that instant on, whatever the window")
    func futureOrders() throws {
        let ask = try ordered("2026-05-01T00:00:00Z")
        #expect(try !ask(["activity": "order"]))
        #expect(try !ask(within(["after": "2026-01-01"])))
        #expect(try ask(within(["after": "2026-01-01"]), now: "2026-05-01T00:00:00Z"))
    }

    @Test("The next days of an instant begin after now and include their end")
    func nextOfInstants() throws {
        let ask = Asking(contact: Sample.contact([.signedUpAt: .instant(Sample.instant("2026-03-08T12:00:00Z"))]))
        func next(_ now: String) throws -> Bool { try ask.field("signedUpAt", "within", ["next": "P7D"], now: now) }
        #expect(try !next("2026-03-01T11:59:59.999999Z"))
        #expect(try next("2026-03-01T12:00:00Z"))
        #expect(try next("2026-03-08T11:59:59.999999Z"))
        #expect(try !next("2026-03-08T12:00:00Z"))
        #expect(try ask.field("signedUpAt", "within", ["last": "P7D"], now: "2026-03-08T12:00:00Z"))
        #expect(try ask.field("signedUpAt", "not_within", ["last": "P7D"], now: "2026-03-08T11:00:00Z"))
    }

    @Test("Birthdays come within windows by the day they are celebrated, over the turn of the year")
    func birthdays() throws {
        let ask = Asking(contact: Sample.contact([.birthday: .birthday(month: 1, day: 3)]))
        #expect(try ask.field("birthday", "within", ["next": "P7D"], now: "2025-12-27T00:00:00Z"))
        #expect(try !ask.field("birthday", "within", ["next": "P7D"], now: "2025-12-26T23:59:59Z"))
        #expect(try ask.field("birthday", "within", ["next": "P7D"], now: "2026-01-03T23:59:59Z"))
        #expect(try !ask.field("birthday", "within", ["next": "P7D"], now: "2026-01-04T00:00:00Z"))
        #expect(try ask.field("birthday", "within", ["last": "P1M"], now: "2026-02-03T12:00:00Z"))
        #expect(try !ask.field("birthday", "within", ["last": "P1M"], now: "2026-02-04T12:00:00Z"))
        #expect(try ask.field("birthday", "month_is", 1))
        #expect(try !ask.field("birthday", "month_is", 2))
        #expect(try ask.field("birthday", "is", "01-03"))
        #expect(try !ask.field("birthday", "is", "03-01"))
        #expect(try !Asking(contact: Sample.contact()).field("birthday", "within", ["next": "P1Y"]))
    }

    @Test("29 February is celebrated on 28 February in common years")
    func leapBirthdays() throws {
        let ask = Asking(contact: Sample.contact([.birthday: .birthday(month: 2, day: 29)]))
        #expect(try ask.field("birthday", "within", ["next": "P1D"], now: "2026-02-27T12:00:00Z"))
        #expect(try !ask.field("birthday", "within", ["next": "P1D"], now: "2026-03-01T00:00:00Z"))
        #expect(try !ask.field("birthday", "within", ["next": "P1D"], now: "2028-02-27T12:00:00Z"))
        #expect(try ask.field("birthday", "within", ["next": "P1D"], now: "2028-02-29T12:00:00Z"))
        #expect(try !ask.field("birthday", "is", "02-28"))
    }

    @Test("Today is the day in the audience's zone")
    func todayByZone() throws {
        var ask = Asking(contact: Sample.contact([.birthday: .birthday(month: 7, day: 1)]))
        ask.zone = try Sample.zone("Pacific/Auckland")
        #expect(try ask.field("birthday", "within", ["next": "P1D"], now: "2026-06-29T12:00:00Z"))
        #expect(try !ask.field("birthday", "within", ["next": "P1D"], now: "2026-06-29T11:59:59Z"))
    }
}
