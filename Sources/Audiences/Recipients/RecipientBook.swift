internal import SegmentModel

/// The recipient lists that the definitions table says there are: the only truth about which files count.
struct RecipientBook: Sendable {
    /// In the order in which they were frozen.
    private(set) var lists: [RecipientList] = []
    private var positions: [Identifier: Int] = [:]
    private var lastPositions: [String: Int] = [:]

    /// Takes a record that is stored.
    mutating func apply(_ list: RecipientList) {
        positions[list.campaign] = lists.count
        lastPositions[list.segment.id] = lists.count
        lists.append(list)
    }

    /// The list of a campaign, nil if there is none.
    func list(of campaign: Identifier) -> RecipientList? { positions[campaign].map { lists[$0] } }

    /// The newest list of a segment, by the segment's id.
    func last(of segment: String) -> RecipientList? { lastPositions[segment].map { lists[$0] } }

    /// The number of the next list.
    var nextNumber: Int { (lists.last?.number ?? 0) + 1 }

    /// The list of a campaign, or an error that lists a near name.
    func known(_ campaign: Identifier) throws(AudienceError) -> RecipientList {
        if let list = list(of: campaign) { return list }
        let near = NameSuggestion.nearest(to: campaign.text, among: lists.map(\.campaign.text))
        let hint = near.map { " Did you mean “\($0)”?" } ?? ""
        throw AudienceError(
            .campaignNotFound, "Nothing was sent for a campaign “\(campaign)”.\(hint)",
            related: near.map { [$0] } ?? [])
    }
}

extension AudienceError.Code {
    /// Nothing was sent for that campaign.
    public static let campaignNotFound = AudienceError.Code(rawValue: "campaign_not_found")
    /// The campaign has a list of another segment.
    public static let campaignSent = AudienceError.Code(rawValue: "campaign_sent")
    /// A recipient list is not what was frozen; other lists and the audience itself are sound.
    public static let listDamaged = AudienceError.Code(rawValue: "list_damaged")
}
