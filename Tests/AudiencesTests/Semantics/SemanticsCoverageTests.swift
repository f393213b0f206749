import TestSupport
import Testing

@testable import SegmentModel

/// What the examples of docs/semantics.md show: everything that a condition can say.
@Suite struct SemanticsCoverageTests {
    private let page: SemanticsPage
    private let texts: Texts

    init() throws {
        page = try SemanticsPage()
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

    @Test func `the operators of each type are those of the model`() {
        let rows: [(name: String, types: [ValueType])] = [
            ("text", [.text]), ("number, amount", [.number]), ("boolean", [.boolean]),
            ("date, instant", [.day, .instant]), ("birthday", [.birthday]), ("list of text, tags", [.list]),
        ]
        for row in rows {
            for type in row.types {
                let operators = type.operators.map { "`\($0.rawValue)`" }.joined(separator: " ")
                #expect(page.text.contains("\n| \(row.name) | \(operators) |\n"), "\(type)")
            }
        }
        #expect(Set(rows.flatMap(\.types)) == Set(ValueType.allCases))
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
