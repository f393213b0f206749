import ArgumentParser
import ControlAPI
import Testing

@testable import SegmentModel
@testable import segmentctl

@Suite("The catalogue of conditions")
struct ConditionsTextTests {
    private let words = Set(
        ConditionsText.text.split { !$0.isLetter && !$0.isNumber && $0 != "_" && $0 != "." }.map(String.init))

    @Test("Every operator, measure, window, activity, field and filter of the model is in it")
    func completeness() {
        let names =
            Operator.allCases.map(\.rawValue) + Measure.allCases.map(\.rawValue) + WindowKey.allCases.map(\.rawValue)
            + CampaignActivityKind.allCases.map(\.rawValue) + ContactField.known.map(\.field.path)
            + OrderField.allCases.map(\.rawValue) + LineField.allCases.map(\.rawValue)
            + CampaignField.allCases.map(\.rawValue) + FieldType.allCases.map(\.rawValue)
        #expect(names.filter { !words.contains($0) } == [])
        #expect(words.contains("fields.NAME"))
    }

    @Test("Every example in it is a condition", arguments: ConditionsText.shown.map(\.json))
    func examples(json: String) throws {
        let value = try WireCoding.decode(JSONTree.self, from: Array(json.utf8)).value
        let condition = try Condition(parsing: value)
        #expect(condition.sentence().isEmpty == false)
        for line in json.split(separator: "\n") { #expect(ConditionsText.text.contains(line)) }
    }

    @Test("It fits a terminal of 80 columns, with nothing at the end of a line")
    func width() {
        let lines = ConditionsText.text.split(separator: "\n").map(String.init)
        #expect(lines.filter { $0.count > 79 || $0.hasSuffix(" ") } == [])
    }

    @Test("segmentctl help conditions shows it as it is")
    func help() throws {
        let help = Segmentctl.helpMessage(for: ConditionsCommand.self, columns: 80)
        #expect(help.contains(ConditionsText.text.dropLast()))
        #expect(try Segmentctl.parseAsRoot(["conditions"]) is ConditionsCommand)
    }
}
