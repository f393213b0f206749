public import ControlAPI

extension ControlCall where Answer == SegmentList {
    /// All saved segments.
    public static func segments(of audience: String) -> Self {
        Self(.get, Routes.segments(of: audience))
    }
}

extension ControlCall where Answer == SegmentAnswer {
    /// One saved segment by its id or name.
    public static func segment(_ reference: String, of audience: String) -> Self {
        Self(.get, Routes.segment(reference, of: audience))
    }

    /// Saves a segment.
    public static func saveSegment(_ draft: SegmentDraft, in audience: String) throws(ControlClientError) -> Self {
        try Self(.post, Routes.segments(of: audience), json: draft)
    }

    /// Saves a segment whose draft is JSON text already; it is sent as it is, so that complaints point into it.
    public static func saveSegment(json: [UInt8], in audience: String) -> Self {
        Self(.post, Routes.segments(of: audience), json: json)
    }

    /// Edits a segment, which makes a new revision of it.
    public static func editSegment(
        _ reference: String, _ patch: SegmentPatch, in audience: String
    ) throws(ControlClientError) -> Self {
        try Self(.patch, Routes.segment(reference, of: audience), json: patch)
    }

    /// Edits a segment by a patch that is JSON text already.
    public static func editSegment(_ reference: String, json: [UInt8], in audience: String) -> Self {
        Self(.patch, Routes.segment(reference, of: audience), json: json)
    }
}

extension ControlCall where Answer == Void {
    /// Deletes a segment; its contacts stay.
    public static func deleteSegment(_ reference: String, in audience: String) -> Self {
        Self(.delete, Routes.segment(reference, of: audience))
    }
}

extension ControlCall where Answer == ReviewAnswer {
    /// Counts and samples a condition without saving it.
    public static func review(_ request: ReviewRequest, in audience: String) throws(ControlClientError) -> Self {
        try Self(.post, Routes.review(in: audience), json: request)
    }

    /// Reviews a request that is JSON text already.
    public static func review(json: [UInt8], in audience: String) -> Self {
        Self(.post, Routes.review(in: audience), json: json)
    }
}

extension ControlCall where Answer == CatalogAnswer {
    /// What the saved segments share.
    public static func catalog(of audience: String, limit: Int? = nil) -> Self {
        Self(.get, Routes.catalog(of: audience, limit: limit))
    }
}

extension ControlCall where Answer == SegmentCatalogAnswer {
    /// What one segment shares with the others.
    public static func catalog(ofSegment reference: String, in audience: String) -> Self {
        Self(.get, Routes.catalog(ofSegment: reference, in: audience))
    }
}

extension ControlCall where Answer == MemberList {
    /// A page of a segment's members.
    public static func members(
        of reference: String, in audience: String, limit: Int? = nil, after: String? = nil
    ) -> Self {
        Self(.get, Routes.members(of: reference, in: audience, limit: limit, after: after))
    }
}

extension ControlCall where Answer == ExplanationAnswer {
    /// Why a contact is, or is not, in a segment.
    public static func explain(_ reference: String, contact: String, in audience: String) -> Self {
        Self(.get, Routes.explain(reference, contact: contact, in: audience))
    }
}
