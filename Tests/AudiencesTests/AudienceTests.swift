import Admission
import FoundationEssentials
import SegmentModel
import TestSupport
import Testing

@testable import Audiences

@Suite struct AudienceTests {
    private let home: TemporaryDirectory
    private let clock: ManualClock
    private let noon: Instant

    init() throws {
        home = try TemporaryDirectory()
        noon = try Instant(rfc3339: "2026-03-01T12:00:00Z")
        clock = ManualClock(noon)
    }

    private func open() async throws -> DataDirectory {
        try await DataDirectory.open(path: home.path, configuration: .small, clock: clock)
    }

    private func shop(
        in directory: DataDirectory, _ change: (inout AudienceSettings) -> Void = { _ in }
    ) async throws -> Audience {
        var settings = AudienceSettings(name: "Shop", timezone: "Europe/London", currency: "GBP")
        change(&settings)
        return try await directory.create(id: "shop", settings: settings)
    }

    private func order(_ number: String, by contact: Identifier, at time: Instant? = nil) -> Event {
        let state = OrderState(
            key: OrderKey(store: "web", order: Identifier(number)), contact: contact, currency: "GBP",
            total: Amount(tenThousandths: 125_000))
        return Event(source: "web", id: Identifier("order-" + number), time: time, fact: .orderPlaced(state))
    }

