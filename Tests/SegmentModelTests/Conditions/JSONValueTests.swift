import FoundationEssentials
import SegmentModel
import Testing

@Suite("JSON values")
struct JSONValueTests {
    let document: JSONValue = [
        "name": "A \"b\" \\ \n\u{1}é😀", "list": [1, 2.5, true, nil], "empty": [], "none": [:],
        "exact": .number("123456789012345678.123456789"),
    ]

    @Test("Text is compact, in the order given, and escapes what JSON demands")
    func text() {
        #expect(
            document.text
                == #"{"name":"A \"b\" \\ \n\u0001é😀","list":[1,2.5,true,null],"empty":[],"none":{},"#
                + #""exact":123456789012345678.123456789}"#)
        #expect(JSONValue.string("\u{8}\u{C}\r\t\u{1F}\u{7F}/").text == "\"\\b\\f\\r\\t\\u001f\u{7F}/\"")
    }

    @Test("Pretty text breaks lines and indents by two spaces")
    func prettyText() {
        let value: JSONValue = ["a": [1, ["b": nil]], "c": []]
        #expect(
            value.prettyText == """
                {
                  "a": [
                    1,
                    {
                      "b": null
                    }
                  ],
                  "c": []
                }
                """)
    }

    @Test("Members and elements are found, absent ones are nil")
    func access() {
        #expect(document["list"]?[1]?.numberText == "2.5")
        #expect(document["list"]?[0]?.intValue == 1)
        #expect(document["list"]?[2]?.boolValue == true)
        #expect(document["list"]?[3]?.isNull == true)
        #expect(document["list"]?[4] == nil)
        #expect(document["name"]?.stringValue?.hasPrefix("A") == true)
        #expect(document["nothing"] == nil)
        #expect(JSONValue.string("x")["a"] == nil)
        #expect(document["empty"]?.arrayValue == [])
        #expect(document["none"]?.members == [])
    }

    @Test("Foundation's coders keep every value exactly, keys come back sorted")
    func coding() throws {
        let bytes = try JSONEncoder().encode(document)
        let decoded = try JSONDecoder().decode(JSONValue.self, from: bytes)
        #expect(decoded.members?.map(\.key) == ["empty", "exact", "list", "name", "none"])
        for member in document.members ?? [] { #expect(decoded[member.key] == member.value, "\(member.key)") }
        let spelling = try JSONDecoder().decode(JSONValue.self, from: Data("[1e2, 0.10, -0.5, 1E-3]".utf8))
        #expect(spelling.text == "[100,0.1,-0.5,0.001]")
    }

    @Test("A number of more digits than can be kept is refused when encoded")
    func tooManyDigits() {
        let number = JSONValue.array([.number(String(repeating: "1", count: 39))])
        #expect(throws: EncodingError.self) { try JSONEncoder().encode(number) }
    }

    @Test("A condition read from coded JSON is the same condition")
    func conditionThroughCoders() throws {
        let condition = try Condition(
            parsing: ["activity": "order", "measure": "total", "value": .number("999999999.000000001")])
        let bytes = try JSONEncoder().encode(condition.json)
        #expect(try Condition(parsing: JSONDecoder().decode(JSONValue.self, from: bytes)) == condition)
    }
}
