/// A template that every audience has as a segment, and of which others can be made.
public struct PrebuiltAnswer: Codable, Equatable, Sendable {
    /// Its name, and that of the audience's own segment.
    public var name: String
    public var version: Int
    public var title: String
    /// What it is for, with `{name}` where a parameter stands.
    public var description: String
    public var parameters: [PrebuiltParameterAnswer]
    /// The condition with its places: `{"parameter": NAME}`, `{NAME}` inside texts, `{"fit": NAME}`.
    public var `where`: JSONTree
    /// The audience's own segment of it; absent where another segment had that name before.
    public var segment: SegmentAnswer?

    public init(
        name: String, version: Int, title: String, description: String, parameters: [PrebuiltParameterAnswer],
        where condition: JSONTree, segment: SegmentAnswer? = nil
    ) {
        self.name = name
        self.version = version
        self.title = title
        self.description = description
        self.parameters = parameters
        self.where = condition
        self.segment = segment
    }
}

/// A number that a template leaves open.
public struct PrebuiltParameterAnswer: Codable, Equatable, Sendable {
    public var name: String
    /// `integer` or `number`.
    public var type: String
    /// Numbers are decimals in texts, exact.
    public var `default`: String
    public var minimum: String
    public var maximum: String
    public var meaning: String

    public init(name: String, type: String, default: String, minimum: String, maximum: String, meaning: String) {
        self.name = name
        self.type = type
        self.default = `default`
        self.minimum = minimum
        self.maximum = maximum
        self.meaning = meaning
    }
}

/// The answer to `GET …/prebuilt`.
public struct PrebuiltList: Codable, Equatable, Sendable {
    public var prebuilt: [PrebuiltAnswer]

    public init(prebuilt: [PrebuiltAnswer]) {
        self.prebuilt = prebuilt
    }
}

/// Which template a segment was made of.
public struct SegmentOriginAnswer: Codable, Equatable, Sendable {
    public var template: String
    public var version: Int
    /// Each parameter as a decimal in a text.
    public var parameters: [String: String]

    public init(template: String, version: Int, parameters: [String: String]) {
        self.template = template
        self.version = version
        self.parameters = parameters
    }
}

/// Values of a segment's condition that are found from the contacts there are, and recorded.
public struct FitAnswer: Codable, Equatable, Sendable {
    /// Each value as a decimal in a text; empty: they are not found, and nobody is a member.
    public var values: [String: String]
    /// The frontier they were found at, and since when they count; absent as long as nothing was found.
    public var foundAt: String?
    public var since: String?

    public init(values: [String: String], foundAt: String? = nil, since: String? = nil) {
        self.values = values
        self.foundAt = foundAt
        self.since = since
    }
}
