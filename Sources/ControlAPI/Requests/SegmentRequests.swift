/// The body of `POST …/segments` with a condition. One made of a template has `prebuilt`, its name, and `parameters`, an
/// object of numbers, in place of `where`; a patch may have `parameters` alone.
public struct SegmentDraft: Codable, Equatable, Sendable {
    public var name: String
    public var `where`: JSONTree
    public var description: String?

    public init(name: String, where condition: JSONTree, description: String? = nil) {
        self.name = name
        self.where = condition
        self.description = description
    }
}

/// The body of `PATCH …/segments/{segment}`: what is absent stays. An empty description clears it.
public struct SegmentPatch: Codable, Equatable, Sendable {
    public var name: String?
    public var `where`: JSONTree?
    public var description: String?

    public init(name: String? = nil, where condition: JSONTree? = nil, description: String? = nil) {
        self.name = name
        self.where = condition
        self.description = description
    }
}

/// The body of `POST …/review`.
public struct ReviewRequest: Codable, Equatable, Sendable {
    public var `where`: JSONTree
    /// The segment whose condition it is to become, by id or name: it is no duplicate of itself.
    public var segment: String?

    public init(where condition: JSONTree, segment: String? = nil) {
        self.where = condition
        self.segment = segment
    }
}
