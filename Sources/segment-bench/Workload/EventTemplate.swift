/// NDJSON events with the places where other values go.
struct EventTemplate {
    let bytes: [UInt8]
    private var places: [Place] = []

    /// A range that is replaced; an empty one is where something is put in.
    private struct Place {
        let range: Range<Int>
        let kind: Kind
    }

    private enum Kind {
        /// Before the event's id, or an order's.
        case id, order
        case time
        /// The digits at the end of a contact's id.
        case contact(Int)
    }

    private static let keys: [(text: [UInt8], kind: Kind)] = [
        (Array("\"id\":\"".utf8), .id), (Array("\"order\":\"".utf8), .order), (Array("\"time\":\"".utf8), .time),
        (Array("\"contact\":\"".utf8), .contact(0)),
    ]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var first = 0
        while first < bytes.count {
            let end = bytes[first...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            note(first..<end)
            first = end + 1
        }
    }

    /// The numbers of all contacts that events speak of.
    var contactNumbers: [Int] {
        places.compactMap { place in
            guard case .contact(let number) = place.kind else { return nil }
            return number
        }
    }

    /// The events with prefixes before their ids and those of orders, with another time, and of other contacts.
    func filled(id: [UInt8], order: [UInt8], time: [UInt8], contact: (Int) -> Int) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + places.count * max(id.count, order.count))
        var copied = 0
        for place in places {
            result += bytes[copied..<place.range.lowerBound]
            switch place.kind {
            case .id: result += id
            case .order: result += order
            case .time: result += time
            case .contact(let number): result += String(contact(number)).utf8
            }
            copied = place.range.upperBound
        }
        result += bytes[copied...]
        return result
    }

    /// Notes the event's id and time, which stand before its data, and every order and contact that it names.
    private mutating func note(_ line: Range<Int>) {
        var isIDKnown = false
        var isTimeKnown = false
        for start in line where bytes[start] == UInt8(ascii: "\"") {
            guard let key = Self.keys.first(where: { bytes[start..<line.upperBound].starts(with: $0.text) }) else {
                continue
            }
            let value = text(at: start + key.text.count, in: line)
            switch key.kind {
            case .id:
                if !isIDKnown { places.append(Place(range: value.lowerBound..<value.lowerBound, kind: .id)) }
                isIDKnown = true
            case .order: places.append(Place(range: value.lowerBound..<value.lowerBound, kind: .order))
            case .time:
                if !isTimeKnown { places.append(Place(range: value, kind: .time)) }
                isTimeKnown = true
            case .contact: noteContact(value)
            }
        }
    }

    private mutating func noteContact(_ value: Range<Int>) {
        let digits = bytes[value].reversed().prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        let range = value.upperBound - digits.count..<value.upperBound
        guard let number = Int(String(decoding: bytes[range], as: UTF8.self)) else { return }
        places.append(Place(range: range, kind: .contact(number)))
    }

    /// The text that begins there, up to its closing quotation mark.
    private func text(at first: Int, in line: Range<Int>) -> Range<Int> {
        first..<(bytes[first..<line.upperBound].firstIndex(of: UInt8(ascii: "\"")) ?? line.upperBound)
    }
}
