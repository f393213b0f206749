import Admission
import SegmentModel
import TestSupport
import Testing

@Suite("NDJSON admission")
struct NDJSONAdmissionTests {
    /// Good, bad, blank and broken lines, with both line ends, a byte order mark, and a last line that is cut off.
    private static let mixed: [UInt8] =
        [0xEF, 0xBB, 0xBF]
        + Array((orderLine() + "\r\n" + orderLine(total: "-1") + "\n\n  \t\r\n").utf8)
        + Array("{\"a\":\"".utf8) + [0xFF] + Array("\"}\n".utf8)
        + Array((contactLine(#""city":"Zürich","fields":{"😀":"\ud83d\ude00"}"#) + "\n" + orderLine().dropLast(5)).utf8)

    @Test("Lines come out with their numbers, blank ones counted and skipped")
    func numbers() {
        let batch = admit(Self.mixed) { Int.max }
        #expect(batch.events.map(\.line) == [1, 6])
        #expect(batch.rejections.map(\.line) == [2, 5, 7])
        #expect(batch.rejections.map(\.code) == ["negative", "invalid_utf8", "incomplete_line"])
        #expect(batch.lineCount == 7)
    }

    @Test("A stream cut in two anywhere gives the same")
    func cutAnywhere() {
        let whole = admit(Self.mixed) { Int.max }
        for cut in 1..<Self.mixed.count {
            var sizes = [cut, Int.max][...]
            #expect(admit(Self.mixed) { sizes.popFirst() ?? 1 } == whole, "cut at \(cut)")
        }
    }

    @Test("A stream in pieces of any size gives the same", arguments: 1...10)
    func randomChunks(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let whole = admit(Self.mixed) { Int.max }
        let most = generator.pick([1, 3, 64, 500])
        let batch = admit(Self.mixed, maxEvents: generator.pick([1, 2, 100])) {
            Int.random(in: 1...most, using: &generator)
        }
        #expect(batch == whole)
    }

    @Test("Bad lines are found among many good ones")
    func manyLines() throws {
        var text = ""
        for number in 1...5_000 {
            let isBad = number % 100 == 7
            text += orderLine(total: isBad ? "-\(number)" : "\(number)") + "\n"
        }
        let batch = admit(Array(text.utf8), firstLine: 1_001, maxEvents: 64) { 4_096 }
        #expect(batch.events.count == 4_950)
        #expect(batch.rejections.map(\.line) == (0..<50).map { $0 * 100 + 7 + 1_000 })
        #expect(batch.rejections.allSatisfy { $0.pointer == "/data/total" && $0.code == "negative" })
        #expect(batch.lineCount == 5_000)
        #expect(try batch.events.allSatisfy { try $0.event.fact.contact == "c1" })
    }

    @Test("A batch ends at its bound")
    func batchBound() throws {
        let admission = NDJSONAdmission()
        admission.feed(Array((orderLine() + "\n\nbad\n" + orderLine() + "\n").utf8))
        let first = try #require(admission.next(maxEvents: 2))
        #expect(first.events.count == 1 && first.rejections.count == 1 && first.lineCount == 3)
        #expect(admission.next(maxEvents: 2)?.events.map(\.line) == [4])
        #expect(admission.next(maxEvents: 2) == nil)
        #expect(admission.finish() == AdmittedBatch())
    }

    @Test("A last line without a line end is a line")
    func unterminated() {
        let batch = admit(orderLine() + "\n" + orderLine())
        #expect(batch.events.count == 2)
        #expect(batch.lineCount == 2)
    }

    @Test("A last line is incomplete when it was cut anywhere before its end")
    func cutOff() {
        let text = Array(contactLine(#""city":"Zürich","vip":true,"rating":1.5e+1,"zip":"\u00e9""#).utf8)
        for length in 1..<text.count {
            let batch = admit(Array(text.prefix(length))) { Int.max }
            #expect(batch.rejections.map(\.code) == ["incomplete_line"], "\(length)")
        }
    }

    @Test("A complete last line that is wrong is not called incomplete, nor is a cut line with a line end")
    func notCutOff() {
        #expect(admit(#"{"a":tru}"#).rejections.map(\.code) == ["invalid_json"])
        #expect(admit("{\"a\":\n").rejections.map(\.code) == ["invalid_json"])
        #expect(admit("{}").rejections.map(\.code) == ["missing_key"])
    }

    @Test("An endless line is rejected once and skipped to its end", arguments: [1_000, 65_536, 5_000_000])
    func endlessLine(chunkSize: Int) {
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: AdmissionLimits.lineBytesMax * 2)
        let good = Array((orderLine() + "\n").utf8)
        let batch = admit(good + long + [0x0A] + good + long) { chunkSize }
        #expect(batch.events.map(\.line) == [1, 3])
        #expect(batch.rejections.map(\.line) == [2, 4])
        #expect(batch.rejections.map(\.code) == ["line_too_long", "line_too_long"])
        #expect(batch.lineCount == 4)
    }

    @Test("A blank line beyond the bound is too long, however it is cut", arguments: [4_096, Int.max])
    func longBlankLine(chunkSize: Int) {
        let blank = [UInt8](repeating: UInt8(ascii: " "), count: AdmissionLimits.lineBytesMax + 10)
        let batch = admit(blank + [0x0A]) { chunkSize }
        #expect(batch.rejections.map(\.code) == ["line_too_long"])
    }

    @Test("A line at its bound is taken with CRLF and byte order mark", arguments: [0, 1])
    func boundWithDecoration(excess: Int) {
        let short = eventLine("contact.erased", #"{"contact":"c"}"#)
        let spaces = AdmissionLimits.lineBytesMax - short.utf8.count + excess
        let stream = [0xEF, 0xBB, 0xBF] + Array((short + String(repeating: " ", count: spaces) + "\r\n").utf8)
        for chunkSize in [100_000, Int.max] {
            let batch = admit(stream) { chunkSize }
            #expect(batch.events.count == 1 - excess)
            #expect(batch.rejections.map(\.code) == (excess == 0 ? [] : ["line_too_long"]))
        }
    }

    @Test("A byte order mark is skipped at the start only")
    func byteOrderMark() {
        let mark = "\u{FEFF}"
        let batch = admit(mark + orderLine() + "\n" + mark + orderLine() + "\n")
        #expect(batch.events.map(\.line) == [1])
        #expect(batch.rejections.map(\.code) == ["invalid_json"])
    }

    @Test("An empty stream has no lines")
    func empty() {
        #expect(admit("") == AdmittedBatch())
        #expect(admit("\n\n").lineCount == 2)
    }
}
