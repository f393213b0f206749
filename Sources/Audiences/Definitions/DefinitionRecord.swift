internal import SegmentModel

/// One entry of an audience's definitions table: a change of settings, of a saved segment or of the values fitted for one,
/// with its instant.
///
/// Definitions count at once. Segments refer to each other by id, so that a renamed segment stays referred to.
enum DefinitionRecord: Equatable {
    case settings(AudienceSettings, at: Instant)
    case segment(StoredSegment, at: Instant)
    case segmentDeleted(id: String, at: Instant)
    case fit(StoredFit)
    case sent(RecipientList)
}

/// One revision of a saved segment as it is stored.
struct StoredSegment: Equatable, Sendable {
    var id: String
    var revision: Int
    var name: String
    var description: String?
    /// Canonical; other segments by id. With `{"fit": NAME}` where values are fitted.
    var definition: JSONValue
    /// Whether automations use the segment: it is flat in every plan.
    var automation = false
    /// The revision that this one brought back.
    var restored: Int?
    /// The template it was made of.
    var origin: SegmentOrigin?
    /// How its fitted values are found.
    var fit: FitModel?
}

extension DefinitionRecord {
    /// The record's JSON form, documented in docs/format.md.
    var json: JSONValue {
        switch self {
        case .settings(let settings, let at):
            .object([
                .init("kind", "settings"), .init("at", .string(at.description)), .init("settings", settings.json),
            ])
        case .segment(let segment, let at):
            .object(
                [
                    .init("kind", "segment"), .init("at", .string(at.description)), .init("id", .string(segment.id)),
                    .init("revision", .number(String(segment.revision))), .init("name", .string(segment.name)),
                    .init("description", segment.description.map { .string($0) } ?? .null),
                    .init("where", segment.definition),
                ] + segment.marks + segment.templateMembers)
        case .segmentDeleted(let id, let at):
            .object([
                .init("kind", "segment_deleted"), .init("at", .string(at.description)), .init("id", .string(id)),
            ])
        case .fit(let fit):
            .object([.init("kind", "fit"), .init("at", .string(fit.at.description))] + fit.members)
        case .sent(let list): list.json
        }
    }

    /// Reads a record; nil if it is not one of this version's.
    init?(_ json: JSONValue) {
        guard let kind = json["kind"]?.stringValue, let text = json["at"]?.stringValue,
            let at = try? Instant(rfc3339: text)
        else { return nil }
        switch kind {
        case "settings":
            guard let settings = json["settings"].flatMap({ AudienceSettings(json: $0) }) else { return nil }
            self = .settings(settings, at: at)
        case "segment":
            guard let id = json["id"]?.stringValue, let name = json["name"]?.stringValue,
                case .number(let revision)? = json["revision"], let definition = json["where"]
            else { return nil }
            var stored = StoredSegment(
                id: id, revision: Int(revision) ?? 1, name: name, description: json["description"]?.stringValue,
                definition: definition, automation: json["automation"] == .bool(true),
                restored: json["restored"]?.wholeNumber)
            guard stored.readTemplate(json) else { return nil }
            self = .segment(stored, at: at)
        case "segment_deleted":
            guard let id = json["id"]?.stringValue else { return nil }
            self = .segmentDeleted(id: id, at: at)
        case "fit":
            guard let fit = StoredFit(json: json, at: at) else { return nil }
            self = .fit(fit)
        case RecipientList.kind:
            guard let list = RecipientList(json, at: at) else { return nil }
            self = .sent(list)
        default:
            return nil
        }
    }
}

extension StoredSegment {
    /// The members of a record that are there only where they say something.
    fileprivate var marks: [JSONValue.Member] {
        (automation ? [.init("automation", .bool(true))] : [])
            + (restored.map { [.init("restored", .number(String($0)))] } ?? [])
    }
}

extension JSONValue {
    fileprivate var wholeNumber: Int? {
        if case .number(let text) = self { Int(text) } else { nil }
    }
}

extension AudienceSettings {
    fileprivate var json: JSONValue {
        .object([
            .init("name", .string(name)), .init("timezone", .string(timezone)), .init("currency", .string(currency)),
            .init("plan", .string(plan.rawValue)),
            .init("visibilityDelayMicroseconds", .number(String(visibilityDelayMicroseconds))),
            .init("countedStatuses", .array(countedStatuses.map(\.rawValue).sorted().map { .string($0) })),
            .init(
                "fields",
                .object(fieldTypes.sorted { $0.key < $1.key }.map { .init($0.key.text, .string($0.value.rawValue)) })),
        ])
    }

    fileprivate init?(json: JSONValue) {
        guard let name = json["name"]?.stringValue, let timezone = json["timezone"]?.stringValue,
            let currency = json["currency"]?.stringValue,
            let plan = json["plan"]?.stringValue.flatMap({ Plan(rawValue: $0) }),
            case .number(let delay)? = json["visibilityDelayMicroseconds"], let microseconds = Int64(delay),
            case .array(let statuses)? = json["countedStatuses"], case .object(let fields)? = json["fields"]
        else { return nil }
        self.init(
            name: name, timezone: timezone, currency: currency, plan: plan, visibilityDelayMicroseconds: microseconds,
            countedStatuses: Set(statuses.compactMap { $0.stringValue.flatMap { OrderStatus(rawValue: $0) } }),
            fieldTypes: Dictionary(
                fields.compactMap { member in
                    member.value.stringValue.flatMap { FieldType(rawValue: $0) }.map { (Identifier(member.key), $0) }
                }, uniquingKeysWith: { $1 }))
    }
}
