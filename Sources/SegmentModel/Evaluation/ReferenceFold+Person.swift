/// What was said about one contact, orders and refunds apart.
struct Person {
    let firstSeenAt: Instant
    private var attributes: [AttributeKey: (value: AttributeValue?, stamp: Stamp)] = [:]
    private var tagChanges: [(change: TagChange, stamp: Stamp)] = []
    private var activities: [Activity] = []

    init(firstSeenAt: Instant) {
        self.firstSeenAt = firstSeenAt
    }

    mutating func apply(_ change: ContactChange, at stamp: Stamp) {
        for attribute in change.attributes {
            if let known = attributes[attribute.key], known.stamp > stamp { continue }
            attributes[attribute.key] = (attribute.value, stamp)
        }
        if let tags = change.tags { tagChanges.append((tags, stamp)) }
    }

    mutating func append(_ activity: CampaignActivity, at stamp: Stamp) {
        let kind = Activity.Kind.campaign(activity.kind, campaign: activity.campaign, url: activity.url)
        activities.append(Activity(kind: kind, occurredAt: stamp.occurredAt, sequence: stamp.sequence))
    }

    mutating func append(_ activity: RecordedActivity, at stamp: Stamp) {
        let kind = Activity.Kind.recorded(name: activity.name, properties: activity.properties)
        activities.append(Activity(kind: kind, occurredAt: stamp.occurredAt, sequence: stamp.sequence))
    }

    func contact(id: Identifier) -> Contact {
        Contact(
            id: id, firstSeenAt: firstSeenAt, attributes: attributes.compactMapValues(\.value), tags: tags(),
            activities: activities)
    }

    /// All changes of tags in the order in which they happened, each done in full. A change that came late is done
    /// where it belongs, so a later `set` undoes it.
    private func tags() -> [Identifier: String] {
        var tags: [Identifier: String] = [:]
        for (change, _) in tagChanges.sorted(by: { $0.stamp < $1.stamp }) {
            switch change {
            case .set(let all):
                tags = [:]
                for tag in all { tags[Identifier(TextFolding.folded(tag))] = tag }
            case .edit(let add, let remove):
                for tag in add { tags[Identifier(TextFolding.folded(tag))] = tag }
                for tag in remove { tags[Identifier(TextFolding.folded(tag))] = nil }
            }
        }
        return tags
    }
}
