import Admission
import SegmentModel
import Testing

@Suite("CloudEvents batch admission")
struct CloudEventsBatchAdmissionTests {
    private func admit(_ body: String) throws(JSONDocumentError) -> AdmittedBatch {
        try CloudEventsBatchAdmission().admit(Array(body.utf8))
    }

    @Test("Elements are admitted and rejected one by one, with their index")
    func elements() throws {
        let body =
            "\r\n[ \(orderLine()) ,\n\(orderLine(total: "-1")),3, {\"a\":tru},\(contactLine(#""city":"[\"},{""#))\n]\n"
        let batch = try admit(body)
        #expect(batch.events.map(\.line) == [1, 5])
        #expect(batch.rejections.map(\.line) == [2, 3, 4])
        #expect(batch.rejections.map(\.pointer) == ["/1/data/total", "/2", "/3"])
        #expect(batch.rejections.map(\.code) == ["negative", "wrong_type", "invalid_json"])
        #expect(batch.lineCount == 5)
    }

    @Test("An empty array has no events")
    func empty() throws {
        #expect(try admit(" [ ] ") == AdmittedBatch())
    }

    @Test(
        "A body that does not hold together is refused as a whole",
        arguments: [
            ("", 0), ("{}", 0), ("[", 1), ("[,]", 1), ("[1,]", 3), ("[1 2", 4), ("[{]", 2), ("[\"a]", 4),
            ("[\"a\\\"]", 6),
            ("[1] x", 4), ("[{}}", 3),
        ])
    func broken(body: String, offset: Int) {
        do {
            let batch = try admit(body)
            Issue.record("admitted \(batch)")
        } catch {
            #expect(error.offset == offset)
            #expect(error.line == 1 && error.column == offset + 1)
        }
    }

    @Test("An element beyond the bound of a line is rejected alone")
    func longElement() throws {
        let long = contactLine(#""city":"\#(String(repeating: "x", count: AdmissionLimits.lineBytesMax))""#)
        let batch = try admit("[\(long),\(orderLine())]")
        #expect(batch.rejections.map(\.code) == ["line_too_long"])
        #expect(batch.events.map(\.line) == [2])
    }

    @Test("More events than a batch may have are refused")
    func manyElements() throws {
        let most = String(repeating: "1,", count: AdmissionLimits.batchEventsMax - 1) + "1"
        #expect(throws: JSONDocumentError.self) { try admit("[\(most),1]") }
    }

    @Test("A body beyond its bound is refused")
    func longBody() {
        let body = [UInt8](repeating: UInt8(ascii: " "), count: AdmissionLimits.bodyBytesMax + 1)
        #expect(throws: JSONDocumentError.self) { try CloudEventsBatchAdmission().admit(body) }
    }
}
