import SegmentModel
import TestSupport
import Testing

@testable import Audiences

/// Definitions keep their meaning, whatever is done beside them.
@Suite("Definitions keep their meaning")
struct MeaningTests {
    private static func contact(_ number: Int, _ id: String, _ data: String) -> String {
        #"{"specversion":"1.0","type":"contact.changed","source":"s","id":"\#(number)","#
            + #""data":{"contact":"\#(id)",\#(data)}}"# + "\n"
    }

    @Test("The type that a field's first value had gives a definition no meaning that a restart takes away")
    func restart() async throws {
        let shop = try await ProvidedShop(AudienceProvisions())
        try await shop.ingest(
            Self.contact(1, "ada", #""fields":{"points":120}"#) + Self.contact(2, "ben", #""fields":{"sizes":["M"]}"#))
        var settings = shop.audience.settings()
        settings.fieldTypes = ["points": .text]
        try await shop.audience.change(settings)
        try await shop.ingest(Self.contact(3, "cleo", #""fields":{"points":"gold"}"#))
        settings.fieldTypes = [:]
        try await shop.audience.change(settings)
        let definitions: [(String, JSONValue)] = [
            ("blank", ["field": "fields.points", "op": "is_blank"]),
            ("medium", ["field": "fields.sizes", "op": "contains", "value": "m"]),
        ]
        var before: [String] = []
        for (name, definition) in definitions {
            let review = try await shop.audience.review(definition, sample: 9)
            try await before.append(shop.audience.save(name: name, where: definition).count.description)
            #expect(before.last == review.count.description)
        }
        try await shop.restart(AudienceProvisions())
        for ((name, definition), count) in zip(definitions, before) {
            #expect(try await shop.audience.segment(name).count.description == count)
            let lints = try await shop.audience.review(definition, sample: 9).lints
            #expect(lints.map(\.code) == ["duplicate_segment"])
        }
        try await shop.close()
    }

    @Test("Segments that share others over many levels are saved without looking at every way through them")
    func manyWays() async throws {
        let shop = try await ProvidedShop(AudienceProvisions())
        var below: [JSONValue] = [["tag": "a"], ["tag": "b"]]
        for level in 1...30 {
            for side in ["left", "right"] {
                let own: JSONValue = ["tag": .string("\(side) \(level)")]
                _ = try await shop.audience.save(name: "\(side)\(level)", where: ["any": .array(below + [own])])
            }
            below = [["segment": .string("left\(level)")], ["segment": .string("right\(level)")]]
        }
        let error = await shop.failure { try await shop.audience.edit("left1", where: ["segment": "right30"]) }
        #expect(error?.code == .segmentCycle)
        try await shop.close()
    }

    @Test("A prebuilt segment takes no mark for automations, also beside a parameter")
    func prebuiltMark() async throws {
        let shop = try await ProvidedShop(try ProvidedShop.shipped())
        let error = await shop.failure {
            _ = try await shop.audience.edit(
                "recent-customers", SegmentChange(parameters: ["days": 45], automation: true))
        }
        #expect(error?.code == .prebuiltSegment)
        try await shop.close()
    }

    @Test("Revisions with other fitted values are compared by the values of each")
    func fittedRevisions() async throws {
        let shop = try await ProvidedShop(try ProvidedShop.shipped())
        let orders = (1...10).map { number in
            #"{"specversion":"1.0","type":"order.placed","source":"s","id":"\#(number)","time":"2026-02-01T10:00:00Z","#
                + #""data":{"store":"web","order":"\#(number)","contact":"c\#(number)","currency":"GBP","#
                + #""total":\#(number)}}"# + "\n"
        }
        try await shop.ingest(orders.joined())
        let edit = try await shop.audience.edit("high-value-customers", parameters: ["share": 0.5])
        #expect((edit.entered, edit.left, edit.stayed) == (4, 0, 1))
        let compared = try await shop.audience.comparison(of: "high-value-customers", revision: 1)
        #expect(compared.members?.entering.count == 4)
        let change = SegmentChange(restoring: 1)
        let announced = try await shop.audience.difference(of: "high-value-customers", change)
        #expect((announced.members.entering.count, announced.members.leaving.count) == (0, 4))
        let restored = try await shop.audience.edit("high-value-customers", change)
        #expect((restored.entered, restored.left, restored.stayed) == (0, 4, 1))
        #expect(restored.segment.isPrebuilt && restored.segment.fit?.values == ["threshold": Number(10)])
        try await shop.close()
    }
}
