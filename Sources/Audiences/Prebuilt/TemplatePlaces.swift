internal import SegmentModel

// Places in templates. `{"parameter": "days"}` stands for a number; `{days}` inside a text for its digits, as in
// "P{days}D"; `{"fit": "threshold"}` for a value that is found from the contacts there are.
extension JSONValue {
    /// The same with every place of a known parameter filled.
    func filled(with parameters: [String: Number]) -> JSONValue {
        replacing("parameter", with: parameters).mappingTexts { $0.filled(with: parameters) }
    }

    /// The same with every place of a fitted value filled; nil if one of them is not known.
    func filled(withFit values: [String: Number]) -> JSONValue? {
        guard places("fit").allSatisfy({ values[$0] != nil }) else { return nil }
        return replacing("fit", with: values)
    }

    /// The names that places of that kind say, in order of appearance.
    func places(_ kind: String) -> [String] {
        if let name = place(kind) { return [name] }
        switch self {
        case .array(let elements): return elements.flatMap { $0.places(kind) }
        case .object(let members): return members.flatMap { $0.value.places(kind) }
        default: return []
        }
    }

    /// The names in braces in all texts.
    var namesInTexts: [String] {
        switch self {
        case .string(let text): text.namesInBraces
        case .array(let elements): elements.flatMap(\.namesInTexts)
        case .object(let members): members.flatMap(\.value.namesInTexts)
        default: []
        }
    }

    private func place(_ kind: String) -> String? {
        guard let members, members.count == 1 else { return nil }
        return self[kind]?.stringValue
    }

    private func replacing(_ kind: String, with values: [String: Number]) -> JSONValue {
        if let name = place(kind) { return values[name]?.json ?? self }
        switch self {
        case .array(let elements): return .array(elements.map { $0.replacing(kind, with: values) })
        case .object(let members):
            return .object(members.map { .init($0.key, $0.value.replacing(kind, with: values)) })
        default: return self
        }
    }

    private func mappingTexts(_ change: (String) -> String) -> JSONValue {
        switch self {
        case .string(let text): .string(change(text))
        case .array(let elements): .array(elements.map { $0.mappingTexts(change) })
        case .object(let members): .object(members.map { .init($0.key, $0.value.mappingTexts(change)) })
        default: self
        }
    }
}

extension String {
    /// The same with `{name}` replaced by the parameter's digits.
    func filled(with parameters: [String: Number]) -> String {
        let parts = split(separator: "{", omittingEmptySubsequences: false)
        return parts.dropFirst().reduce(String(parts.first ?? "")) { text, part in
            guard let end = part.firstIndex(of: "}"), let value = parameters[String(part[..<end])] else {
                return text + "{" + part
            }
            return text + value.description + part[part.index(after: end)...]
        }
    }

    /// What stands between braces.
    var namesInBraces: [String] {
        split(separator: "{", omittingEmptySubsequences: false).dropFirst().compactMap { part in
            part.firstIndex(of: "}").map { String(part[..<$0]) }
        }
    }
}
