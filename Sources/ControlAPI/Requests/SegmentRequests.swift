/// The body of `POST …/segments` with a condition. One made of a template has `prebuilt`, its name, and `parameters`, an
/// object of numbers, in place of `where`; a patch may have `parameters` alone.
public struct SegmentDraft: Codable, Equatable, Sendable {
    public var name: String
    public var `where`: JSONTree
    public var description: String?
    /// Whether automations use it; such a segment is flat in every plan.
    public var automation: Bool?

    public init(
        name: String, where condition: JSONTree, description: String? = nil, automation: Bool? = nil
    ) {
        self.name = name
        self.where = condition
        self.description = description
        self.automation = automation
    }
}

/// The body of `PATCH …/segments/{segment}` and of `POST …/difference`: what is absent stays. An empty description clears
/// it.
public struct SegmentPatch: Codable, Equatable, Sendable {
    public var name: String?
    public var `where`: JSONTree?
    public var description: String?
    public var automation: Bool?
    /// The revision that its author saw: if the segment has another by now, the edit is refused.
    public var revision: Int?

    public init(
        name: String? = nil, where condition: JSONTree? = nil, description: String? = nil, automation: Bool? = nil,
        revision: Int? = nil
    ) {
        self.name = name
        self.where = condition
        self.description = description
        self.automation = automation
        self.revision = revision
    }
}

/// The body of `POST …/revisions/{revision}/restore`; it may be left out.
public struct RestoreRequest: Codable, Equatable, Sendable {
    /// The present revision as its author saw it: if the segment has another by now, restoring is refused.
    public var revision: Int?

    public init(revision: Int? = nil) {
        self.revision = revision
    }
}

/// A body of `POST …/difference`: what bringing a revision back would do.
public struct RestoreDifferenceRequest: Codable, Equatable, Sendable {
    public var restore: Int

    public init(restore: Int) {
        self.restore = restore
    }
}

/// The body of `POST …/deletion`.
public struct DeletionRequest: Codable, Equatable, Sendable {
    /// Ids or names.
    public var segments: [String]

    public init(segments: [String]) {
        self.segments = segments
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
