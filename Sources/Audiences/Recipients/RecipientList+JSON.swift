internal import SegmentModel

extension RecipientList {
    /// The kind of record that says a list was frozen.
    static let kind = "sent"

    /// The definitions record, documented in docs/format.md.
    var json: JSONValue {
        .object([
            .init("kind", .string(Self.kind)), .init("at", .string(sentAt.description)),
            .init("campaign", .string(campaign.text)), .init("list", .number(String(number))),
            .init("segment", .string(segment.id)), .init("name", .string(segment.name)),
            .init("revision", .number(String(revision))), .init("frontier", .string(frontier.description)),
            .init("sequence", .number(String(sequence))), .init("recipients", .number(String(recipients))),
            .init("notSubscribed", .number(String(notSubscribed))),
            .init("withoutEmail", .number(String(withoutEmail))), .init("digest", .string(digestText)),
        ])
    }

    /// Reads a record; nil if it is not one of this version's.
    init?(_ json: JSONValue, at: Instant) {
        guard let campaign = json["campaign"]?.stringValue, let number = json["list"]?.intValue, number > 0,
            let segment = json["segment"]?.stringValue, let name = json["name"]?.stringValue,
            let revision = json["revision"]?.intValue, let frontierText = json["frontier"]?.stringValue,
            let frontier = try? Instant(rfc3339: frontierText),
            let sequence = json["sequence"]?.numberText.flatMap({ UInt64($0) }),
            let recipients = json["recipients"]?.intValue, let notSubscribed = json["notSubscribed"]?.intValue,
            let withoutEmail = json["withoutEmail"]?.intValue,
            let digest = json["digest"]?.stringValue.flatMap({ UInt32($0, radix: 16) })
        else { return nil }
        self.init(
            campaign: Identifier(campaign), number: number, segment: SegmentLabel(id: segment, name: name),
            revision: revision, sentAt: at, frontier: frontier, sequence: sequence, recipients: recipients,
            notSubscribed: notSubscribed, withoutEmail: withoutEmail, digest: digest)
    }
}
