internal import SegmentModel

/// Values found for a segment's definition, as they are recorded.
struct StoredFit: Equatable, Sendable {
    /// The segment's id.
    var segment: String
    /// The values by their names; empty: nobody is a member.
    var values: [String: Number]
    /// The frontier they were found at, and the last event seen there.
    var frontier: Instant
    var sequence: UInt64
    /// Since when they count.
    var at: Instant
}

/// Values as they were found, before they are recorded.
struct FoundFit: Sendable {
    var values: [String: Number]
    var frontier: Instant
    var sequence: UInt64

    func stored(for segment: String, at instant: Instant) -> StoredFit {
        StoredFit(segment: segment, values: values, frontier: frontier, sequence: sequence, at: instant)
    }
}

extension StoredFit {
    var members: [JSONValue.Member] {
        [
            .init("id", .string(segment)), .init("parameters", Self.json(values)),
            .init("frontier", .string(frontier.description)), .init("sequence", .number(String(sequence))),
        ]
    }

    init?(json: JSONValue, at: Instant) {
        guard let segment = json["id"]?.stringValue, let values = Self.numbers(json["parameters"]),
            let frontier = json["frontier"]?.stringValue.flatMap({ try? Instant(rfc3339: $0) }),
            let sequence = json["sequence"]?.numberText.flatMap({ UInt64($0) })
        else { return nil }
        self.init(segment: segment, values: values, frontier: frontier, sequence: sequence, at: at)
    }

    /// Numbers by name as an object, in the order of names.
    static func json(_ values: [String: Number]) -> JSONValue {
        .object(values.sorted { $0.key < $1.key }.map { .init($0.key, $0.value.json) })
    }

    static func numbers(_ json: JSONValue?) -> [String: Number]? {
        guard let members = json?.members else { return nil }
        let pairs = members.compactMap { member in Number(json: member.value).map { (member.key, $0) } }
        return pairs.count == members.count ? Dictionary(pairs, uniquingKeysWith: { $1 }) : nil
    }
}

extension SegmentOrigin {
    var json: JSONValue {
        .object([
            .init("template", .string(template)), .init("version", .number(String(version))),
            .init("parameters", StoredFit.json(parameters)), .init("prebuilt", .bool(isPrebuilt)),
        ])
    }

    init?(json: JSONValue) {
        guard let template = json["template"]?.stringValue, let version = json["version"]?.intValue,
            let parameters = StoredFit.numbers(json["parameters"]), let isPrebuilt = json["prebuilt"]?.boolValue
        else { return nil }
        self.init(template: template, version: version, parameters: parameters, isPrebuilt: isPrebuilt)
    }
}

extension StoredSegment {
    /// What the record says of template and fit; nothing of a segment that has neither.
    var templateMembers: [JSONValue.Member] {
        [origin.map { .init("origin", $0.json) }, fit.map { .init("fit", $0.json) }].compactMap(\.self)
    }

    /// Takes over what the record says of them; false if it is of a form this version does not know.
    mutating func readTemplate(_ json: JSONValue) -> Bool {
        origin = json["origin"].flatMap { SegmentOrigin(json: $0) }
        fit = json["fit"].flatMap { FitModel(json: $0) }
        return (origin == nil) == (json["origin"] == nil) && (fit == nil) == (json["fit"] == nil)
    }
}

extension Condition {
    /// What nobody satisfies: a definition whose fitted values are not known yet.
    static let nobody = Condition.activity(
        ActivityCondition(activity: .order, test: .number(.lessThan(.zero))))
}
