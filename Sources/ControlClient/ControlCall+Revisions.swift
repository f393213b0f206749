public import ControlAPI

extension ControlCall where Answer == RevisionList {
    /// A page of a segment's revisions, the latest first.
    public static func revisions(
        of reference: String, in audience: String, limit: Int? = nil, after: Int? = nil
    ) -> Self {
        Self(.get, Routes.revisions(of: reference, in: audience, limit: limit, after: after))
    }
}

extension ControlCall where Answer == RevisionAnswer {
    /// One revision of a segment.
    public static func revision(_ number: Int, of reference: String, in audience: String) -> Self {
        Self(.get, Routes.revision(number, of: reference, in: audience))
    }
}

extension ControlCall where Answer == RevisionComparisonAnswer {
    /// What sets a revision apart from another; from the present one if none is named.
    public static func comparison(
        ofRevision number: Int, with other: Int? = nil, of reference: String, in audience: String
    ) -> Self {
        Self(.get, Routes.comparison(ofRevision: number, with: other, of: reference, in: audience))
    }
}

extension ControlCall where Answer == SegmentAnswer {
    /// Brings a revision back as a new one.
    public static func restore(
        _ number: Int, of reference: String, _ request: RestoreRequest = RestoreRequest(), in audience: String
    ) throws(ControlClientError) -> Self {
        try Self(.post, Routes.restore(number, of: reference, in: audience), json: request)
    }
}

extension ControlCall where Answer == DifferenceAnswer {
    /// What an edit would do; nothing is saved.
    public static func difference(
        of reference: String, _ patch: SegmentPatch, in audience: String
    ) throws(ControlClientError) -> Self {
        try Self(.post, Routes.difference(of: reference, in: audience), json: patch)
    }

    /// The same for an edit that is JSON text already.
    public static func difference(of reference: String, json: [UInt8], in audience: String) -> Self {
        Self(.post, Routes.difference(of: reference, in: audience), json: json)
    }

    /// What bringing a revision back would do; nothing is saved.
    public static func difference(
        of reference: String, restoring number: Int, in audience: String
    ) throws(ControlClientError) -> Self {
        try Self(
            .post, Routes.difference(of: reference, in: audience), json: RestoreDifferenceRequest(restore: number))
    }
}

extension ControlCall where Answer == RerunAnswer {
    /// Recomputes a segment from the log; takes minutes for millions of events, and ends with the connection.
    public static func rerun(_ reference: String, in audience: String) -> Self {
        Self(.post, Routes.rerun(reference, in: audience))
    }
}

extension ControlCall where Answer == DeletionAnswer {
    /// Deletes segments, all or none; their contacts stay.
    public static func deleteSegments(_ references: [String], in audience: String) throws(ControlClientError) -> Self {
        try Self(.post, Routes.deletion(in: audience), json: DeletionRequest(segments: references))
    }
}
