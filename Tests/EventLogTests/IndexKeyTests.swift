import LMDB
import SegmentModel
import TestSupport
import Testing

@testable import EventLog

@Suite struct IndexKeyTests {
    private func key(source: String = "shop", number: UInt16? = 1, id: String) -> [UInt8] {
        var key: [UInt8] = []
        Array(source.utf8).withUnsafeBytes { IndexKey.append(source: $0, number: number, to: &key) }
        Array(id.utf8).withUnsafeBytes { IndexKey.append(id: $0, to: &key) }
        return key
    }

    /// Ids that are, or nearly are, of one of the short forms.
    private static let ids: [String] =
        [
            "0", "00", "1", "01", "9", "10", "255", "256", "65535", "65536", "9999999999999999999",
            "10000000000000000000", "18446744073709551615", "18446744073709551616", "-1", "+1", "1.0", "1e3", " 1",
            "١", "a", "\u{1}", "\u{C9}1", "order-9", "order-10",
            "123e4567-e89b-42d3-a456-426614174000", "123E4567-e89b-42d3-a456-426614174000",
            "123e4567e89b42d3a456426614174000", "123e4567-e89b-42d3-a456-42661417400g",
            "123e4567-e89b-42d3-a456_426614174000", "00000000-0000-0000-0000-000000000000",
            String(repeating: "0", count: 36), String(repeating: "x", count: 200), String(repeating: "7", count: 200),
        ] + ["\0", "\0\0", "", "\u{1}\u{7}"]

    @Test func `no two events share a key, whatever their sources and ids are`() {
        var seen: [[UInt8]: String] = [:]
        for source in ["shop", "s", ""] {
            for number: UInt16? in [nil, 1, 2, 127, 128, 129, 255, 256, 16_383] where number == nil || source == "s" {
                for id in Self.ids {
                    let text = "\(source) \(number.map(String.init) ?? "spelled out") \(id)"
                    let earlier = seen.updateValue(text, forKey: key(source: source, number: number, id: id))
                    #expect(earlier == nil)
                }
            }
        }
    }

    @Test func `no key starts with another, so that none is mistaken for the start of one`() {
        let keys = Self.ids.map { key(id: $0) }
        for (left, leftKey) in keys.enumerated() {
            for (right, rightKey) in keys.enumerated() where left != right {
                #expect(!rightKey.starts(with: leftKey), "\(Self.ids[left]) \(Self.ids[right])")
            }
        }
    }

    @Test(arguments: ["", "order-", "ORDER_2026_"])
    func `numbered ids of a source stand in the order of their numbers`(prefix: String) {
        let numbers = [0, 1, 9, 10, 99, 100, 255, 256, 1_000, 65_535, 65_536, 9_999_999, 1 << 40, Int.max]
        let keys = numbers.map { key(id: prefix + String($0)) }
        for (earlier, later) in zip(keys, keys.dropFirst()) { #expect(earlier.lexicographicallyPrecedes(later)) }
    }

    @Test func `keys are as the format's page says`() {
        #expect(key(id: "7") == [0x01, 0xC9, 0x07])
        #expect(key(id: "a7") == [0x01, 0x02, 0x61, 0x37])
        #expect(key(source: "web", number: nil, id: "256") == [0, 3, 0x77, 0x65, 0x62, 0xCA, 1, 0])
        #expect(key(number: 300, id: "0") == [0xAC, 0x02, 0xC9, 0])
    }

    @Test func `numbers and UUIDs take few bytes, and no key more than its bound`() {
        #expect(key(id: "1000000").count == 5)
        #expect(key(id: "123e4567-e89b-42d3-a456-426614174000").count == 18)
        let long = String(repeating: "x", count: 200)
        #expect(key(source: long, number: nil, id: long).count == IndexKey.sizeMax)
    }

    @Test func `the source, id and time of every event are found in its binary form`() {
        var random = RandomEvents(seed: 3)
        var events = (0..<300).map { _ in random.next() }
        for size in [1, 127, 128, 200] {
            let text = Identifier(String(repeating: "x", count: size))
            events.append(Event(source: text, id: text, time: nil, fact: .contactErased(contact: "ada")))
        }
        for event in events {
            event.encoded.withUnsafeBytes { bytes in
                let head = EventHead(bytes)
                #expect(head.map { $0.source.elementsEqual(event.source.text.utf8) } == true)
                #expect(head.map { $0.id.elementsEqual(event.id.text.utf8) } == true)
                #expect(head?.time == event.time)
                #expect(head?.isContactChange == (event.fact.type == "contact.changed"))
            }
        }
    }

    @Test func `bytes too short for the fields of an event are refused`() {
        let event = Event(source: "shop", id: "7", time: nil, fact: .contactErased(contact: "ada"))
        for size in 0..<(3 + 1 + 4 + 1 + 1) {
            event.encoded.withUnsafeBytes { bytes in
                #expect(EventHead(UnsafeRawBufferPointer(rebasing: bytes[..<size])) == nil)
            }
        }
    }

    @Test func `sequences are stored in as few bytes as they need`() {
        for (sequence, size) in [(0, 0), (1, 1), (255, 1), (256, 2), (65_536, 3), (1 << 32, 5), (UInt64.max, 8)] {
            SequenceValue.withBytes(of: sequence) { bytes in
                #expect(bytes.count == size)
                #expect(SequenceValue.decode(bytes) == sequence)
            }
        }
        #expect([UInt8](repeating: 1, count: 9).withUnsafeBytes { SequenceValue.decode($0) } == nil)
        #expect([1, 0].withUnsafeBytes { SequenceValue.decode($0) } == nil)
    }

    @Test func `sources keep their numbers, and the last ones get none`() {
        var sources = SourceNumbers()
        func bytes(_ number: Int) -> [UInt8] { Array("source \(number)".utf8) }
        while let number = sources.next() { sources.set(number, for: bytes(Int(number))) }
        for number in [1, 2, 3, 1, 16_383, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2, 16_383] {
            #expect(bytes(number).withUnsafeBytes { sources.number(of: $0) } == UInt16(number))
        }
        #expect(bytes(16_384).withUnsafeBytes { sources.number(of: $0) } == nil)
        #expect(sources.next() == nil)
    }
}
