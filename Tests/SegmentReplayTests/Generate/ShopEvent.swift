import FoundationEssentials
import SegmentModel

@testable import segment_replay

/// A generated line, read by a parser that the generator has nothing to do with.
struct ShopEvent: Decodable, Sendable {
    var specversion: String
    var type: String
    var source: String
    var id: String
    var time: String
    var recordedtime: String?
    var data: Payload

    /// The members of `data` that the tests look at.
    struct Payload: Decodable {
        var contact: String?
        var email: String?
        var status: String?
        var vip: Bool?
        var birthday: String?
        var signedUpAt: String?
        var latitude: Decimal?
        var tags: Tags?
        var store: String?
        var order: String?
        var currency: String?
        var total: Decimal?
        var amount: Decimal?
        var refund: String?
        var placedAt: String?
        var test: Bool?
        var lines: [Line]?
        var stores: [Store]?
        var platform: String?
        var campaign: String?
        var url: String?
        var name: String?
    }

    struct Tags: Decodable {
        var add: [String]?
        var remove: [String]?
        var set: [String]?
    }

    struct Line: Decodable {
        var product: String
        var title: String
        var vendor: String
        var category: String
        var quantity: Decimal
        var price: Decimal
    }

    struct Store: Decodable {
        var store: String
        var currency: String
        var timezone: String
    }

    /// When it reached the log: RFC 3339 in UTC to the second, so that texts sort as times do.
    var arrival: String { recordedtime ?? time }
    /// What makes it one event.
    var key: String { source + "\n" + id }
}

extension ShopPlan {
    /// A small shop: enough of everything, generated in a moment.
    static func sample(contacts: Int = 300, seed: UInt64 = 1) throws -> ShopPlan {
        ShopPlan(
            contacts: contacts, seed: seed, from: try LocalDate(iso: "2024-07-01"), to: try LocalDate(iso: "2026-06-30")
        )
    }

    /// All that the generator writes for the plan.
    func generated() throws -> [UInt8] {
        var generator = try ShopGenerator(plan: self)
        var bytes: [UInt8] = []
        generator.run { bytes += $0 }
        return bytes
    }

    /// The lines of `generated`, each read.
    func events() throws -> [(line: ArraySlice<UInt8>, event: ShopEvent)] {
        let decoder = JSONDecoder()
        return try generated().split(separator: UInt8(ascii: "\n")).map { line in
            (line, try decoder.decode(ShopEvent.self, from: Data(line)))
        }
    }
}
