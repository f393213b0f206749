import Admission
import SegmentModel
import TestSupport
import Testing

@testable import Audiences

@Suite("Templates of prebuilt segments")
struct TemplateTests {
    static func json(_ text: String) throws -> JSONValue { try JSONDocument.parse(text) }

    static func template(_ text: String) throws -> SegmentTemplate {
        try SegmentTemplate(json: try json(text), file: "t.json")
    }

    @Test("The shipped ones are the six of the mail tool")
    func shipped() throws {
        let templates = try ProvidedShop.shipped().templates
        #expect(
            templates.map { "\($0.name) \($0.parameters.map { "\($0.name)=\($0.defaultValue)" }.joined())" } == [
                "first-time-customers days=30", "high-value-customers share=0.1", "lapsed-customers months=8",
                "potential-customers ", "recent-customers days=30", "repeat-customers orders=2",
            ])
    }

    @Test("Places are filled in values, inside texts and in the description")
    func places() throws {
        let template = try Self.template(
            """
            {"name": "t-a", "version": 3, "title": "T", "description": "{n} within {days} days, {days}.",
             "parameters": [
               {"name": "n", "type": "integer", "default": 2, "minimum": 1, "maximum": 9, "meaning": "Orders."},
               {"name": "days", "type": "integer", "default": 30, "minimum": 1, "maximum": 90, "meaning": "Days."}],
             "where": {"activity": "order", "within": {"last": "P{days}DT{n}H"}, "value": {"parameter": "n"}}}
            """)
        let filled = template.filled(["days": Number(7)], isPrebuilt: false)
        #expect(filled.description == "2 within 7 days, 7.")
        #expect(filled.definition == ["activity": "order", "within": ["last": "P7DT2H"], "value": 2])
        #expect(filled.origin.version == 3)
    }

    private static let good = """
        {"name": "t-a", "version": 1, "title": "T", "description": "D",
         "parameters": [{"name": "n", "type": "integer", "default": 2, "minimum": 1, "maximum": 9, "meaning": "M"}],
         "where": {"activity": "order", "value": {"parameter": "n"}}}
        """

    @Test(
        "What makes no sense is refused with the file, the place and what is wrong",
        arguments: [
            (#""version": 1"#, #""version": "1""#, "at /version: expected a whole number"),
            (#""title": "T", "#, "", "the key “title” is missing"),
            (#""title""#, #""titel""#, "there is no key “titel” here; did you mean “title”?"),
            (#""name": "t-a""#, #""name": "T A""#, "at /name: a template's name"),
            (#""type": "integer""#, #""type": "whole""#, "at /parameters/0/type: “whole” is no type"),
            (#""default": 2"#, #""default": 10"#, "at /parameters/0/default: 10 is not of type integer from 1 to 9"),
            (#""minimum": 1"#, #""minimum": 1.5"#, "at /parameters/0/minimum"),
            (#""maximum": 9"#, #""maximum": 0"#, "at /parameters/0/minimum: the minimum is above the maximum"),
            (#"{"parameter": "n"}"#, #"{"parameter": "m"}"#, "at /where: there is no parameter “m”"),
            (#"{"parameter": "n"}"#, "3", "at /parameters: the parameter “n” has no place"),
            (
                #"{"activity": "order", "value": {"parameter": "n"}}"#,
                #"{"all": [{"activity": "order", "value": {"parameter": "n"}}, {"tag": {"fit": "x"}}]}"#,
                "at /where: nothing gives the fitted value “x”"
            ),
            (#""order""#, #""oder""#, "at /where/activity: There is no activity"),
            (#""D""#, #""{days}""#, "at /description: there is no parameter “days”"),
            (#""where""#, #""fit": {"model": "best"}, "where""#, "at /fit: what is fitted has no place"),
        ])
    func faults(part: String, other: String, expected: String) throws {
        let text = Self.good.replacing(part, with: other)
        let failure = #expect(throws: AudienceError.self) { try Self.template(text) }
        #expect(failure?.message.hasPrefix("t.json: ") == true)
        #expect(failure?.message.contains(expected) == true, "\(failure?.message ?? "")")
        #expect(failure?.code == .invalidSetting)
    }

    @Test("A directory is read in the order of names; two of one name, or no JSON, are errors")
    func directory() throws {
        let place = try TemporaryDirectory()
        try place.write(Self.good, to: "b.json")
        try place.write("nothing", to: "README")
        #expect(try SegmentTemplate.read(directory: place.path).map(\.name) == ["t-a"])
        try place.write(Self.good, to: "c.json")
        let twice = #expect(throws: AudienceError.self) { try SegmentTemplate.read(directory: place.path) }
        #expect(twice?.message.contains("c.json: there is a template “t-a” already") == true)
        try place.write("{", to: "c.json")
        let broken = #expect(throws: AudienceError.self) { try SegmentTemplate.read(directory: place.path) }
        #expect(broken?.message.contains("c.json: this is not JSON") == true)
        #expect(throws: AudienceError.self) { try SegmentTemplate.read(directory: place.path("nowhere")) }
    }
}
