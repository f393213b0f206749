public import ControlAPI

extension ControlCall where Answer == RecipientListAnswer {
    /// Freezes a segment's recipients for a campaign; the same again gives the list that the campaign has.
    public static func send(
        _ reference: String, campaign: String, in audience: String
    ) throws(ControlClientError) -> Self {
        try Self(.post, Routes.sends(of: reference, in: audience), json: SendRequest(campaign: campaign))
    }

    /// The recipient list of a campaign.
    public static func recipientList(of campaign: String, in audience: String) -> Self {
        Self(.get, Routes.recipientList(of: campaign, in: audience))
    }
}

extension ControlCall where Answer == RecipientListPageAnswer {
    /// Recipient lists, the newest first.
    public static func recipientLists(
        of audience: String, segment: String? = nil, limit: Int? = nil, after: String? = nil
    ) -> Self {
        Self(.get, Routes.recipientLists(of: audience, segment: segment, limit: limit, after: after))
    }
}

extension ControlCall where Answer == RecipientPageAnswer {
    /// A page of a list's recipients.
    public static func recipients(
        of campaign: String, in audience: String, limit: Int? = nil, after: String? = nil
    ) -> Self {
        Self(.get, Routes.recipients(of: campaign, in: audience, limit: limit, after: after))
    }
}

extension ControlCall where Answer == RecipientComparisonAnswer {
    /// A recipient list beside its segment as it is now.
    public static func recipientComparison(of campaign: String, in audience: String) -> Self {
        Self(.get, Routes.recipientComparison(of: campaign, in: audience))
    }
}

extension ControlCall where Answer == SettingsHistoryAnswer {
    /// Every change of an audience's settings.
    public static func settingsHistory(of audience: String) -> Self {
        Self(.get, Routes.settingsHistory(of: audience))
    }
}
