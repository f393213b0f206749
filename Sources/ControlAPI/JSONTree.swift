import FoundationEssentials
public import SegmentModel

/// Any JSON document inside a wire type: the `where` of a segment, the value of a field.
///
/// Numbers keep their value exactly up to 38 digits, not their spelling; the order of keys is not kept.
public struct JSONTree: Hashable, Sendable {
    public var value: JSONValue

    public init(_ value: JSONValue) {
        self.value = value
    }
}

extension JSONTree: Encodable {
    public func encode(to encoder: any Encoder) throws {
        switch value {
        case .object(let members):
            var container = encoder.container(keyedBy: AnyKey.self)
            for member in members { try container.encode(JSONTree(member.value), forKey: AnyKey(member.key)) }
        case .array(let elements):
            var container = encoder.unkeyedContainer()
            for element in elements { try container.encode(JSONTree(element)) }
        case .null:
            var container = encoder.singleValueContainer()
            try container.encodeNil()
        case .bool(let bool):
            var container = encoder.singleValueContainer()
            try container.encode(bool)
        case .string(let string):
            var container = encoder.singleValueContainer()
            try container.encode(string)
        case .number(let spelling):
            var container = encoder.singleValueContainer()
            try encode(number: spelling, to: &container)
        }
    }

    private func encode(number spelling: String, to container: inout any SingleValueEncodingContainer) throws {
        if let integer = Int64(spelling) {
            try container.encode(integer)
        } else if let decimal = Decimal(string: spelling) {
            try container.encode(decimal)
        } else {
            throw EncodingError.invalidValue(
                spelling, .init(codingPath: container.codingPath, debugDescription: "\(spelling) is not a number."))
        }
    }
}

extension JSONTree: Decodable {
    public init(from decoder: any Decoder) throws {
        if let container = try? decoder.container(keyedBy: AnyKey.self) {
            value = .object(
                try container.allKeys
                    .sorted { $0.stringValue < $1.stringValue }
                    .map { JSONValue.Member($0.stringValue, try container.decode(JSONTree.self, forKey: $0).value) })
        } else if var container = try? decoder.unkeyedContainer() {
            var elements: [JSONValue] = []
            while !container.isAtEnd { elements.append(try container.decode(JSONTree.self).value) }
            value = .array(elements)
        } else {
            value = try Self.scalar(in: decoder.singleValueContainer())
        }
    }

    private static func scalar(in container: any SingleValueDecodingContainer) throws -> JSONValue {
        if container.decodeNil() { return .null }
        if let bool = try? container.decode(Bool.self) { return .bool(bool) }
        if let integer = try? container.decode(Int64.self) { return .number(String(integer)) }
        if let decimal = try? container.decode(Decimal.self) { return .number(decimal.description) }
        return .string(try container.decode(String.self))
    }
}

/// A key that is only known at run time.
private struct AnyKey: CodingKey {
    let stringValue: String

    init(_ key: String) {
        stringValue = key
    }

    init?(stringValue: String) {
        self.stringValue = stringValue
    }

    init?(intValue: Int) {
        return nil
    }

    var intValue: Int? { nil }
}
