import Audiences
import ControlAPI
import SegmentModel

extension RecipientListAnswer {
    init(_ list: RecipientList) {
        self.init(
            campaign: list.campaign.text, segment: SegmentName(list.segment), revision: list.revision,
            sentAt: list.sentAt.description, frontier: list.frontier.description, sequence: list.sequence,
            members: list.members, recipients: list.recipients, notSubscribed: list.notSubscribed,
            withoutEmail: list.withoutEmail, digest: list.digestText)
    }
}

extension RecipientListPageAnswer {
    init(_ page: RecipientListPage) {
        self.init(count: page.count, lists: page.lists.map { RecipientListAnswer($0) }, next: page.next?.text)
    }
}

extension RecipientPageAnswer {
    init(_ page: RecipientPage) {
        self.init(
            campaign: page.list.campaign.text, frontier: page.list.frontier.description, count: page.count,
            recipients: page.recipients.map { ContactLine($0) }, next: page.next?.text)
    }
}

extension RecipientComparisonAnswer {
    init(_ comparison: RecipientComparison) {
        self.init(
            list: RecipientListAnswer(comparison.list), segment: SegmentName(comparison.segment),
            frontier: comparison.frontier.description, members: comparison.members, inBoth: comparison.inBoth,
            onlyInList: comparison.onlyInList, onlyInSegment: comparison.onlyInSegment,
            reachable: comparison.reachable,
            onlyInListSample: comparison.onlyInListSample.map { ContactLine($0) },
            onlyInSegmentSample: comparison.onlyInSegmentSample.map { ContactLine($0) })
    }
}

extension ContactLine {
    init(_ member: Member) {
        self.init(contact: member.contact.text, email: member.email)
    }
}

extension SettingsChangeAnswer {
    init(_ change: SettingsChange) {
        let before = change.before?.texts ?? [:]
        let after = change.after.texts
        let names = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }
        self.init(
            at: change.at.description,
            settings: names.sorted().map { SettingAnswer(setting: $0, before: before[$0], after: after[$0]) })
    }
}

extension AudienceSettings {
    /// The settings as texts under the names that requests use.
    fileprivate var texts: [String: String] {
        var texts = [
            "name": name, "timezone": timezone, "currency": currency, "plan": plan.rawValue,
            "visibilityDelay": exactPeriod(visibilityDelayMicroseconds),
            "countedStatuses": OrderStatus.allCases.filter(countedStatuses.contains).map(\.rawValue)
                .joined(separator: ", "),
        ]
        for (field, type) in fieldTypes { texts["fields." + field.text] = type.rawValue }
        return texts
    }
}
