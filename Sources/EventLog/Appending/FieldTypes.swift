internal import Admission
internal import SegmentModel

/// The types of an audience's custom fields: declared ones, and for the others that of their first value in the log.
struct FieldTypes: Sendable {
    private(set) var inferred: [Identifier: FieldType] = [:]

    /// Takes the types of an event's fields that have none yet.
    ///
    /// - Returns: the fields that got a type.
    mutating func learn(from event: Event) -> [(name: String, type: FieldType)] {
        guard case .contactChanged(let change) = event.fact else { return [] }
        var learned: [(String, FieldType)] = []
        for attribute in change.attributes {
            guard case .custom(let name) = attribute.key, let value = attribute.value,
                inferred[Identifier(name)] == nil
            else { continue }
            set(value.naturalType, for: name)
            learned.append((name, value.naturalType))
        }
        return learned
    }

    mutating func set(_ type: FieldType, for name: String) {
        inferred[Identifier(name)] = type
    }

    /// The first field of the event, which stood in that line, whose value does not fit its type.
    func mismatch(in event: Event, line: Int, declared: [Identifier: FieldType]) -> Rejection? {
        guard case .contactChanged(let change) = event.fact else { return nil }
        for attribute in change.attributes {
            guard case .custom(let name) = attribute.key, let value = attribute.value,
                let type = declared[Identifier(name)] ?? inferred[Identifier(name)], !value.fits(type)
            else { continue }
            let origin = declared[Identifier(name)] == nil ? "took its type from its first value" : "is declared"
            return Rejection(
                line: line, pointer: "/data/fields/" + JSONPointer.escaped(name), code: .fieldType,
                message: """
                    The field “\(name)” \(origin) as \(type.rawValue); this value is \(value.naturalType.rawValue). Send \
                    \(type.expectation), or change the type: segmentctl audience set AUDIENCE --field \(name)=\
                    \(value.naturalType.rawValue).
                    """,
                source: event.source.text, id: event.id.text)
        }
        return nil
    }
}

extension AttributeValue {
    /// The type a custom field takes from this value when it has none.
    var naturalType: FieldType {
        switch self {
        case .text, .birthday: .text
        case .number: .number
        case .boolean: .boolean
        case .list: .list
        case .instant: .instant
        }
    }

    /// Whether a field of that type may hold the value.
    func fits(_ type: FieldType) -> Bool {
        switch (type, self) {
        case (.date, .text(let text)): (try? LocalDate(iso: text)) != nil
        case (.instant, .text(let text)): (try? Instant(rfc3339: text)) != nil
        default: naturalType == type
        }
    }
}

extension FieldType {
    fileprivate var expectation: String {
        switch self {
        case .text: "text in quotes"
        case .number: "a JSON number"
        case .boolean: "true or false"
        case .list: "an array of texts"
        case .date: "a date such as \"2026-01-31\""
        case .instant: "an instant such as \"2026-01-31T09:00:00Z\""
        }
    }
}
