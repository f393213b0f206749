import Admission
import Imports
import SegmentModel
import TestSupport
import Testing

@Suite("Reading JSON of shops")
struct JSONReaderTests {
    private func read(_ text: String) throws -> JSONValue {
        try JSONReader.read(text.utf8)
    }

    @Test("Numbers keep their spelling, keys their order, escapes become what they stand for")
    func values() throws {
        let text =
            #" {"b": [1.50, -0, 1e3, 12345678901234567890.1], "a": {"é": "\u00e9\n\"\\\/\ud83d\ude00"}, "t": true, "n": null} "#
        let value = try read(text)
        #expect(value.members?.map(\.key) == ["b", "a", "t", "n"])
        #expect(value["b"]?.arrayValue?.map(\.numberText) == ["1.50", "-0", "1e3", "12345678901234567890.1"])
        #expect(value["a"]?["é"] == "é\n\"\\/😀")
        #expect(try read("[]") == [])
        #expect(try read("{}") == JSONValue.object([]))
    }

    @Test(
        "What is no JSON is refused",
        arguments: [
            "", "{", "[1,]", "{\"a\":1,}", "{\"a\" 1}", "{a:1}", "01", "1.", "+1", "tru", "\"\u{1}\"", "\"\\x\"",
            "\"\\ud800\"",
            "\"\\ud800\\u0041\"", "\"\\udc00\"", "[1] 2", "nul", "{\"a\":1,\"a\":2}", "\"open",
        ])
    func refused(text: String) {
        #expect(throws: JSONReader.Failure.self) { try JSONReader.read(text.utf8) }
    }

    @Test("Depth is bounded, and bytes that are no UTF-8 are refused")
    func bounds() throws {
        _ = try read(String(repeating: "[", count: 64) + String(repeating: "]", count: 64))
        let deep = String(repeating: "[", count: 65) + String(repeating: "]", count: 65)
        #expect(throws: JSONReader.Failure.self) { try JSONReader.read(deep.utf8) }
        #expect(throws: JSONReader.Failure.self) { try JSONReader.read([0x22, 0xFF, 0x22]) }
    }

    @Test("It takes and refuses what the reader of events does, and reads the same", arguments: 0..<300)
    func agreement(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let parts = [
            "{", "}", "[", "]", ",", ":", "\"a\"", "\"b\"", "\"\\u00e9\"", "\"\\n\"", "1", "-2.5", "1e2", "true",
            "null", " ",
        ]
        var text = ["{\"a\":", "[", "{\"b\":[{\"a\":1},", ""].randomElement(using: &random) ?? ""
        for _ in 0..<Int.random(in: 1...8, using: &random) { text += random.pick(parts) }
        text += ["}", "]", "]}", ""].randomElement(using: &random) ?? ""
        let other = try? JSONDocument.parse(Array(text.utf8))
        #expect((try? read(text)) == other, "\(text)")
    }
}
