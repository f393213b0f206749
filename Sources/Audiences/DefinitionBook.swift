internal import SegmentModel

/// An audience's settings and saved segments: the fold of its definitions table.
///
/// Pure: checks what is asked and says which record would make it so; whoever stores the record applies it.
struct DefinitionBook: Sendable {
    struct Saved: Sendable {
        var stored: StoredSegment
        /// Other segments by id.
        var condition: Condition
        var createdAt: Instant
        var changedAt: Instant

        var label: SegmentLabel { SegmentLabel(id: stored.id, name: stored.name) }
    }

    private(set) var settings: AudienceSettings
    private(set) var segments: [String: Saved] = [:]
    private(set) var lastChangeAt: Instant = .earliest
    /// The records folded.
    private(set) var recordCount = 0
    private var nextNumber = 1

    init(settings: AudienceSettings) {
        self.settings = settings
    }

    /// Folds stored records, the first of which sets the audience up.
    init(records: [JSONValue]) throws(AudienceError) {
        settings = AudienceSettings(name: "")
        var isSetUp = false
        for (index, json) in records.enumerated() {
            guard let record = DefinitionRecord(json) else {
                throw AudienceError(.dataDamaged, "Definition \(index + 1) is not of a form this version knows.")
            }
            if case .settings = record { isSetUp = true }
            try apply(record)
        }
        guard isSetUp else {
            throw AudienceError(
                .dataDamaged, "The definitions are empty although the audience exists: the log was damaged or replaced."
            )
        }
    }

    /// Takes a record that is stored.
    mutating func apply(_ record: DefinitionRecord) throws(AudienceError) {
        switch record {
        case .settings(let settings, let at):
            // All or none: an error leaves the book as it was.
            var reread = segments
            for (id, saved) in segments { reread[id] = try self.reread(saved, types: settings.fieldTypes) }
            segments = reread
            self.settings = settings
            lastChangeAt = max(lastChangeAt, at)
        case .segment(let stored, let at):
            // Checked against inferred types when it was saved; those may have changed their meaning since.
            let condition = try parse(stored.definition, types: settings.fieldTypes)
            let createdAt = segments[stored.id]?.createdAt ?? at
            segments[stored.id] = Saved(stored: stored, condition: condition, createdAt: createdAt, changedAt: at)
            nextNumber = max(nextNumber, (Int(stored.id.dropFirst()) ?? 0) + 1)
            lastChangeAt = max(lastChangeAt, at)
        case .segmentDeleted(let id, let at):
            segments[id] = nil
            lastChangeAt = max(lastChangeAt, at)
        }
        recordCount += 1
    }

    /// A saved segment as it reads with other field types.
    private func reread(_ saved: Saved, types: [String: FieldType]) throws(AudienceError) -> Saved {
        var saved = saved
        do {
            saved.condition = try Condition(parsing: saved.stored.definition, types: types)
        } catch {
            throw AudienceError(
                .invalidSetting,
                "With these field types the segment “\(saved.stored.name)” would have no meaning: \(error.message)",
                pointer: "/fields", related: [saved.stored.name])
        }
        return saved
    }

    // MARK: Looking up

    /// The segment of that name, whatever its case, or id.
    func find(_ reference: String) -> Saved? {
        let folded = TextFolding.folded(reference)
        return segments.values.first { TextFolding.folded($0.stored.name) == folded } ?? segments[reference]
    }

    /// The segment of that name or id, or an error that lists near names.
    func segment(_ reference: String) throws(AudienceError) -> Saved {
        if let found = find(reference) { return found }
        throw AudienceError(.segmentNotFound, notFound(reference), related: near(reference))
    }

    func name(of id: String) -> String {
        segments[id]?.stored.name ?? id
    }

    private func notFound(_ reference: String) -> String {
        let hint = near(reference).first.map { " Did you mean “\($0)”?" } ?? ""
        return "There is no segment “\(reference)”.\(hint)"
    }

    private func near(_ reference: String) -> [String] {
        NameSuggestion.nearest(to: reference, among: segments.values.map(\.stored.name).sorted()).map { [$0] } ?? []
    }

    // MARK: Checking

    /// Parses a definition in which segments are named, and puts their ids in place of the names.
    ///
    /// - Parameter types: declared and inferred types of custom fields.
    func condition(_ definition: JSONValue, types: [String: FieldType]) throws(AudienceError) -> Condition {
        let parsed = try parse(definition, types: types)
        for reference in parsed.segmentReferences where find(reference) == nil {
            throw AudienceError(
                .unknownSegment, notFound(reference),
                pointer: "/where" + (definition.pointer(toSegment: reference) ?? ""),
                related: near(reference))
        }
        return parsed.mappingSegments { find($0)?.stored.id ?? $0 }
    }

    private func parse(_ definition: JSONValue, types: [String: FieldType]) throws(AudienceError) -> Condition {
        do {
            return try Condition(parsing: definition, types: types)
        } catch {
            throw AudienceError(.init(rawValue: error.code.rawValue), error.message, pointer: "/where" + error.path)
        }
    }

    /// What a new segment, or a new revision of one, would be stored as.
    func revision(
        of existing: Saved?, name: String, description: String?, condition: Condition
    ) throws(AudienceError) -> StoredSegment {
        let id = existing?.stored.id ?? "s\(nextNumber)"
        try checkName(name, for: id)
        try settings.plan.check(condition)
        try checkCycle(id: id, name: name, condition: condition)
        return StoredSegment(
            id: id, revision: (existing?.stored.revision ?? 0) + 1, name: name, description: description,
            definition: condition.json)
    }

    /// The names of the segments that refer to this one.
    func referrers(of id: String) -> [String] {
        segments.values.filter { $0.condition.segmentReferences.contains(id) }.map(\.stored.name).sorted()
    }

    private func checkName(_ name: String, for id: String) throws(AudienceError) {
        let isBlank = name.utf8.allSatisfy { $0 == UInt8(ascii: " ") }
        let hasControl = name.unicodeScalars.contains { $0.properties.generalCategory == .control }
        guard !isBlank, !hasControl, name.utf8.count <= Self.nameBytesMax else {
            throw AudienceError(
                .invalidName, "A segment's name has 1 to \(Self.nameBytesMax) bytes and no control characters.",
                pointer: "/name")
        }
        if name.first == "s", !name.dropFirst().isEmpty, name.dropFirst().allSatisfy(\.isNumber) {
            throw AudienceError(
                .invalidName, "“\(name)” looks like a segment's id; choose another name.", pointer: "/name")
        }
        if let other = find(name), other.stored.id != id {
            throw AudienceError(
                .segmentExists,
                "There is a segment named “\(other.stored.name)” already; names are unique whatever their case.",
                pointer: "/name", related: [other.stored.name])
        }
    }

    /// Longest name of a segment, in bytes.
    static let nameBytesMax = 200

    private func checkCycle(id: String, name: String, condition: Condition) throws(AudienceError) {
        var path: [String] = []
        func reaches(_ current: String) -> Bool {
            if current == id { return true }
            guard let saved = segments[current], !path.contains(current) else { return false }
            path.append(current)
            if saved.condition.segmentReferences.contains(where: reaches) { return true }
            path.removeLast()
            return false
        }
        guard condition.segmentReferences.contains(where: reaches) else { return }
        let names = [name] + path.map { self.name(of: $0) } + [name]
        throw AudienceError(
            .segmentCycle, "The segment would contain itself: " + names.joined(separator: " → ") + ".",
            pointer: "/where", related: names)
    }
}
