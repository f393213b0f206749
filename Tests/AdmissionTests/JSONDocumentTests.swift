import Admission
import Glibc
import SegmentModel
import TestSupport
import Testing

@Suite("JSON documents")
struct JSONDocumentTests {
    @Test("Values of every kind are read, numbers as they are written")
    func values() throws {
        let text = #" {"b":[1.50,-0,1E+2,[],{}],"a":{"x":true,"y":false,"z":null},"s":"\"\\\/\b\f\n\r\t\u00Fc😀"} "#
        let expected = JSONValue.object([
            .init("b", .array([.number("1.50"), .number("-0"), .number("1E+2"), .array([]), .object([])])),
            .init("a", .object([.init("x", .bool(true)), .init("y", .bool(false)), .init("z", .null)])),
            .init("s", .string("\"\\/\u{8}\u{C}\n\r\tü😀")),
        ])
        #expect(try JSONDocument.parse(text) == expected)
    }

    @Test("A lone value is a document", arguments: ["0", " true ", "null", #""x""#, "[]", "-12.5e-3", "\t\r\n{}"])
    func lone(text: String) {
        #expect(throws: Never.self) { try JSONDocument.parse(text) }
    }

    @Test(
        "What is not JSON is refused at its place",
        arguments: [
            ("", 0), ("  ", 2), ("[", 1), ("]", 0), ("[1", 2), ("[1,", 3), ("[1,]", 3), ("[,1]", 1), ("[1 2]", 3),
            ("{", 1), ("{\"a\"", 4), ("{\"a\":", 5), ("{\"a\":1", 6), ("{\"a\":1,", 7), ("{\"a\":1,}", 7), ("{a:1}", 1),
            ("{\"a\" 1}", 5), ("{\"a\":1 \"b\":2}", 7), ("{1:2}", 1), ("[}", 1), ("{]", 1), ("[1}", 2),
            ("{\"a\":1]", 6),
            ("01", 0), ("-", 1), ("-a", 1), ("1.", 2), ("1.e1", 2), ("1e", 2), ("1e+", 3), (".5", 0), ("+1", 0),
            ("1a", 1), ("1\"a\"", 1), ("0x1", 1), ("NaN", 0), ("tru", 3), ("trux", 0), ("truex", 0), ("nul", 3),
            ("True", 0),
            ("\"a", 2), ("\"\\", 2), ("\"\\\"", 3), ("\"\\a\"", 1), ("\"x\\u12\"", 2), ("\"\\ud800x\"", 1),
            ("\"\\udc00\"", 1), ("\"\\ud800\\ud800\"", 1), ("\"a\"b", 3), ("\"a\"\"b\"", 3), ("1 1", 2), ("{} {}", 3),
            ("\"a\nb\"", 2), ("'a'", 0), ("[1]//", 3), ("\u{FEFF}1", 0), ("[\"a\"\u{1}]", 4), ("\u{C}1", 0),
            ("[1\u{C}]", 2),
        ])
    func malformed(text: String, offset: Int) {
        do {
            let value = try JSONDocument.parse(text)
            Issue.record("parsed as \(value)")
        } catch {
            #expect(error.offset == offset, "\(error.message)")
        }
    }

    @Test("An error names line and column, counted in characters")
    func place() {
        do {
            _ = try JSONDocument.parse("{\n  \"é\": 1,\n  \"üb\": x\n}")
            Issue.record("parsed")
        } catch {
            #expect(error.line == 3)
            #expect(error.column == 9)
            #expect(error.description.hasPrefix("line 3, column 9: "))
        }
    }

    @Test("A key twice in one object is refused at its second place, at any depth")
    func repeatedKeys() {
        do {
            _ = try JSONDocument.parse(#"{"a":{"k":1,"l":2,"\u006b":3},"k":1}"#)
            Issue.record("parsed")
        } catch {
            #expect(error.offset == 18)
            #expect(error.message.contains("\"k\""))
        }
    }

    @Test("Containers nest to the bound and no deeper")
    func depth() {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(throws: Never.self) { try JSONDocument.parse(nested(AdmissionLimits.depthMax)) }
        #expect(throws: JSONDocumentError.self) { try JSONDocument.parse(nested(AdmissionLimits.depthMax + 1)) }
        #expect(throws: JSONDocumentError.self) { try JSONDocument.parse(String(repeating: "[", count: 100_000)) }
    }

    @Test("A parser reads nothing beyond the document, and refuses every beginning of one")
    func noOverrun() throws {
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let memory = try #require(mmap(nil, page * 2, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))
        defer { munmap(memory, page * 2) }
        // Touching the second page ends the process.
        #expect(mprotect(memory + page, page, PROT_NONE) == 0)
        let text = Array(
            #"{"key":"value \u00e9 and some more text to fill a block","n":[12.5,true,null,false,"é"]}"#.utf8)
        for length in 1...text.count {
            let start = memory + (page - length)
            start.copyMemory(from: text, byteCount: length)
            let outcome = Result { try JSONDocument.parse(UnsafeRawBufferPointer(start: start, count: length)) }
            #expect((try? outcome.get()) == nil || length == text.count)
        }
    }

    @Test("Every spelling of a value reads as the value", arguments: 1...3)
    func spellings(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let value = randomValue(depth: 0, &generator)
            let bytes = ScrambledJSON.bytes(value, using: &generator)
            #expect(try JSONDocument.parse(bytes).sorted == value.sorted)
        }
    }

    private func randomValue(depth: Int, _ generator: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: 0..<(depth < 4 ? 7 : 5), using: &generator) {
        case 0: .null
        case 1: .bool(generator.chance(0.5))
        case 2: .number(generator.pick(["0", "-1.5", "12e3", "0.10"]))
        case 3: .string("")
        case 4:
            .string(
                generator.pick([
                    "text", "\"\\/\n\u{0}", "日本語 é 😀",
                    "a string of more than sixty-four bytes, so that it spans blocks",
                ]))
        case 5: .array((0..<4).map { _ in randomValue(depth: depth + 1, &generator) })
        default: .object((0..<4).map { .init("k\($0)\"é", randomValue(depth: depth + 1, &generator)) })
        }
    }
}

extension JSONValue {
    /// The value with the members of its objects in the order of their keys.
    fileprivate var sorted: JSONValue {
        switch self {
        case .array(let elements): .array(elements.map(\.sorted))
        case .object(let members):
            .object(members.map { Member($0.key, $0.value.sorted) }.sorted { $0.key < $1.key })
        default: self
        }
    }
}
