import TestSupport
import Testing

@testable import SegmentModel

/// What the examples of docs/semantics.md show: everything that a condition can say.
@Suite struct SemanticsCoverageTests {
    private let texts: Texts

    init() throws {
        let page = try SemanticsPage()
        var texts = Texts()
        for condition in page.rows.map(\.condition) + page.examples.flatMap(\.timelines).map(\.condition) {
            texts.collect(condition)
        }
        self.texts = texts
    }

    @Test func `every form, operator, measure, window and activity has an example`() {
        #expect(texts.keys.isSuperset(of: ["all", "any", "not", "field", "tag", "segment", "activity"]))
        #expect(texts.keys.isSuperset(of: ["last", "next", "notLast", "after", "before", "between", "on"]))
        #expect(texts.values["op", default: []] == Set(Operator.allCases.map(\.rawValue)))
        #expect(
            texts.values["measure", default: []].isSuperset(
                of: Measure.allCases.map(\.rawValue).filter { $0 != "count" }))
        let activities = ["order"] + CampaignActivityKind.allCases.map(\.rawValue)
        #expect(texts.values["activity", default: []].isSuperset(of: activities))
        #expect(texts.values["activity", default: []].contains { $0.hasPrefix("activity:") })
    }

    @Test func `every field and every filter has an example`() {
        let fields = texts.values["field", default: []]
        #expect(fields.isSuperset(of: KnownAttribute.allCases.map(\.rawValue)))
        #expect(fields.isSuperset(of: ["emailDomain", "firstSeenAt", "tags"]))
        #expect(fields.contains { $0.hasPrefix("fields.") })
        #expect(fields.isSuperset(of: OrderField.allCases.map(\.rawValue)))
        #expect(fields.isSuperset(of: LineField.allCases.map(\.rawValue)))
        #expect(fields.isSuperset(of: CampaignField.allCases.map(\.rawValue)))
    }

    /// The keys of conditions, and the texts under them.
    private struct Texts {
        var keys: Set<String> = []
        var values: [String: Set<String>] = [:]

        mutating func collect(_ json: JSONValue) {
            for element in json.arrayValue ?? [] { collect(element) }
            for member in json.members ?? [] {
                keys.insert(member.key)
                if let text = member.value.stringValue { values[member.key, default: []].insert(text) }
                collect(member.value)
            }
        }
    }
}
