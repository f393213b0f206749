import Admission
import FoundationEssentials
import Glibc
import SegmentModel
import Testing

@testable import Audiences

/// Two years of a real shop: what the engine keeps against the plain evaluator over the raw events.
@Suite(
    "Prebuilt segments and purchase conditions over a real shop",
    .enabled("the data set does not stand beside the package, or this takes too long where nothing is optimized") {
        RealShop.isThere && RealShop.isThorough
    })
struct RealShopTests {
    private static let now = "2011-12-09T13:00:00Z"

    private static let conditions: [JSONValue] = [
        ["activity": "order"],
        ["not": ["activity": "order", "within": ["after": "2011-01-01"]]],
        ["activity": "order", "where": [["field": "product", "op": "is", "value": "85123A"]]],
        ["activity": "order", "where": [["field": "category", "op": "is_blank"]]],
        ["activity": "order", "op": "between", "value": [3, 5]],
        ["activity": "order", "within": ["on": "2010-12-08"]],
        ["activity": "order", "within": ["before": "2009-12-05"]],
        ["activity": "order", "measure": "last", "op": "after", "value": "2011-11-30"],
        ["activity": "order", "measure": "average", "op": "at_least", "value": 1_000],
        ["activity": "order", "measure": "largest", "op": "greater_than", "value": .number("2500.5")],
        ["activity": "order", "measure": "total", "op": "less_than", "value": 50],
        ["activity": "order", "measure": "quantity", "op": "at_least", "value": 5_000],
        ["activity": "order", "measure": "averageQuantity", "op": "greater_than", "value": .number("333.3")],
        ["activity": "order", "where": [["field": "store", "op": "is", "value": "web-uk"]], "value": 20],
    ]

    @Test("Each has the members that the plain evaluator finds; the top tenth is that of a plain sort")
    func members() async throws {
        let shop = try await ProvidedShop(try ProvidedShop.shipped(), at: Self.now, mapSizeBytes: 1 << 30)
        let batch = try RealShop.batch()
        _ = try await shop.audience.ingest(batch)
        try await shop.pass(seconds: 1)
        let frontier = await shop.audience.status().frontier
        let contacts = ReferenceFold.contacts(
            from: try batch.events.enumerated().map { index, event in
                LoggedEvent(
                    sequence: UInt64(index + 1), recordedAt: frontier, visibleAt: frontier, event: try event.event)
            })
        let context = try shop.audience.settings()
            .evaluationContext(zones: ZoneDirectory(path: "/usr/share/zoneinfo"))
        let evaluator = ReferenceEvaluator(context: context)
        func expected(_ definition: JSONValue) throws -> String {
            let condition = try Condition(parsing: definition)
            let members = contacts.values.filter { evaluator.isTrue(condition, of: $0, at: frontier) }
            return members.map(\.id).sorted().map(\.text).joined(separator: " ")
        }
        for template in try ProvidedShop.shipped().templates where template.fit == nil {
            let definition = template.filled([:], isPrebuilt: true).definition
            #expect(try await shop.members(of: template.name) == expected(definition), "\(template.name)")
        }
        for (index, definition) in Self.conditions.enumerated() {
            _ = try await shop.audience.save(name: "condition \(index)", where: definition)
            let members = try await shop.members(of: "condition \(index)")
            #expect(try members == expected(definition), "\(definition.text)")
            #expect(!members.isEmpty, "\(definition.text)")
        }
        #expect(try await shop.members(of: "high-value-customers") == topTenth(of: contacts, context, at: frontier))
        try await shop.close()
    }

    private func topTenth(
        of contacts: [Identifier: Contact], _ context: EvaluationContext, at now: Instant
    ) -> String {
        var totals: [(id: Identifier, total: Number)] = []
        for contact in contacts.values {
            let orders = contact.orders.filter {
                !$0.isTest && context.countedStatuses.contains($0.status) && $0.placedAt <= now
                    && $0.currency == context.currency
            }
            guard !orders.isEmpty else { continue }
            totals.append((contact.id, orders.reduce(.zero) { $0 + Number($1.amount) }))
        }
        let sorted = totals.sorted { $1.total < $0.total }
        guard !sorted.isEmpty else { return "" }
        let least = sorted[(sorted.count + 9) / 10 - 1].total
        return sorted.filter { $0.total >= least }.map(\.id).sorted().map(\.text).joined(separator: " ")
    }
}

/// A published data set as events.
private enum RealShop {
    private static let path = ProvidedShop.root + "/../shared/data/online-retail/events.ndjson.gz"

    static var isThere: Bool { access(path, R_OK) == 0 }

    static var isThorough: Bool {
        #if DEBUG
            ProcessInfo.processInfo.environment["SEGMENTD_TEST_ALL"]?.isEmpty == false
        #else
            true
        #endif
    }

    /// All events, unpacked.
    static func batch() throws -> AdmittedBatch {
        let stream = try #require(popen("gzip -dc '\(path)'", "r"))
        defer { pclose(stream) }
        let admission = NDJSONAdmission()
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while case let count = fread(&buffer, 1, buffer.count, stream), count > 0 {
            admission.feed(Array(buffer[..<count]))
        }
        return admission.finish()
    }
}
