import Admission
import SegmentModel
import Testing

@Suite("Admitted values")
struct AdmittedValueTests {
    @Test(
        "Amounts are exact, as numbers and as numeric texts",
        arguments: [
            ("505.3", 5_053_000), ("1e2", 1_000_000), ("\"12.50\"", 125_000), ("0", 0), ("0.0001", 1),
            ("12.500000", 125_000), ("\"1E-4\"", 1), ("-0", 0), ("0.1", 1_000),
            ("99999999999.9999", 999_999_999_999_999),
        ] as [(String, Int64)])
    func amounts(text: String, tenThousandths: Int64) throws {
        guard case .orderPlaced(let state) = try decode(orderLine(total: text)).get().fact else {
            Issue.record("not an order")
            return
        }
        #expect(state.total == Amount(tenThousandths: tenThousandths))
    }

    @Test("The offset of a time counts")
    func offsets() throws {
        func time(_ text: String) throws -> Instant? {
            try decode(eventLine("contact.erased", #"{"contact":"c"}"#, rest: #","time":"\#(text)""#)).get().time
        }
        #expect(try time("2026-03-01T14:05:00+02:00") == time("2026-03-01T12:05:00Z"))
        #expect(try time("2026-03-01T14:05:00-05:30") == time("2026-03-01T19:35:00.000000Z"))
        #expect(try time("1970-01-01T01:00:00.000001+01:00") == Instant(microseconds: 1))
    }

    @Test("A time that is absent or null is none")
    func noTime() throws {
        #expect(try decode(eventLine("contact.erased", #"{"contact":"c"}"#)).get().time == nil)
        #expect(try decode(eventLine("contact.erased", #"{"contact":"c"}"#, rest: #","time":null"#)).get().time == nil)
        let noBinary = try decode(eventLine("contact.erased", #"{"contact":"c"}"#, rest: #","data_base64":null"#)).get()
        #expect(noBinary.extensions.isEmpty)
    }

    @Test("What an order leaves out, or gives as null, has its default")
    func orderDefaults() throws {
        let plain = try decode(orderLine()).get()
        let nulls = #","status":null,"placedAt":null,"test":null,"lines":null"#
        #expect(try decode(orderLine(nulls)).get() == plain)
        guard case .orderPlaced(let state) = plain.fact else {
            Issue.record("not an order")
            return
        }
        #expect(state.status == .placed && state.placedAt == nil && !state.isTest && state.lines.isEmpty)
    }

    @Test("A currency is stored upper-case")
    func currency() throws {
        let data = #"{"order":"o","contact":"c","store":"s","currency":"gBp","total":1}"#
        guard case .orderChanged(let state) = try decode(eventLine("order.changed", data)).get().fact else {
            Issue.record("not an order")
            return
        }
        #expect(state.currency == "GBP")
    }

    @Test("Null clears an attribute, an absent key leaves it alone")
    func clearing() throws {
        let text = contactLine(#""fields":{"plan":null,"age":41.5,"list":[]},"zip":null,"vip":true,"email":"a@b@c""#)
        guard case .contactChanged(let change) = try decode(text).get().fact else {
            Issue.record("not a contact change")
            return
        }
        #expect(
            change.attributes == [
                AttributeChange(key: .known(.email), value: .text("a@b@c")),
                AttributeChange(key: .known(.vip), value: .boolean(true)),
                AttributeChange(key: .known(.zip), value: nil),
                AttributeChange(key: .custom("age"), value: .number(Number(billionths: 41_500_000_000))),
                AttributeChange(key: .custom("list"), value: .list([])),
                AttributeChange(key: .custom("plan"), value: nil),
            ])
        #expect(change.tags == nil)
    }

    @Test("Tags are trimmed, each taken once, in the order of their bytes")
    func tags() throws {
        let text = contactLine(#""tags":{"add":[" vip\u00a0","b c","vip","VIP"],"remove":[]}"#)
        guard case .contactChanged(let change) = try decode(text).get().fact else {
            Issue.record("not a contact change")
            return
        }
        #expect(change.tags == .edit(add: ["VIP", "b c", "vip"], remove: []))
    }

    @Test("Unknown attributes of the envelope are kept, sorted by name, their objects too")
    func extensions() throws {
        let rest = #","subject":"x","dataschema":null,"a":{"z":1.0,"y":[{"d":1,"c":2}]}"#
        let event = try decode(eventLine("contact.erased", #"{"contact":"c"}"#, rest: rest)).get()
        let inner = JSONValue.array([.object([.init("c", .number("2")), .init("d", .number("1"))])])
        #expect(
            event.extensions == [
                ExtensionAttribute(name: "a", value: .object([.init("y", inner), .init("z", .number("1.0"))])),
                ExtensionAttribute(name: "subject", value: .string("x")),
            ])
    }

    @Test("The data may stand before its type, keys may be written with escapes")
    func anyOrder() throws {
        let text =
            #"{"d\u0061ta":{"contact":"\u00e9\ud83d\ude00\/"},"type":"contact.erased","id":"1","source":"s","specversion":"1.0"}"#
        #expect(try decode(text).get().fact == .contactErased(contact: "é😀/"))
    }

    @Test("Identifiers that differ only in normal form are two")
    func normalForms() throws {
        let composed = try decode(eventLine("contact.erased", #"{"contact":"\u00e9"}"#)).get()
        let decomposed = try decode(eventLine("contact.erased", #"{"contact":"e\u0301"}"#)).get()
        #expect(composed != decomposed)
        #expect(composed.encoded != decomposed.encoded)
    }

    @Test("An identifier of 200 bytes is taken")
    func identifierBound() throws {
        let id = String(repeating: "é", count: 100)
        #expect(try decode(eventLine("contact.erased", #"{"contact":"c"}"#, id: id)).get().id == Identifier(id))
    }

    @Test("A refund may name a store without an order")
    func refund() throws {
        let data = #"{"refund":"r","contact":"c","currency":"EUR","amount":"0.5","store":"s"}"#
        let refund = Refund(
            refund: "r", contact: "c", currency: "EUR", amount: Amount(tenThousandths: 5_000), store: "s")
        #expect(try decode(eventLine("order.refunded", data)).get().fact == .orderRefunded(refund))
    }
}
