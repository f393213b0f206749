import SegmentModel
import TestSupport
import Testing

@testable import Admission

@Suite("Admitted events")
struct AdmittedEventsTests {
    @Test("What admission writes is the binary form of the event, whatever the spelling of its JSON", arguments: 1...6)
    func forms(seed: UInt64) {
        var events = RandomEvents(seed: seed)
        var generator = SeededGenerator(seed: seed)
        let decoder = EventDecoder()
        var admitted = AdmittedEvents()
        var expected: [AdmittedEvent] = []
        for line in 1...150 {
            let event = events.event()
            let json = ScrambledJSON.bytes(event.json, using: &generator)
            #expect(json.withUnsafeBytes { decoder.read($0, line: line, into: &admitted) } == nil)
            expected.append(AdmittedEvent(line: line, event: event))
        }
        #expect(admitted.elementsEqual(expected))
        #expect(admitted == AdmittedEvents(expected))
    }

    @Test("JSON with changed bytes is rejected, or admitted as a form that reads back as itself", arguments: 1...6)
    func mutated(seed: UInt64) throws {
        var events = RandomEvents(seed: seed)
        var generator = SeededGenerator(seed: seed)
        let decoder = EventDecoder()
        let palette = Array("{}[],:\"\\0129.-eEtfn@ \u{0}\u{7F}é".utf8)
        var admitted = AdmittedEvents()
        var rejected = 0
        for line in 1...400 {
            var json = ScrambledJSON.bytes(events.event().json, using: &generator)
            for _ in 0..<Int.random(in: 1...2, using: &generator) {
                json[Int.random(in: 0..<json.count, using: &generator)] = generator.pick(palette)
            }
            let count = admitted.count
            let rejection = json.withUnsafeBytes { decoder.read($0, line: line, into: &admitted) }
            rejected += rejection == nil ? 0 : 1
            #expect(admitted.count == count + (rejection == nil ? 1 : 0))
        }
        for event in admitted { #expect(try AdmittedEvent(line: event.line, event: event.event) == event) }
        #expect(rejected > 10 && admitted.count > 10)
    }

    @Test("A rejected line leaves nothing behind")
    func rejected() throws {
        let batch = admit([contactLine(#""fields":{"a":1},"tags":7"#), orderLine()].joined(separator: "\n"))
        #expect(batch.rejections.map(\.code) == [RejectionCode.wrongType.rawValue])
        #expect(batch.events.bytes == (try decode(orderLine()).get().encoded))
        #expect(batch.events.eventsWithFields.isEmpty)
    }

    @Test("Events joined keep their lines, forms and custom fields")
    func joined() {
        let lines = [
            orderLine(), contactLine(#""fields":{"a":1}"#), contactLine(#""vip":true"#), "bad",
            contactLine(#""fields":{"a":null}"#),
        ]
        let whole = admit(lines.joined(separator: "\n"))
        var joined = AdmittedBatch()
        for (number, line) in lines.enumerated() {
            joined.append(admit(Array(line.utf8), firstLine: number + 1) { .max })
        }
        #expect(joined == whole)
        #expect(whole.events.eventsWithFields.map(\.position) == [1, 3])
        #expect(whole.events.eventsWithFields.map(\.event.line) == [2, 5])
        #expect(whole.events.map(\.line) == [1, 2, 3, 5])
    }
}

@Suite("Names of members")
struct MemberTableTests {
    @Test("Each key is found by its name, and by no other of the same length or near it")
    func positions() {
        check(EnvelopeMember.self)
        check(ContactMember.self)
        check(OrderMember.self)
        check(LineMember.self)
        check(RefundMember.self)
        check(ConnectionMember.self)
    }

    private func check<Key: MemberKey>(_ kind: Key.Type) {
        func position(of name: [UInt8]) -> Int? {
            name.withUnsafeBufferPointer { Key.table.position(of: $0) }
        }
        let names = Key.allCases.map { Array("\($0)".utf8) }
        for (expected, name) in names.enumerated() {
            #expect(position(of: name) == expected)
            for at in name.indices {
                var other = name
                other[at] ^= 1
                #expect(position(of: other) == names.firstIndex(of: other))
                other.remove(at: at)
                #expect(position(of: other) == names.firstIndex(of: other))
            }
            #expect(position(of: name + [0]) == nil)
            #expect(position(of: name + name + name + name) == nil)
        }
        #expect(position(of: []) == nil)
    }

    @Test("A control character is found wherever it stands")
    func controlCharacters() {
        func isFound(_ text: String) -> Bool {
            Array(text.utf8).withUnsafeBufferPointer { $0.hasControlCharacter }
        }
        for length in 0..<26 {
            let plain = String(repeating: "~ ", count: length)
            #expect(!isFound(plain) && !isFound(plain + "é\u{A0}" + plain))
            for control in ["\u{0}", "\u{1F}", "\u{7F}", "\u{80}", "\u{9F}"] {
                #expect(isFound(plain + control + String(repeating: "x", count: 25 - length)))
            }
        }
    }
}
