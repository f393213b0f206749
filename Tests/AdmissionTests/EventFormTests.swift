import Admission
import SegmentModel
import TestSupport
import Testing

@Suite("The binary form of events")
struct EventFormTests {
    @Test("An event comes back from its form as it went in", arguments: 1...4)
    func roundTrip(seed: UInt64) throws {
        var events = RandomEvents(seed: seed)
        for _ in 0..<250 {
            let event = events.event()
            #expect(try Event(decoding: event.encoded) == event)
        }
    }

    @Test("Equal content has equal bytes, whatever the spelling of the JSON", arguments: 1...4)
    func spellings(seed: UInt64) throws {
        var events = RandomEvents(seed: seed)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<100 {
            let event = events.event()
            for _ in 0..<3 {
                let json = ScrambledJSON.bytes(event.json, using: &generator)
                let read = try decode(json).get()
                #expect(read == event)
                #expect(read.encoded == event.encoded)
            }
        }
    }

    @Test("Attributes and properties in another order have the same form")
    func order() {
        let attributes = [
            AttributeChange(key: .custom("b"), value: .text("1")), AttributeChange(key: .known(.zip), value: nil),
            AttributeChange(key: .custom("a"), value: .boolean(true)), AttributeChange(key: .known(.email), value: nil),
        ]
        func form(_ attributes: [AttributeChange]) -> [UInt8] {
            Event(
                source: "s", id: "1", time: nil, fact: .contactChanged(.init(contact: "c", attributes: attributes))
            ).encoded
        }
        #expect(form(attributes) == form(attributes.reversed()))
    }

    @Test("The bytes of an order are those of the format's description")
    func goldenOrder() {
        let line = OrderLine(
            product: "p", title: "T", quantity: Amount(tenThousandths: 20_000), price: Amount(tenThousandths: 5))
        let state = OrderState(
            key: OrderKey(store: "s", order: "o"), contact: "c", currency: "GBP", total: Amount(tenThousandths: -1),
            status: .paid, placedAt: Instant(microseconds: 1), isTest: true, lines: [line])
        let event = Event(
            source: "web", id: "é", time: Instant(microseconds: -64),
            extensions: [ExtensionAttribute(name: "x", value: .array([.null, .number("1e2")]))],
            fact: .orderPlaced(state))
        let envelope: [UInt8] = [1, 3, 3, 3, 0x77, 0x65, 0x62, 2, 0xC3, 0xA9, 0x7F]
        let extensions: [UInt8] = [1, 1, 0x78, 5, 2, 0, 2, 3, 0x31, 0x65, 0x32]
        let order: [UInt8] = [3, 3, 1, 0x73, 1, 0x6F, 1, 0x63, 3, 0x47, 0x42, 0x50, 1, 2]
        let lines: [UInt8] = [1, 2, 1, 0x70, 1, 0x54, 0xC0, 0xB8, 0x02, 10]
        #expect(event.encoded == envelope + extensions + order + lines)
    }

    @Test("The example of the format's description is true")
    func documented() {
        let cancelled = Fact.orderCancelled(OrderKey(store: "s", order: "o"))
        let event = Event(source: "web", id: "7", time: Instant(microseconds: 1), fact: cancelled)
        #expect(event.encoded == [1, 1, 5, 3, 0x77, 0x65, 0x62, 1, 0x37, 2, 1, 0x73, 1, 0x6F])
    }

    @Test("The bytes of a contact change are those of the format's description")
    func goldenContact() {
        let change = ContactChange(
            contact: "c",
            attributes: [
                AttributeChange(key: .known(.rating), value: .number(Number(billionths: -2))),
                AttributeChange(key: .known(.vip), value: .boolean(true)),
                AttributeChange(key: .known(.birthday), value: .birthday(month: 12, day: 31)),
                AttributeChange(key: .custom("k"), value: nil),
            ], tags: .edit(add: ["a"], remove: []))
        let event = Event(source: "s", id: "1", time: nil, fact: .contactChanged(change))
        let envelope: [UInt8] = [1, 0, 1, 1, 0x73, 1, 0x31]
        let attributes: [UInt8] = [1, 0x63, 4, 3, 2, 3, 4, 4, 14, 7, 12, 31, 0, 1, 0x6B, 0]
        #expect(event.encoded == envelope + attributes + [1, 1, 1, 0x61, 0])
    }

