/// A JSON document as a value, with its numbers kept exactly as they were written.
///
/// Used on the control plane only (definitions, settings, answers); events never become one.
public enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    /// A number in its JSON spelling, already checked against the JSON grammar.
    case number(String)
    case string(String)
    case array([JSONValue])
    /// The members in the order they were written; parsers refuse a repeated key.
    case object([Member])

    /// One key and its value.
    public struct Member: Hashable, Sendable {
        public var key: String
        public var value: JSONValue

        public init(_ key: String, _ value: JSONValue) {
            self.key = key
            self.value = value
        }
    }
}
