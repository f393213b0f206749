extension Routes {
    /// All members of a segment as a stream of rows; the columns by name, contact and e-mail address if nil.
    public static func members(of reference: String, in audience: String, columns: [String]?) -> String {
        segment(reference, of: audience) + "/members" + query([("columns", columns?.joined(separator: ","))])
    }

    /// `POST` here freezes a segment's recipients for a campaign.
    public static func sends(of reference: String, in audience: String) -> String {
        segment(reference, of: audience) + "/sends"
    }

    /// Recipient lists, the newest first, from the one after that of the campaign `after`.
    public static func recipientLists(
        of audience: String, segment: String? = nil, limit: Int? = nil, after: String? = nil
    ) -> String {
        self.audience(audience) + "/recipients"
            + query([("segment", segment), ("limit", limit.map(String.init)), ("after", after)])
    }

    /// The recipient list of one campaign.
    public static func recipientList(of campaign: String, in audience: String) -> String {
        recipientLists(of: audience) + "/" + percentEncoded(campaign)
    }

    /// Recipients in byte order of their ids, from the one after `after`.
    public static func recipients(
        of campaign: String, in audience: String, limit: Int? = nil, after: String? = nil
    ) -> String {
        recipientList(of: campaign, in: audience) + "/contacts"
            + query([("limit", limit.map(String.init)), ("after", after)])
    }

    /// A recipient list beside its segment as it is now.
    public static func recipientComparison(of campaign: String, in audience: String) -> String {
        recipientList(of: campaign, in: audience) + "/comparison"
    }

    /// Every change of an audience's settings.
    public static func settingsHistory(of audience: String) -> String {
        self.audience(audience) + "/settings/history"
    }
}

extension Routes.Template {
    public static let sends = segment + "/sends"
    public static let recipientLists = audience + "/recipients"
    public static let recipientList = recipientLists + "/{campaign}"
    public static let recipients = recipientList + "/contacts"
    public static let recipientComparison = recipientList + "/comparison"
    public static let settingsHistory = audience + "/settings/history"
}
