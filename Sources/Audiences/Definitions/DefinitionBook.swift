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
    /// The values fitted for segments, by the segment's id.
    private(set) var fits: [String: StoredFit] = [:]
    /// Every revision of each of them.
    private(set) var histories: [String: SegmentHistory] = [:]
    /// The ids of the segments that have values to be fitted.
    private(set) var fittedSegments: Set<String> = []
    private(set) var lastChangeAt: Instant = .earliest
    private(set) var recipients = RecipientBook()
    private(set) var settingsHistory = SettingsHistory()
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
            settingsHistory.apply(settings, at: at)
            lastChangeAt = max(lastChangeAt, at)
        case .segment(let stored, let at):
            // Checked against inferred types when it was saved; those may have changed their meaning since.
            if stored.fit == nil {
                fits[stored.id] = nil
                fittedSegments.remove(stored.id)
            } else {
                fittedSegments.insert(stored.id)
            }
            let condition = try condition(of: stored, fit: fits[stored.id], types: settings.fieldTypes)
            let createdAt = segments[stored.id]?.createdAt ?? at
            segments[stored.id] = Saved(stored: stored, condition: condition, createdAt: createdAt, changedAt: at)
            histories[stored.id, default: SegmentHistory()].append(stored, at: at)
            nextNumber = max(nextNumber, (Int(stored.id.dropFirst()) ?? 0) + 1)
            lastChangeAt = max(lastChangeAt, at)
        case .segmentDeleted(let id, let at):
            segments[id] = nil
            fits[id] = nil
            histories[id] = nil
            fittedSegments.remove(id)
            lastChangeAt = max(lastChangeAt, at)
        case .fit(let fit):
            if let saved = segments[fit.segment] {
                let condition = try condition(of: saved.stored, fit: fit, types: settings.fieldTypes)
                segments[fit.segment]?.condition = condition
                fits[fit.segment] = fit
            }
            lastChangeAt = max(lastChangeAt, fit.at)
        case .sent(let list):
            recipients.apply(list)
            lastChangeAt = max(lastChangeAt, list.sentAt)
        }
        recordCount += 1
    }

    /// A saved segment as it reads with other field types.
    private func reread(_ saved: Saved, types: [Identifier: FieldType]) throws(AudienceError) -> Saved {
        var saved = saved
        do {
            saved.condition = try condition(of: saved.stored, fit: fits[saved.stored.id], types: types)
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
    ///
    /// Cost: at once for an id, which no name looks like; every name is looked at for a name.
    func find(_ reference: String) -> Saved? {
        if let saved = segments[reference] { return saved }
        let folded = TextFolding.folded(reference)
        return segments.values.first { TextFolding.folded($0.stored.name) == folded }
    }

    /// The segment of that name or id, or an error that lists near names.
    func segment(_ reference: String) throws(AudienceError) -> Saved {
        if let found = find(reference) { return found }
        throw AudienceError(.segmentNotFound, notFound(reference), related: near(reference))
    }

    /// The segment of that name or id, which the body of a request says at the pointer.
    func segment(_ reference: String, at pointer: String) throws(AudienceError) -> Saved {
        if let found = find(reference) { return found }
        throw AudienceError(.unknownSegment, notFound(reference), pointer: pointer, related: near(reference))
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
    func condition(_ definition: JSONValue, types: [Identifier: FieldType]) throws(AudienceError) -> Condition {
        let parsed = try parse(definition, types: types)
        for reference in parsed.segmentReferences where find(reference) == nil {
            throw AudienceError(
                .unknownSegment, notFound(reference),
                pointer: "/where" + (definition.pointer(toSegment: reference) ?? ""),
                related: near(reference))
        }
        let canonical = parsed.mappingSegments { find($0)?.stored.id ?? $0 }.json
        // As it will be read from what is stored: what a field's first value was must not give a definition a meaning
        // that a restart takes away.
        return try parse(canonical, types: settings.fieldTypes)
    }

    /// What a stored segment selects, with the values that are fitted for it: nobody as long as there are none.
    func condition(
        of stored: StoredSegment, fit: StoredFit?, types: [Identifier: FieldType]
    ) throws(AudienceError) -> Condition {
        guard stored.fit != nil else { return try parse(stored.definition, types: types) }
        guard let definition = stored.definition.filled(withFit: fit?.values ?? [:]) else { return .nobody }
        return try parse(definition, types: types)
    }

    private func parse(_ definition: JSONValue, types: [Identifier: FieldType]) throws(AudienceError) -> Condition {
        do {
            return try Condition(parsing: definition, types: types)
        } catch {
            throw AudienceError(.init(rawValue: error.code.rawValue), error.message, pointer: "/where" + error.path)
        }
    }

    /// What a new segment, or a new revision of one, would be stored as.
    ///
    /// A prebuilt segment is made of nothing but its template, and exempt from plans.
    func revision(of existing: Saved?, as draft: RevisionDraft) throws(AudienceError) -> StoredSegment {
        let id = existing?.stored.id ?? "s\(nextNumber)"
        if existing == nil { try AudienceLimits.checkRoom(forSegmentBeside: segments.count) }
        if draft.template == nil { try existing?.checkIsEditable() }
        try checkName(draft.name, for: id)
        // A larger plan may have allowed what stands there.
        if draft.condition != existing?.condition, draft.template?.origin.isPrebuilt != true {
            try settings.plan.check(draft.condition)
        }
        if draft.automation { try Plan.checkAutomation(draft.condition) }
        try checkReferences(of: draft.condition)
        try checkCycle(id: id, name: draft.name, condition: draft.condition)
        let stored = StoredSegment(
            id: id, revision: (existing?.stored.revision ?? 0) + 1, name: draft.name, description: draft.description,
            definition: draft.condition.json, automation: draft.automation, restored: draft.restored)
        return stored.made(of: draft.template, condition: draft.condition, existing: existing)
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

    /// Segments that were there when the condition was read may have been deleted since.
    private func checkReferences(of condition: Condition) throws(AudienceError) {
        guard let missing = condition.segmentReferences.first(where: { segments[$0] == nil }) else { return }
        throw AudienceError(
            .unknownSegment, "The segment \(missing), which the condition refers to, has been deleted.",
            pointer: "/where")
    }

    /// Longest name of a segment, in bytes.
    static let nameBytesMax = 200

    private func checkCycle(id: String, name: String, condition: Condition) throws(AudienceError) {
        var path: [String] = []
        // What does not reach the segment by one way does not by another.
        var seen: Set<String> = []
        func reaches(_ current: String) -> Bool {
            if current == id { return true }
            guard seen.insert(current).inserted, let saved = segments[current] else { return false }
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
