public import SegmentModel

// The life of a saved segment after it was saved.
extension Audience {
    /// Makes a new revision of a segment, which counts from when it is saved; what the change leaves nil stays.
    public func edit(_ reference: String, _ change: SegmentChange) async throws(AudienceError) -> SegmentEdit {
        let time = time
        return try await projection.edit(reference, change) { time.frontierTarget() }
    }

    /// The same, with the parts of the change.
    @discardableResult
    public func edit(
        _ reference: String, name: String? = nil, description: String? = nil, where definition: JSONValue? = nil,
        parameters: JSONValue? = nil
    ) async throws(AudienceError) -> SegmentEdit {
        let change = SegmentChange(
            name: name, description: description, where: definition, parameters: parameters)
        return try await edit(reference, change)
    }

    /// What an edit would do, without saving it: who would enter, leave and stay now, in this segment and in those that
    /// refer to it. Refused as the edit would be.
    public func difference(
        of reference: String, _ change: SegmentChange
    ) async throws(AudienceError) -> SegmentDifference {
        try await present()
        return try await snapshot().difference(of: reference, change)
    }

    /// Deletes a segment; its contacts stay. Refused while other segments refer to it.
    public func delete(_ reference: String) async throws(AudienceError) {
        _ = try await segment(reference)
        _ = try await delete([reference])
    }

    /// Deletes segments, all or none; their contacts stay. Refused while segments that are not among them refer to one
    /// of them.
    public func delete(_ references: [String]) async throws(AudienceError) -> SegmentDeletion {
        let time = time
        return try await projection.delete(references) { time.frontierTarget() }
    }

    /// A segment's revisions, the latest first, from the one before `after` on.
    public func revisions(
        of reference: String, after: Int? = nil, limit: Int
    ) async throws(AudienceError) -> RevisionPage {
        try await snapshot().revisions(of: reference, after: after, limit: limit)
    }

    /// One revision of a segment.
    public func revision(_ number: Int, of reference: String) async throws(AudienceError) -> SegmentRevision {
        try await snapshot().revision(number, of: reference)
    }

    /// What sets two revisions apart, in words and in who is in them now; with the present one if none is named.
    public func comparison(
        of reference: String, revision number: Int, with other: Int? = nil
    ) async throws(AudienceError) -> RevisionComparison {
        try await snapshot().comparison(of: reference, revision: number, with: other)
    }
}
