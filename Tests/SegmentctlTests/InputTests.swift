import ControlAPI
import ControlClient
import Testing

@testable import segmentctl

@Suite("What is typed")
struct InputTests {
    private func text(_ json: String) throws -> JSONText {
        try JSONText(Array(json.utf8), name: "--where")
    }

    private func string(_ text: JSONText?) -> String? {
        text.map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    @Test("The elements of a list keep their spelling")
    func elements() throws {
        let list = try text(#" [ {"a": [1.50, 2], "b": "x,]}\"["} , 7,"s", [ ], true] "#)
        let elements = try #require(try list.elements())
        #expect(
            elements.map { string($0) } == [#"{"a": [1.50, 2], "b": "x,]}\"["}"#, "7", #""s""#, "[ ]", "true"])
    }

    @Test("An empty list has no elements, an object is no list")
    func noList() throws {
        #expect(try text("[ ]").elements() == [])
        #expect(try text(#"{"all": [1]}"#).elements() == nil)
    }

    @Test(
        "What is no JSON is refused with the place and the reason",
        arguments: [
            (#"{"tag": }"#, "line 1, column 9, a value is expected"),
            ("{\n  \"é\": tru\n}", "line 2, column 8, a value is expected"),
            (#"{"a": 1"#, "line 1, column 8, “,” or “}” is expected"),
            (#"[1,]"#, "line 1, column 4, a value is expected"),
            (#"{a: 1}"#, "line 1, column 2, a key in quotes is expected"),
            (#"{"a" 1}"#, "line 1, column 6, “:” is expected after the key"),
            (#""open"#, "line 1, column 1, this text has no closing quote"),
            (#""\x""#, "line 1, column 3, this is no escape that JSON knows"),
            (#""\u12g4""#, "line 1, column 6, four hexadecimal digits are expected after \\u"),
            ("\"a\nb\"", "line 1, column 3, a control character in a text must be written as an escape"),
            ("-", "line 1, column 2, a digit is expected"),
            ("01", "line 1, column 2, something follows the value"),
            ("1.", "line 1, column 3, a digit is expected"),
            ("", "line 1, column 1, a value is missing: the text ends"),
            ("{} {}", "line 1, column 4, something follows the value"),
        ])
    func notJSON(json: String, complaint: String) {
        let failure = #expect(throws: Failure.self) { _ = try text(json) }
        #expect(failure?.message == "--where is not JSON: \(complaint).")
        #expect(failure?.exitCode == .refused)
    }

    @Test(
        "What is JSON is taken",
        arguments: ["null", "-0.5e+10", #""\u00e9\\\/""#, "[[],{}]", " {\"a\":[1,2,{\"b\":false}]}\n"])
    func isJSON(json: String) throws {
        #expect(try text(json).bytes == Array(json.utf8))
    }

    @Test("Text that is not UTF-8, and nesting without end, are refused")
    func hostile() {
        #expect(throws: Failure.self) { _ = try JSONText([0x22, 0xFF, 0x22], name: "x") }
        #expect(throws: Failure.self) { _ = try text(String(repeating: "[", count: 100_000)) }
    }

    @Test("A definition is built without touching the condition, absent parts are left out")
    func object() throws {
        let built = try JSONText.object([
            ("name", try JSONText.string("a \"b\"")), ("where", try text(#"{"tag":"x","tag":"y"}"#)),
            ("description", nil),
        ])
        #expect(string(built) == #"{"name":"a \"b\"","where":{"tag":"x","tag":"y"}}"#)
    }

    @Test("A review takes the condition out of a draft")
    func review() throws {
        let request = try SegmentReviewCommand.request(
            for: text(#"{"name": "N", "where": {"tag": "vip", "tag": "a"}, "description": "D"}"#))
        #expect(request.name == "N")
        #expect(string(request.json) == #"{"where":{"tag": "vip", "tag": "a"}}"#)
    }

    @Test("A field declaration has a name and a type", arguments: ["points", "=number", "points=", ""])
    func badField(argument: String) {
        #expect(FieldDeclaration(argument: argument) == nil)
        #expect(FieldDeclaration(argument: "a=b=list")?.name == "a=b")
    }

    @Test("An option's value is found in both spellings, also where it is missing")
    func completionWords() {
        #expect(NameCompletion.value(of: "--socket", in: ["x", "--socket", "/a"]) == "/a")
        #expect(NameCompletion.value(of: "--socket", in: ["--socket=/b", "y"]) == "/b")
        #expect(NameCompletion.value(of: "--socket", in: ["--socket"]) == nil)
    }

    @Test("A shell word is quoted only where it must be")
    func shellWords() {
        #expect(ShellWord.quoted("customer-17") == "customer-17")
        #expect(ShellWord.quoted("it's $5") == "'it'\\''s $5'")
        #expect(ShellWord.quoted("") == "''")
    }
}
