import Admission
import SegmentModel
import TestSupport
import Testing

@testable import Audiences

@Suite struct CatalogTests {
    private let home: TemporaryDirectory
    private let clock: ManualClock

    init() throws {
        home = try TemporaryDirectory()
        clock = ManualClock(try Instant(rfc3339: "2026-03-01T12:00:00Z"))
    }

    /// A shop with three contacts, two of them VIPs.
    private func withShop(_ body: (Audience) async throws -> Void) async throws {
        let directory = try await DataDirectory.open(path: home.path, configuration: .small, clock: clock)
        var settings = AudienceSettings(name: "Shop", timezone: "Europe/London", currency: "GBP")
        settings.visibilityDelayMicroseconds = 0
        settings.fieldTypes = ["points": .number]
        let audience = try await directory.create(id: "shop", settings: settings)
        let changes = ["ada", "bob", "eve"].map { name in
            ContactChange(
                contact: Identifier(name),
                attributes: [AttributeChange(key: .custom("level"), value: .text("gold"))],
                tags: name == "eve" ? nil : .edit(add: ["vip"], remove: []))
        }
        _ = try await audience.ingest(
            AdmittedBatch(
                changes.enumerated().map { number, change in
                    Event(source: "web", id: Identifier("\(number)"), time: nil, fact: .contactChanged(change))
                }))
        clock.advance(by: 1_000_000)
        try await audience.tick()
        try await body(audience)
        try await directory.close()
    }

    @Test func `a review says what saving takes, and afterwards that it takes nothing`() async throws {
        try await withShop { audience in
            let definition: JSONValue = ["all": [["tag": "vip"], ["not": ["tag": "new"]]]]
            let before = try await audience.review(definition, sample: 0).cost
            #expect(before.conditions.map(\.isKnown) == [false, false])
            #expect(before.newConditions == 2)
            #expect(before.recordsToLookAt == 3)
            _ = try await audience.save(name: "Old VIPs", where: definition)
            let after = try await audience.review(["tag": "VIP"], sample: 0).cost
            #expect(after.conditions.map(\.segments) == [1])
            #expect(after.conditions.map(\.contacts) == [2])
            #expect(after.newConditions == 0)
            #expect(after.recordsToLookAt == 0)
        }
    }

    @Test func `a duplicate is named, but not the segment that is being edited`() async throws {
        try await withShop { audience in
            _ = try await audience.save(name: "VIPs", where: ["tag": "vip"])
            let twin: JSONValue = ["any": [["tag": "VIP"]]]
            let lints = try await audience.review(twin, sample: 0).lints
            #expect(lints.map(\.code) == ["duplicate_segment"])
            #expect(lints.first?.message.contains("VIPs") == true)
            #expect(lints.first?.pointers == ["/where"])
            #expect(try await audience.review(twin, sample: 0, editing: "vips").lints.isEmpty)
            _ = try await audience.save(name: "More VIPs", where: twin)
            let edited = try await audience.review(twin, sample: 0, editing: "VIPs").lints
            #expect(edited.map(\.code) == ["duplicate_segment"])
            #expect(edited.first?.message.contains("More VIPs") == true)
            let missing = await #expect(throws: AudienceError.self) {
                _ = try await audience.review(twin, sample: 0, editing: "Nobody")
            }
            #expect(missing?.code == .unknownSegment)
        }
    }

    private func codes(_ field: String, _ audience: Audience) async throws -> [String] {
        try await audience.review(["field": .string(field), "op": "is_not_blank"], sample: 0).lints.map(\.code)
    }

    @Test func `a field counts as known if it is declared or has a value`() async throws {
        try await withShop { audience in
            let declared = try await codes("fields.points", audience)
            let found = try await codes("fields.level", audience)
            let misspelt = try await codes("fields.levle", audience)
            #expect(declared.isEmpty && found.isEmpty)
            #expect(misspelt == ["unknown_field"])
        }
    }

    @Test func `lints point into the request and call segments by name`() async throws {
        try await withShop { audience in
            _ = try await audience.save(name: "VIPs", where: ["tag": "vip"])
            let lints = try await audience.review(
                ["all": [["tag": "x"], ["segment": "VIPs"], ["not": ["segment": "s1"]]]], sample: 0
            ).lints
            #expect(lints.map(\.code) == ["contradiction"])
            #expect(lints.first?.pointers == ["/where/all/1", "/where/all/2/not"])
            #expect(lints.first?.message.contains("VIPs") == true)
        }
    }

    @Test func `there are never more lints than can be read`() async throws {
        try await withShop { audience in
            let cities = (0..<20).map { number -> JSONValue in
                ["field": "city", "op": "is", "value": .string("c\(number)")]
            }
            // Each of 190 pairs is a contradiction.
            let review = try await audience.review(["all": .array(cities)], sample: 0)
            #expect(review.lints.count == Review.lintsMax)
        }
    }

    @Test func `the catalog counts what is shared`() async throws {
        try await withShop { audience in
            _ = try await audience.save(name: "VIPs", where: ["tag": "vip"])
            _ = try await audience.save(name: "Gold", where: ["all": [["tag": "vip"], ["tag": "gold"]]])
            let catalog = await audience.catalog(limit: 1)
            #expect(catalog.segments == 2)
            #expect(catalog.contacts == 3)
            #expect(catalog.leafReferences == 3)
            #expect(catalog.leaves == 2)
            #expect(catalog.gates == 1)
            #expect(catalog.edges == 2)
            #expect(catalog.mostUsed.map(\.segments) == [2])
            #expect(catalog.mostUsed.map(\.contacts) == [2])
            #expect(catalog.mostUsed.first?.sentence.contains("vip") == true)
        }
    }

    @Test func `a segment's catalog says what it has to itself and who refers to it`() async throws {
        try await withShop { audience in
            _ = try await audience.save(name: "VIPs", where: ["tag": "vip"])
            _ = try await audience.save(name: "Gold", where: ["all": [["tag": "gold"], ["tag": "vip"]]])
            _ = try await audience.save(name: "Rest", where: ["not": ["segment": "Gold"]])
            let gold = try await audience.catalog(of: "gold")
            #expect(gold.leaves.map(\.segments) == [1, 2])
            #expect(gold.ownLeaves.map(\.contacts) == [0])
            #expect(gold.gates == 1)
            #expect(gold.ownGates == 0)
            #expect(gold.referrers == ["Rest"])
            try await audience.delete("Rest")
            #expect(try await audience.catalog(of: "Gold").ownGates == 1)
            #expect(try await audience.catalog(of: "Gold").referrers.isEmpty)
        }
    }
}
