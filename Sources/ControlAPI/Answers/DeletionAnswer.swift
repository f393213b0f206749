/// The answer to `POST …/deletion`: what was deleted.
public struct DeletionAnswer: Codable, Equatable, Sendable {
    public var frontier: String
    /// In the order of names.
    public var deleted: [DeletedSegmentAnswer]

    public init(frontier: String, deleted: [DeletedSegmentAnswer]) {
        self.frontier = frontier
        self.deleted = deleted
    }
}

/// A segment that was deleted, with the members it had; they are contacts still.
public struct DeletedSegmentAnswer: Codable, Equatable, Sendable {
    public var id: String
    public var name: String
    public var count: Int

    public init(id: String, name: String, count: Int) {
        self.id = id
        self.name = name
        self.count = count
    }
}
