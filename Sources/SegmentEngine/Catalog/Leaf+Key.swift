internal import SegmentModel

extension Leaf {
    /// The leaf as bytes that mean the same in every process with these field types; nil if it has none.
    func key(fieldTypes: [Identifier: FieldType]) -> [UInt8]? {
        let json = condition.json
        // Equal bytes are equal leaves, because both are read back as what they were.
        guard let read = try? Condition(parsing: json, types: fieldTypes), read == condition else { return nil }
        return [isInverted ? 1 : 0] + Array(json.text.utf8)
    }
}
