public import SegmentModel

/// A segment that comes with the product: a condition with places for parameters, read from a file of its own.
///
/// Every audience has each template as a segment of that name. Its form is documented in docs/semantics.md.
public struct SegmentTemplate: Equatable, Sendable {
    /// Its name, and that of the segment: `recent-customers`.
    public let name: String
    /// Rises with each change of the template.
    public let version: Int
    public let title: String
    /// What it is for, with `{name}` where a parameter stands.
    public let description: String
    public let parameters: [TemplateParameter]
    /// The condition: `{"parameter": NAME}` stands for a number, `{NAME}` inside a text for its digits.
    public let definition: JSONValue
    /// How the values are found that `{"fit": NAME}` stands for, with places as in the definition; nil if there are none.
    public let fit: JSONValue?
}

/// A number that a template leaves open.
public struct TemplateParameter: Equatable, Sendable {
    public let name: String
    public let kind: Kind
    public let defaultValue: Number
    public let minimum: Number
    public let maximum: Number
    /// A sentence for people, with the unit.
    public let meaning: String

    /// What numbers it takes.
    public enum Kind: String, CaseIterable, Sendable {
        case integer, number
    }
}

/// Where a segment comes from that was made of a template.
public struct SegmentOrigin: Equatable, Sendable {
    /// The template's name and version.
    public var template: String
    public var version: Int
    public var parameters: [String: Number]
    /// Whether it is the template's own segment, which every audience has, and not one that somebody saved.
    public var isPrebuilt: Bool
}

/// A template with all its places filled but those of fits.
struct FilledTemplate: Equatable, Sendable {
    var origin: SegmentOrigin
    var description: String
    /// With `{"fit": NAME}` in place of fitted values.
    var definition: JSONValue
    var fit: FitModel?
}

extension SegmentTemplate {
    /// The template filled: with the values given, else the defaults.
    ///
    /// - Parameter values: checked already.
    func filled(_ values: [String: Number], isPrebuilt: Bool) -> FilledTemplate {
        let all = defaults.merging(values) { _, given in given }
        return FilledTemplate(
            origin: SegmentOrigin(template: name, version: version, parameters: all, isPrebuilt: isPrebuilt),
            description: description.filled(with: all), definition: definition.filled(with: all),
            fit: fit.flatMap { FitModel(json: $0.filled(with: all)) })
    }

    /// The parameters where nobody says otherwise.
    var defaults: [String: Number] {
        Dictionary(parameters.map { ($0.name, $0.defaultValue) }, uniquingKeysWith: { $1 })
    }

    /// Those of the values that the template still takes.
    func stillValid(_ values: [String: Number]) -> [String: Number] {
        values.filter { name, value in parameters.contains { $0.name == name && $0.allows(value) } }
    }

    /// Reads the `parameters` of a request: an object of numbers, each known and within its bounds.
    func values(_ json: JSONValue?) throws(AudienceError) -> [String: Number] {
        guard let json else { return [:] }
        guard let members = json.members else {
            throw AudienceError(
                .parameterType, "Expected an object with a number for each parameter that is to be changed.",
                pointer: "/parameters")
        }
        var values: [String: Number] = [:]
        for member in members {
            let pointer = "/parameters/" + JSONPointer.escaped(member.key)
            guard let parameter = parameters.first(where: { $0.name == member.key }) else {
                throw unknownParameter(member.key, at: pointer)
            }
            values[member.key] = try parameter.value(member.value, at: pointer)
        }
        return values
    }

    private func unknownParameter(_ name: String, at pointer: String) -> AudienceError {
        let known = parameters.map(\.name)
        let near = NameSuggestion.nearest(to: name, among: known)
        let hint =
            near.map { "Did you mean “\($0)”?" }
            ?? (known.isEmpty ? "It takes none." : "It takes \(known.joined(separator: ", ")).")
        return AudienceError(
            .unknownParameter, "“\(self.name)” has no parameter “\(name)”. \(hint)", pointer: pointer,
            related: near.map { [$0] } ?? [])
    }
}

extension TemplateParameter {
    /// Whether the number is of its kind and within its bounds.
    func allows(_ value: Number) -> Bool {
        (minimum...maximum).contains(value) && (kind == .number || value.isWhole)
    }

    fileprivate func value(_ json: JSONValue, at pointer: String) throws(AudienceError) -> Number {
        let expected = kind == .integer ? "a whole number" : "a number"
        guard let value = Number(json: json), kind == .number || value.isWhole else {
            throw AudienceError(
                .parameterType, "“\(name)” takes \(expected) from \(minimum) to \(maximum), not \(json.text).",
                pointer: pointer)
        }
        guard allows(value) else {
            throw AudienceError(
                .parameterOutOfBounds, "“\(name)” takes \(expected) from \(minimum) to \(maximum); \(value) is not.",
                pointer: pointer)
        }
        return value
    }
}