    @Test("A form that is cut off anywhere is refused")
    func truncated() {
        var events = RandomEvents(seed: 7)
        for _ in 0..<40 {
            let form = events.event().encoded
            for length in 0..<form.count {
                #expect(throws: EventDecodingError.self) { try Event(decoding: Array(form.prefix(length))) }
            }
        }
    }

    @Test("A form with bytes behind it is refused")
    func trailing() {
        let form = RandomEvents(seed: 3).first.encoded
        #expect(throws: EventDecodingError(offset: form.count, reason: .trailingBytes)) {
            try Event(decoding: form + [0])
        }
    }

    @Test("Changed bytes are refused or are the form of the event they decode to", arguments: 1...4)
    func mutated(seed: UInt64) {
        var events = RandomEvents(seed: seed)
        var generator = SeededGenerator(seed: seed)
        var survivors = 0
        for _ in 0..<1_500 {
            var form = events.event().encoded
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let at = Int.random(in: 0..<form.count, using: &generator)
                form[at] = generator.chance(0.5) ? UInt8.random(in: 0...255, using: &generator) : form[at] ^ 1
            }
            guard let event = try? Event(decoding: form) else { continue }
            survivors += 1
            #expect(event.encoded == form)
            #expect(event.json == event.json)
        }
        #expect(survivors > 10)
    }

    @Test("A hole has an id and nothing else, and no source can send one")
    func hole() throws {
        let event = Event(source: "s", id: "1", time: nil, fact: .contactErased(contact: "c"))
        let id = ErasedEvent.id(digest: [0x0A, 0xFF])
        let form: [UInt8] = [1, 0, 14, 0, 5, 1] + Array("0aff".utf8)
        #expect(event.hole(id: id).encoded == form)
        #expect(try Event(decoding: form) == event.hole(id: id))
        #expect(event.hole(id: id).isErased)
        let nameless = event.nameless(id: id, contact: ErasedEvent.standIn(erasedAt: 17))
        #expect(ErasedEvent.erasure(of: nameless.fact.contact ?? "") == 17)
        for (type, id) in [("event.erased", "1"), ("contact.erased", "\\u00011")] {
            let line =
                #"{"specversion":"1.0","type":"\#(type)","source":"s","id":"\#(id)","data":{"contact":"c"}}"# + "\n"
            let batch = admit(line)
            #expect(batch.events.isEmpty)
            #expect(batch.rejections.count == 1)
        }
    }

    @Test("Random bytes are refused without a trap")
    func random() {
        var generator = SeededGenerator(seed: 99)
        for _ in 0..<3_000 {
            let length = Int.random(in: 0...60, using: &generator)
            let noise = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let code = UInt8.random(in: 1...14, using: &generator)
            let form = [1, UInt8.random(in: 0...3, using: &generator), code, 1, 0x73, 1, 0x31] + noise
            if let event = try? Event(decoding: form) { #expect(event.encoded == form) }
        }
    }

    @Test(
        "What another writer could have written otherwise is refused",
        arguments: [
            ([2, 0, 2, 1, 0x73, 1, 0x31, 1, 0x63], EventDecodingError.Reason.unknownVersion),
            ([1, 4, 2, 1, 0x73, 1, 0x31, 1, 0x63], .unknownCode),
            ([1, 0, 15, 1, 0x73, 1, 0x31, 1, 0x63], .unknownCode),
            ([1, 0, 2, 0x81, 0x00, 0x73, 1, 0x31, 1, 0x63], .malformedVarint),
            ([1, 0, 2, 1, 0xFF, 1, 0x31, 1, 0x63], .malformedText),
            ([1, 0, 2, 1, 0x73, 1, 0x31, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], .cutOff),
            ([1, 2, 2, 1, 0x73, 1, 0x31, 0, 1, 0x63], .notCanonical),
            ([1, 2, 2, 1, 0x73, 1, 0x31, 1, 1, 0x78, 2, 2, 0x30, 0x31, 1, 0x63], .malformedNumber),
            ([1, 0, 1, 1, 0x73, 1, 0x31, 1, 0x63, 2, 4, 3, 4, 4, 0], .notCanonical),
            ([1, 0, 1, 1, 0x73, 1, 0x31, 1, 0x63, 1, 14, 7, 13, 1, 0], .outOfRange),
        ])
    func notCanonical(form: [UInt8], reason: EventDecodingError.Reason) {
        do {
            let event = try Event(decoding: form)
            Issue.record("decoded to \(event)")
        } catch {
            #expect(error.reason == reason)
        }
    }
}

extension RandomEvents {
    fileprivate var first: Event {
        var events = self
        return events.event()
    }
}
