public import ControlAPI

extension ControlCall where Answer == StatusAnswer {
    /// How the daemon and its audiences stand.
    public static var status: Self { Self(.get, Routes.status) }
}

extension ControlCall where Answer == AudienceList {
    /// All audiences.
    public static var audiences: Self { Self(.get, Routes.audiences) }
}

extension ControlCall where Answer == AudienceAnswer {
    /// One audience.
    public static func audience(_ id: String) -> Self {
        Self(.get, Routes.audience(id))
    }

    /// Makes an audience.
    public static func createAudience(_ draft: AudienceDraft) throws(ControlClientError) -> Self {
        try Self(.post, Routes.audiences, json: draft)
    }

    /// Changes an audience's settings.
    public static func changeAudience(_ id: String, _ patch: AudiencePatch) throws(ControlClientError) -> Self {
        try Self(.patch, Routes.audience(id), json: patch)
    }
}

extension ControlCall where Answer == IngestAnswer {
    /// Hands events in. `firstLine` is the number under which the first line is reported.
    ///
    /// Sending the same events again is safe: what the log has is a duplicate, which is no error. In a dry run nothing
    /// is stored, and the answer says what would be.
    public static func append(
        _ events: RequestBody, to audience: String, firstLine: Int? = nil, dryRun: Bool = false,
        mediaType: String = MediaType.ndjson
    ) -> Self {
        Self(
            .post, Routes.events(of: audience, firstLine: firstLine, dryRun: dryRun), body: events,
            contentType: mediaType)
    }
}

extension ControlCall where Answer == PendingAnswer {
    /// Events that are accepted and not yet visible.
    public static func pending(of audience: String, limit: Int? = nil) -> Self {
        Self(.get, Routes.pending(of: audience, limit: limit))
    }
}

extension ControlCall where Answer == ForecastAnswer {
    /// What the pending events will do to segments.
    public static func forecast(
        of audience: String, by grouping: ForecastGrouping? = nil, limit: Int? = nil
    ) -> Self {
        Self(.get, Routes.forecast(of: audience, by: grouping, limit: limit))
    }
}

extension ControlCall where Answer == ContactList {
    /// A page of contacts: all of them, or those that all of the rest selects.
    public static func contacts(
        of audience: String, limit: Int? = nil, after: String? = nil, idPrefix: String? = nil,
        emailPrefix: String? = nil, segment: String? = nil
    ) -> Self {
        Self(
            .get,
            Routes.contacts(
                of: audience, limit: limit, after: after, idPrefix: idPrefix, emailPrefix: emailPrefix,
                segment: segment))
    }
}

extension ControlCall where Answer == ContactAnswer {
    /// One contact, with its segments from the one after `segmentsAfter`.
    public static func contact(_ id: String, of audience: String, segmentsAfter: String? = nil) -> Self {
        Self(.get, Routes.contact(id, of: audience, segmentsAfter: segmentsAfter))
    }
}