    private func failure(_ body: () async throws -> Void) async -> AudienceError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? AudienceError
        }
    }

    @Test func `an event counts from visibleAt on and not a microsecond before`() async throws {
        let directory = try await open()
        let audience = try await shop(in: directory)
        _ = try await audience.save(name: "Buyers", where: ["activity": "order"])
        let receipt = try await audience.ingest(AdmittedBatch([order("1", by: "ada")]))
        let visibleAt = try #require(receipt.visibleAt)
        #expect(visibleAt == noon.advanced(byMicroseconds: 7_200_000_000))
        clock.move(to: visibleAt.advanced(byMicroseconds: -1))
        try await audience.tick()
        #expect(try await audience.segment("Buyers").count == 0)
        #expect(try await audience.pending(limit: 10).count == 1)
        clock.move(to: visibleAt)
        try await audience.tick()
        #expect(try await audience.segment("Buyers").count == 1)
        #expect(try await audience.pending(limit: 10).count == 0)
        #expect(try await audience.members(of: "Buyers").members.map(\.contact) == ["ada"])
        try await directory.close()
    }

    @Test func `without a delay an event is not part of an instant that was answered for`() async throws {
        let directory = try await open()
        let audience = try await shop(in: directory) { $0.visibilityDelayMicroseconds = 0 }
        _ = try await audience.save(name: "Buyers", where: ["activity": "order"])
        let answered = await audience.status().frontier
        #expect(answered == noon)
        let receipt = try await audience.ingest(AdmittedBatch([order("1", by: "ada")]))
        #expect(receipt.visibleAt == noon.advanced(byMicroseconds: 1))
        try await audience.tick()
        #expect(try await audience.segment("Buyers").count == 0)
        clock.advance(by: 1)
        try await audience.tick()
        #expect(try await audience.segment("Buyers").count == 1)
        try await directory.close()
    }

    @Test func `a clock that goes back holds the frontier`() async throws {
        let directory = try await open()
        let audience = try await shop(in: directory)
        clock.advance(by: 60_000_000)
        try await audience.tick()
        let frontier = await audience.status().frontier
        clock.move(to: noon)
        try await audience.tick()
        #expect(await audience.status().frontier == frontier)
        try await directory.close()
    }

    @Test func `everything is there after a restart`() async throws {
        var directory = try await open()
        var audience = try await shop(in: directory)
        let saved = try await audience.save(name: "Buyers", description: "All", where: ["activity": "order"])
        _ = try await audience.ingest(AdmittedBatch([order("1", by: "ada"), order("2", by: "bob")]))
        clock.advance(by: 7_200_000_000)
        try await audience.tick()
        let before = try await audience.segment("Buyers")
        try await directory.close()
        directory = try await open()
        audience = try directory.audience("shop")
        #expect(try await audience.segment("Buyers") == before)
        #expect(before.id == saved.id)
        #expect(before.count == 2)
        #expect(audience.settings().timezone == "Europe/London")
        try await directory.close()
    }

    @Test(arguments: [true, false])
    func `after a restart with the clock set back no answer goes back`(hasCheckpoint: Bool) async throws {
        let directory = try await open()
        let audience = try await shop(in: directory)
        _ = try await audience.save(name: "Buyers", where: ["activity": "order"])
        let visibleAt = try #require(try await audience.ingest(AdmittedBatch([order("1", by: "ada")])).visibleAt)
        let answered = visibleAt.advanced(byMicroseconds: 5)
        clock.move(to: answered)
        try await audience.tick()
        try await directory.close()
        if !hasCheckpoint { try home.remove("audiences/shop/view/1/checkpoint") }

        clock.move(to: noon)
        let again = try await open()
        let reopened = try again.audience("shop")
        try await reopened.tick()
        let frontier = hasCheckpoint ? answered : visibleAt
        #expect(await reopened.status().frontier == frontier)
        #expect(try await reopened.segment("Buyers").count == 1)
        let receipt = try await reopened.ingest(AdmittedBatch([order("2", by: "bob")]))
        #expect(receipt.visibleAt == frontier.advanced(byMicroseconds: 1))
        try await reopened.tick()
        #expect(try await reopened.segment("Buyers").count == 1)
        clock.move(to: frontier.advanced(byMicroseconds: 1))
        try await reopened.tick()
        #expect(try await reopened.segment("Buyers").count == 2)
        try await again.close()
    }

    @Test func `window edges that pass and definitions made around stops count`() async throws {
        var directory = try await open()
        var audience = try await shop(in: directory) { $0.visibilityDelayMicroseconds = 0 }
        _ = try await audience.save(name: "Recent", where: ["activity": "order", "within": ["last": "P1D"]])
        _ = try await audience.ingest(AdmittedBatch([order("1", by: "ada"), order("2", by: "bob")]))
        clock.advance(by: 1_000_000)
        try await audience.tick()
        _ = try await audience.save(name: "Buyers", where: ["activity": "order"])
        for (hours, recent) in [(1, 2), (24, 0), (24, 0)] {
            try await directory.close()
            clock.advance(by: Int64(hours) * 3_600_000_000)
            directory = try await open()
            audience = try directory.audience("shop")
            try await audience.tick()
            #expect(try await audience.segment("Recent").count == recent)
            #expect(try await audience.segment("Buyers").count == 2)
        }
        try await directory.close()
    }

    @Test func `a directory is open in one place at a time`() async throws {
        let directory = try await open()
        let error = await failure { _ = try await self.open() }
        #expect(error?.code == .directoryInUse)
        try await directory.close()
        try await open().close()
    }

    @Test func `a directory of another kind or a newer version is refused`() async throws {
        try home.write("segmentd data directory, format 2\n", to: "FORMAT")
        let error = await failure { _ = try await self.open() }
        #expect(error?.code == .unsupportedFormat)
        #expect(error?.message.contains("format 2") == true)
    }

    @Test func `an audience whose format cannot be read is not taken for one that was never complete`() async throws {
        try await open().close()
        // Something is there by that name, and reading it fails.
        try FileManager.default.createDirectory(
            atPath: home.path("audiences/shop/FORMAT"), withIntermediateDirectories: true)
        let error = await failure { _ = try await self.open() }
        #expect(error?.code == .storageFailed)
        #expect(error?.message.contains("shop/FORMAT") == true)
    }

    @Test func `what an interrupted creation left unreadable is set aside, and the audience is made`() async throws {
        let directory = try await open()
        try FileManager.default.createDirectory(
            atPath: home.path("audiences/shop/log"), withIntermediateDirectories: true)
        try home.write(String(repeating: "torn", count: 4_096), to: "audiences/shop/log/data.mdb")
        _ = try await shop(in: directory)
        let names = try FileManager.default.contentsOfDirectory(atPath: home.path("audiences"))
        #expect(names.sorted() == ["shop", "shop.unusable-1"])
        try await directory.close()
    }

    @Test func `a directory that holds something else is left alone`() async throws {
        try home.write("mine", to: "notes.txt")
        let error = await failure { _ = try await self.open() }
        #expect(error?.code == .unsupportedFormat)
        #expect(error?.message.contains("notes.txt") == true)
    }

    @Test func `changed field types read the saved segments anew`() async throws {
        let directory = try await open()
        let audience = try await shop(in: directory) { $0.visibilityDelayMicroseconds = 0 }
        let change = ContactChange(
            contact: "ada", attributes: [AttributeChange(key: .custom("level"), value: .text("7"))])
        _ = try await audience.ingest(
            AdmittedBatch([Event(source: "web", id: "1", time: nil, fact: .contactChanged(change))]))
        clock.advance(by: 1)
        try await audience.tick()
        _ = try await audience.save(name: "Seven", where: ["field": "fields.level", "op": "is", "value": "7"])
        var settings = audience.settings()
        settings.fieldTypes["level"] = .number
        try await audience.change(settings)
        #expect(try await audience.segment("Seven").count == 1)
        _ = try await audience.save(name: "Above", where: ["field": "fields.level", "op": "at_least", "value": 7])
        #expect(try await audience.segment("Above").count == 1)
        settings.fieldTypes["level"] = .text
        let refused = await failure { try await audience.change(settings) }
        #expect(refused?.code == .invalidSetting)
        #expect(refused?.related == ["Above"])
        #expect(audience.settings().fieldTypes["level"] == .number)
        try await directory.close()
    }

    @Test func `audience ids and settings are checked by name`() async throws {
        let directory = try await open()
        for id in ["", "Shop", "-a", "a/b", "..", String(repeating: "a", count: 64)] {
            let error = await failure { _ = try await directory.create(id: id, settings: AudienceSettings(name: "x")) }
            #expect(error?.code == .invalidName, "\(id)")
        }
        let cases: [(String, (inout AudienceSettings) -> Void)] = [
            ("/timezone", { $0.timezone = "Europe/Londn" }), ("/timezone", { $0.timezone = "../../etc/passwd" }),
            ("/currency", { $0.currency = "eur" }), ("/name", { $0.name = "" }),
            ("/visibilityDelay", { $0.visibilityDelayMicroseconds = -1 }),
            ("/countedStatuses", { $0.countedStatuses = [] }),
        ]
        for (pointer, change) in cases {
            let error = await failure { _ = try await self.shop(in: directory, change) }
            #expect(error?.code == .invalidSetting)
            #expect(error?.pointer == pointer)
        }
        _ = try await shop(in: directory)
        #expect(await failure { _ = try await self.shop(in: directory) }?.code == .audienceExists)
        #expect(await failure { _ = try directory.audience("shp") }?.related == ["shop"])
        try await directory.close()
    }

    @Test func `segment names are unique whatever their case, and ids stay`() async throws {
        let directory = try await open()
        let audience = try await shop(in: directory)
        let first = try await audience.save(name: "Buyers", where: ["activity": "order"])
        #expect(
            await failure { _ = try await audience.save(name: "BUYERS", where: ["tag": "a"]) }?.code == .segmentExists)
        for name in ["", "   ", "a\u{7}", "s12", String(repeating: "n", count: 201)] {
            #expect(
                await failure { _ = try await audience.save(name: name, where: ["tag": "a"]) }?.code == .invalidName)
        }
        try await audience.delete("buyers")
        let second = try await audience.save(name: "Buyers", where: ["activity": "order"])
        #expect(first.id != second.id)
        #expect(await failure { _ = try await audience.segment("Byers") }?.related == ["Buyers"])
        try await directory.close()
    }

    @Test func `references follow renames and keep what they refer to`() async throws {
        let directory = try await open()
        let audience = try await shop(in: directory)
        _ = try await audience.save(name: "Buyers", where: ["activity": "order"])
        let others = try await audience.save(name: "Others", where: ["not": ["segment": "buyers"]])
        #expect(others.definition == ["not": ["segment": "Buyers"]])
        _ = try await audience.edit("Buyers", name: "Customers")
        #expect(try await audience.segment("Others").definition == ["not": ["segment": "Customers"]])
        let error = await failure { try await audience.delete("Customers") }
        #expect(error?.code == .segmentInUse)
        #expect(error?.related == ["Others"])
        try await audience.delete("Others")
        try await audience.delete("Customers")
        #expect(await audience.segments().isEmpty)
        try await directory.close()
    }

    @Test func `a cycle is refused and named`() async throws {
        let directory = try await open()
        let audience = try await shop(in: directory)
        _ = try await audience.save(name: "A", where: ["tag": "a"])
        _ = try await audience.save(name: "B", where: ["segment": "A"])
        _ = try await audience.save(name: "C", where: ["any": [["segment": "B"], ["tag": "c"]]])
        let error = await failure { _ = try await audience.edit("A", where: ["not": ["segment": "C"]]) }
        #expect(error?.code == .segmentCycle)
        #expect(error?.related == ["A", "C", "B", "A"])
        #expect(await failure { _ = try await audience.edit("A", where: ["segment": "A"]) }?.related == ["A", "A"])
        let missing = await failure { _ = try await audience.save(name: "D", where: ["all": [["segment": "Nobody"]]]) }
        #expect(missing?.code == .unknownSegment)
        #expect(missing?.pointer == "/where/all/0/segment")
        try await directory.close()
    }

    @Test func `plans bound what can be saved`() async throws {
        let directory = try await open()
        let audience = try await shop(in: directory) { $0.plan = .free }
        let tags = (1...6).map { JSONValue.object([.init("tag", .string("t\($0)"))]) }
        _ = try await audience.save(name: "Five", where: ["any": .array(Array(tags.prefix(5)))])
        #expect(
            await failure { _ = try await audience.save(name: "Six", where: ["any": .array(tags)]) }?.code == .planLimit
        )
        let nested: JSONValue = ["any": [tags[0], ["all": [tags[1], tags[2]]]]]
        #expect(await failure { _ = try await audience.save(name: "Nested", where: nested) }?.code == .planLimit)
        var settings = audience.settings()
        settings.plan = .standard
        try await audience.change(settings)
        _ = try await audience.save(name: "Nested", where: nested)
        try await directory.close()
    }

    @Test func `settings count from the frontier on that answers name, and move it to the clock`() async throws {
        let directory = try await open()
        let audience = try await shop(in: directory)
        _ = try await audience.ingest(AdmittedBatch([order("1", by: "ada")]))
        try await audience.tick()
        let before = await audience.status().frontier
        // No tick comes between, though the order has become visible.
        clock.advance(by: 3 * 3_600_000_000)
        var settings = audience.settings()
        settings.currency = "USD"
        try await audience.change(settings)
        let status = await audience.status()
        #expect(status.frontier == clock.now() && status.frontier > before)
        #expect(await audience.projection.book.lastChangeAt == status.frontier)
        #expect(status.contacts == 1)
        try await directory.close()
    }

    @Test func `a changed visibility delay affects later events only`() async throws {
        let directory = try await open()
        let audience = try await shop(in: directory)
        let first = try await audience.ingest(AdmittedBatch([order("1", by: "ada")]))
        var settings = audience.settings()
        settings.visibilityDelayMicroseconds = 4 * 3_600_000_000
        try await audience.change(settings)
        let second = try await audience.ingest(AdmittedBatch([order("2", by: "ada")]))
        #expect(first.visibleAt == noon.advanced(byMicroseconds: 2 * 3_600_000_000))
        #expect(second.visibleAt == noon.advanced(byMicroseconds: 4 * 3_600_000_000))
        try await directory.close()
    }

    @Test func `a contact is found while its only event is pending`() async throws {
        let directory = try await open()
        let audience = try await shop(in: directory)
        _ = try await audience.ingest(AdmittedBatch([order("1", by: "ada")]))
        let pending = try await audience.contact("ada")
        #expect(pending.contact == nil)
        #expect(pending.pending.count == 1)
        #expect(await failure { _ = try await audience.contact("bob") }?.code == .contactNotFound)
        try await directory.close()
    }

    @Test func `members come in pages that join without gap or overlap`() async throws {
        let directory = try await open()
        let audience = try await shop(in: directory) { $0.visibilityDelayMicroseconds = 0 }
        let contacts = (0..<25).map { Identifier("c\($0)") }
        _ = try await audience.ingest(AdmittedBatch(contacts.map { order("o-\($0)", by: $0) }))
        clock.advance(by: 1)
        try await audience.tick()
        _ = try await audience.save(name: "Buyers", where: ["activity": "order"])
        var after: Identifier?
        var seen: [Identifier] = []
        repeat {
            let page = try await audience.members(of: "Buyers", after: after, limit: 7)
            #expect(page.count == 25)
            seen += page.members.map(\.contact)
            after = page.next
        } while after != nil
        #expect(seen == contacts.sorted())
        try await directory.close()
    }

    @Test func `explain agrees with membership and names the next change`() async throws {
        let directory = try await open()
        let audience = try await shop(in: directory) { $0.visibilityDelayMicroseconds = 0 }
        _ = try await audience.save(name: "Recent", where: ["activity": "order", "within": ["last": "PT30H"]])
        _ = try await audience.ingest(AdmittedBatch([order("1", by: "ada", at: noon)]))
        clock.advance(by: 1)
        try await audience.tick()
        let explanation = try await audience.explain("Recent", contact: "ada")
        #expect(explanation.isMember)
        #expect(explanation.explanation.isTrue)
        #expect(explanation.nextChangeAt == noon.advanced(byMicroseconds: 30 * 3_600_000_000))
        clock.move(to: try #require(explanation.nextChangeAt))
        try await audience.tick()
        #expect(try await audience.explain("Recent", contact: "ada").isMember == false)
        try await directory.close()
    }
}
