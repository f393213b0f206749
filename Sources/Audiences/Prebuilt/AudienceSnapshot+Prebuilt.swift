public import SegmentModel

extension AudienceSnapshot {
    /// What a template would select with these parameters; fitted values are those of the frontier.
    func review(
        prebuilt name: String, parameters: JSONValue?, sample: Int
    ) throws(AudienceError) -> Review {
        let template = try provisions.templates.template(name)
        let filled = template.filled(try template.values(parameters), isPrebuilt: false)
        return try review(try condition(of: filled), sample: sample, editing: nil)
    }

    /// What a segment that was made of a template would select with some of its parameters changed.
    func review(
        _ reference: String, changing parameters: JSONValue, sample: Int
    ) throws(AudienceError) -> Review {
        let saved = try book.segment(reference, at: "/segment")
        let filled = try book.filled(saved, changing: parameters, among: provisions.templates)
        return try review(
            try condition(of: filled), sample: sample, editing: saved.stored.id, isPrebuilt: saved.stored.isPrebuilt)
    }

    /// The condition of a filled template, with the values that fit the contacts at the frontier.
    func condition(of filled: FilledTemplate) throws(AudienceError) -> Condition {
        try book.condition(filled, fit: filled.fit?.values(in: engine) ?? [:], types: knownTypes)
    }

    /// The templates, with the audience's own segment of each.
    func prebuilt() -> [PrebuiltSegment] {
        provisions.templates.map(prebuilt)
    }

    func prebuilt(_ name: String) throws(AudienceError) -> PrebuiltSegment {
        prebuilt(try provisions.templates.template(name, pointer: nil))
    }

    private func prebuilt(_ template: SegmentTemplate) -> PrebuiltSegment {
        let own = book.segments.values.first { $0.stored.isPrebuilt && $0.stored.origin?.template == template.name }
        return PrebuiltSegment(template: template, segment: own.map(snapshot), frontier: frontier)
    }
}

/// A template as an audience has it.
public struct PrebuiltSegment: Equatable, Sendable {
    public var template: SegmentTemplate
    /// Its own segment; nil where somebody had saved another one of that name before.
    public var segment: SegmentSnapshot?
    public var frontier: Instant
}

extension FitSnapshot {
    init(_ fit: StoredFit) {
        self.init(values: fit.values, frontier: fit.frontier, at: fit.at)
    }
}
