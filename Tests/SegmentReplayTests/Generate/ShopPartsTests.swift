import Glibc
import SegmentModel
import TestSupport
import Testing

@testable import segment_replay

@Suite struct ShopPartsTests {
    @Test func `the random numbers are those of SplitMix64`() {
        // From the reference implementation, seed 1234567.
        var random = SeededRandom(seed: 1_234_567)
        let values = [random.next(), random.next()]
        #expect(values == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973])
    }

    @Test(arguments: [1.0, 0.5, 0x1p-53, 0.999, 0.001, 2.718_281_828_459_045])
    func `the logarithm agrees with the C library's`(value: Double) {
        #expect(abs(SeededRandom.logarithm(value) - log(value)) < 1e-8)
    }

    @Test func `draws follow their weights and never take a weight of zero`() {
        let draw = WeightedDraw([0, 3, 0, 1])
        var random = SeededRandom(seed: 3)
        var counts = [0, 0, 0, 0]
        for _ in 0..<4_000 { counts[draw.draw(&random)] += 1 }
        #expect(counts[0] == 0 && counts[2] == 0)
        #expect((2_800...3_200).contains(counts[1]))
    }

    @Test func `acts come out by arrival, then in the order in which they were scheduled`() throws {
        var agenda = ShopAgenda(from: try LocalDate(iso: "2026-01-01"), dayCount: 3)
        let seconds = [90_000, 10, 200_000, 10, 90_000, 300_000]
        for (number, second) in seconds.enumerated() {
            let arrival = agenda.start(ofDay: 0).advanced(bySeconds: second)
            agenda.schedule(ShopAct(arrival: arrival, contact: UInt32(number), kind: .browse))
        }
        var contacts: [UInt32] = []
        while agenda.advance() {
            while let act = agenda.next() { contacts.append(act.contact) }
        }
        // The last one lies after the last day.
        #expect(contacts == [1, 3, 0, 4, 2])
    }

    @Test func `an act may bring about another one on the same day`() throws {
        var agenda = ShopAgenda(from: try LocalDate(iso: "2026-01-01"), dayCount: 1)
        let hasDay = agenda.advance()
        #expect(hasDay)
        let start = agenda.start(ofDay: 0)
        agenda.schedule(ShopAct(arrival: start.advanced(bySeconds: 50), contact: 2, kind: .browse))
        agenda.schedule(ShopAct(arrival: start.advanced(bySeconds: 5), contact: 1, kind: .browse))
        var order = [agenda.next()?.contact]
        agenda.schedule(ShopAct(arrival: start.advanced(bySeconds: 20), contact: 3, kind: .browse))
        order += [agenda.next()?.contact, agenda.next()?.contact, agenda.next()?.contact]
        #expect(order == [1, 3, 2, nil])
        let hasMore = agenda.advance()
        #expect(!hasMore)
    }

    @Test func `no day is stronger than the strongest, and Black Friday weekend is the strongest`() throws {
        let from = try LocalDate(iso: "2024-01-01")
        let seasons = ShopSeasons(from: from, dayCount: 731)
        let strengths = (0..<731).map { seasons.strength(day: $0) }
        #expect(strengths.max() == ShopSeasons.strengthMax)
        let strongest = strengths.indices.filter { strengths[$0] == ShopSeasons.strengthMax }
        #expect(strongest.map { from.adding(days: $0).description } == ["2025-11-30"])
        let friday = try LocalDate(iso: "2024-11-29").daysSinceEpoch - from.daysSinceEpoch
        #expect(strengths[friday] > 2 * strengths[friday - 7])
    }

    @Test func `the catalogue has some three hundred products with identifiers of their own`() {
        let catalog = ShopCatalog()
        #expect((250...350).contains(catalog.products.count))
        #expect(Set(catalog.products.map(\.id)).count == catalog.products.count)
        #expect(Set(catalog.products.map(\.title)).count == catalog.products.count)
        #expect(catalog.products.allSatisfy { $0.priceCents > 0 })
        #expect(catalog.products.contains { $0.vendor == "Acme" })
    }

    @Test func `every place speaks a language that has names`() {
        #expect(Place.all.allSatisfy { NameTable.all[$0.language] != nil })
    }

    @Test func `addresses are plain ASCII`() {
        var random = SeededRandom(seed: 1)
        let email = ShopPeople().email(of: ("Jürgen", "O'Brien Muñoz"), number: 12, &random)
        #expect(email.hasPrefix("juergen.obrienmunoz12@"))
        for table in NameTable.all.values {
            for name in table.first + table.last {
                let address = ShopPeople().email(of: (name, name), number: 1, &random)
                #expect(address.utf8.allSatisfy { $0 < 0x80 })
            }
        }
    }

    @Test func `text is escaped as JSON wants it`() {
        var line = JSONLine()
        line.text("a\"b\\c\n\u{1}é")
        #expect(String(decoding: line.bytes, as: UTF8.self) == #""a\"b\\c\u000a\u0001é""#)
    }

    @Test func `amounts and instants are written digit by digit`() {
        var line = JSONLine()
        line.amount(cents: 1_205)
        line.raw(" ")
        line.amount(cents: 7)
        line.raw(" ")
        line.instant(Instant(microseconds: -1_000_000))
        line.instant(Instant(microseconds: 1_767_225_600_000_000))
        #expect(
            String(decoding: line.bytes, as: UTF8.self)
                == #"12.05 0.07 "1969-12-31T23:59:59Z""2026-01-01T00:00:00Z""#)
    }

    @Test func `a plan that cannot be carried out says what is wrong with it`() throws {
        let bad: [(inout ShopPlan) -> Void] = [
            { $0.contacts = 0 }, { $0.contacts = ShopPlan.contactsMax + 1 }, { $0.to = $0.from.adding(days: -1) },
            { $0.to = $0.from.adding(days: 4_000) }, { $0.currency = "euro" }, { $0.currency = "eur" },
            { $0.store = "" }, { $0.store = "a\nb" }, { $0.timezone = String(repeating: "x", count: 200) },
        ]
        for spoil in bad {
            var plan = try ShopPlan.sample()
            try plan.validate()
            spoil(&plan)
            #expect(throws: ShopPlanError.self) { try plan.validate() }
        }
    }

    @Test func `a file gets its name only when it is complete`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path("shop.ndjson")
        let output = try EventOutput(path: path)
        try output.write(Array("abc".utf8))
        #expect(access(path, F_OK) != 0)
        try output.finish()
        #expect(access(path, F_OK) == 0)
        #expect(access(path + ".partial", F_OK) != 0)
    }

    @Test func `a file that cannot be made is an error that names it`() throws {
        let error = #expect(throws: EventOutputError.self) { try EventOutput(path: "/nowhere/at/all") }
        #expect(error?.description.contains("/nowhere/at/all") == true)
    }
}
