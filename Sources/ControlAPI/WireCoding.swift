import FoundationEssentials

/// How wire types become bytes and back: JSON, keys in order of the alphabet, `/` unescaped.
///
/// Instants are RFC 3339 strings in UTC (`2026-01-31T09:00:00Z`, with a fraction only where there is one);
/// periods are ISO 8601 strings.
public enum WireCoding {
    /// The JSON text of a value.
    public static func encode(_ value: some Encodable, pretty: Bool = false) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
        return [UInt8](try encoder.encode(value))
    }

    /// The value of a JSON text. Unknown keys are ignored: a newer server may say more.
    public static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
        try JSONDecoder().decode(type, from: Data(bytes))
    }
}
