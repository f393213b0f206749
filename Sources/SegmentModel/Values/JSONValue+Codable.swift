import FoundationEssentials

// Foundation's coders keep neither the order of keys nor the spelling of numbers: what comes back has its keys sorted
// and its numbers in shortest form. Their values are exact up to 38 significant digits, more than any operand has; a
// longer number is refused when written.
extension JSONValue: Codable {
    public init(from decoder: any Decoder) throws {
        if let object = try? decoder.container(keyedBy: MemberKey.self) {
            self = .object(
                try object.allKeys.sorted { $0.stringValue < $1.stringValue }
                    .map { Member($0.stringValue, try object.decode(JSONValue.self, forKey: $0)) })
        } else if var array = try? decoder.unkeyedContainer() {
            var elements: [JSONValue] = []
            while !array.isAtEnd { elements.append(try array.decode(JSONValue.self)) }
            self = .array(elements)
        } else {
            self = try JSONValue(scalarIn: decoder.singleValueContainer())
        }
    }

    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .object(let members):
            var object = encoder.container(keyedBy: MemberKey.self)
            for member in members { try object.encode(member.value, forKey: MemberKey(stringValue: member.key)) }
        case .array(let elements):
            var array = encoder.unkeyedContainer()
            for element in elements { try array.encode(element) }
        case .null, .bool, .number, .string:
            var single = encoder.singleValueContainer()
            try encodeScalar(into: &single)
        }
    }

    private init(scalarIn container: any SingleValueDecodingContainer) throws {
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else {
            self = .number(try container.decode(Decimal.self).description)
        }
    }

    private func encodeScalar(into container: inout any SingleValueEncodingContainer) throws {
        switch self {
        case .bool(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .number(let spelling): try container.encode(JSONValue.decimal(spelling, at: container.codingPath))
        default: try container.encodeNil()
        }
    }

    private static let digitsMax = 38

    private static func decimal(_ spelling: String, at path: [any CodingKey]) throws -> Decimal {
        let mantissa = spelling.prefix { $0 != "e" && $0 != "E" }.filter(\.isNumber)
        guard mantissa.drop(while: { $0 == "0" }).count <= digitsMax, let value = Decimal(string: spelling) else {
            throw EncodingError.invalidValue(
                spelling,
                .init(codingPath: path, debugDescription: "\(spelling) has more than \(digitsMax) digits."))
        }
        return value
    }

    private struct MemberKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) {
            self.stringValue = stringValue
        }

        init?(intValue: Int) {
            return nil
        }
    }
}
