internal import Admission
internal import Audiences
internal import RandomWorlds
internal import SegmentModel

extension World {
    private func names(of id: String) -> [String] {
        expected[id]?.segments.values.map(\.present.name).sorted() ?? []
    }

    private func segments(of id: String) -> [ExpectedSegment] {
        expected[id]?.segments.values.sorted { $0.id < $1.id } ?? []
    }

    func save(_ id: String) async throws {
        guard segments(of: id).count < Self.segmentsMax, var source = sources[id] else { return try await delete(id) }
        let definition = source.definition(segments: names(of: id), using: &random)
        let name = source.nextName()
        sources[id] = source
        guard let condition = try expected[id]?.condition(definition) else { return }
        let audience = try audience(id)
        say("  save \(name) of \(id)")
        let saved = try await attempt(.save(id, name: name, condition)) {
            try await audience.save(name: name, where: definition)
        }
        if let saved { expected[id]?.take(new: saved.id, .init(name: name, condition: condition), at: saved.changedAt) }
        try await takeFrontier(id, isSent: saved != nil)
    }

    private static let segmentsMax = 12

    /// A new condition, an earlier one, or another name.
    func edit(_ id: String) async throws {
        guard let segment = segments(of: id).randomElement(using: &random) else { return try await save(id) }
        var revision = segment.present
        var change = SegmentChange()
        switch Int.random(in: 0..<4, using: &random) {
        case 0:
            let number = Int.random(in: 1...segment.revisions.count, using: &random)
            revision = segment.revisions[number - 1]
            change = SegmentChange(restoring: number)
        case 1:
            revision.name = sources[id]?.nextName() ?? ""
            change.name = revision.name
        default:
            guard let definition = sources[id]?.definition(segments: names(of: id), using: &random),
                let condition = try expected[id]?.condition(definition)
            else { return }
            change.definition = definition
            revision.condition = condition
        }
        let audience = try audience(id)
        say("  edit \(segment.id) of \(id)")
        let edit = try await attempt(.edit(id, segment: segment.id, revision)) {
            try await audience.edit(segment.id, change)
        }
        if let edit { expected[id]?.take(revision, of: segment.id, at: edit.segment.changedAt) }
        try await takeFrontier(id, isSent: edit != nil)
    }

    func delete(_ id: String) async throws {
        guard segments(of: id).count > 2 else { return try await save(id) }
        var chosen = segments(of: id).map(\.id)
        chosen.shuffle(using: &random)
        chosen = Array(chosen.prefix(Int.random(in: 1...3, using: &random)))
        guard !chosen.isEmpty else { return }
        let audience = try audience(id)
        say("  delete \(chosen) of \(id)")
        let deletion = try await attempt(.delete(id, chosen)) { try await audience.delete(chosen) }
        if let deletion { expected[id]?.take(deleted: chosen, at: deletion.frontier) }
        try await takeFrontier(id, isSent: deletion != nil)
    }

    /// Freezes a segment for a campaign, now and then one that has its list.
    func send(_ id: String) async throws {
        guard let segment = segments(of: id).randomElement(using: &random) else { return try await save(id) }
        guard
            let campaign = random.chance(0.2)
                ? expected[id]?.lists.randomElement(using: &random)?.list.campaign : sources[id]?.nextCampaign()
        else { return }
        let audience = try audience(id)
        say("  send \(segment.id) of \(id) for \(campaign)")
        let receipt = try await attempt(.send(id, segment: segment.id, campaign: campaign)) {
            try await audience.send(segment.id, campaign: campaign)
        }
        try await takeFrontier(id, isSent: receipt?.isNew == true)
        guard let receipt else { return }
        let known = expected[id]?.lists.first { $0.list.campaign == campaign }
        try requireEqual(receipt.isNew, known == nil, "a campaign is sent once", "\(id), \(campaign)")
        if receipt.isNew { try await takeList(receipt.list, of: id) }
    }

    /// Takes a recipient list for frozen, after comparing it with the reference.
    func takeList(_ list: RecipientList, of id: String) async throws {
        guard var audience = expected[id], let segment = audience.segments[list.segment.id] else { return }
        try requireEqual(list.frontier, audience.frontier, "a list names its frontier", "\(id), \(list.campaign)")
        let recipients = try await recipients(of: list, try self.audience(id))
        let members = try self.members(of: segment.present.condition, in: &audience)
        let expectedRecipients = members.filter(\.isSubscribed).compactMap { contact in
            contact.email.map { Member(contact: contact.id, email: $0) }
        }
        let place = "\(id), \(list.campaign)"
        try requireEqual(
            recipients, expectedRecipients, "recipients are the reference's members with an address", place)
        try requireEqual(list.members, members.count, "a list counts its members", place)
        audience.lists.append(ExpectedList(list: list, recipients: recipients))
        audience.lastDefinitionAt = max(audience.lastDefinitionAt, list.sentAt)
        expected[id] = audience
    }

    static let contactsMax = 1_000

    /// Requests that must be refused, and questions; none of them changes anything.
    func ask(_ id: String) async throws {
        let audience = try audience(id)
        let definition = sources[id]?.definition(segments: names(of: id), using: &random) ?? ["tag": "vip"]
        say("  ask \(id)")
        switch Int.random(in: 0..<4, using: &random) {
        case 0:
            guard let name = names(of: id).randomElement(using: &random) else { return }
            let answer = try await attempt(.nothing) { try await audience.save(name: name, where: definition) }
            try require(answer == nil, "names are unique", name)
            try await takeFrontier(id, isSent: false)
        case 1:
            let answer = try await attempt(.nothing) {
                try await audience.save(name: "new", where: ["segment": "nobody knows it"])
            }
            try require(answer == nil, "a condition refers to segments that there are", id)
        case 2:
            guard var model = expected[id] else { return }
            let review = try await attempt(.nothing) { try await audience.review(definition, sample: 3) }
            let count = try members(of: try model.condition(definition), in: &model).count
            // A plan may refuse to say.
            if let review {
                try requireEqual(review.count, count, "a review counts what the reference counts", definition.text)
            }
        default:
            let pending = try await attempt(.nothing) { try await audience.pending(limit: 3) }
            let count = (expected[id]?.events.count ?? 0) - (expected[id]?.visibleCount ?? 0)
            try requireEqual(pending?.count, count, "what is pending is counted", id)
        }
    }

    /// Somebody begins to read an export, or goes on reading one.
    func read(_ id: String) async throws {
        if var held = reader {
            reader = nil
            var (text, piece) = ([UInt8](), [UInt8]())
            while try held.export.next(into: &piece) { text += piece }
            try requireEqual(
                String(decoding: text, as: UTF8.self), held.expected,
                "an export stays what it was at its frontier", held.audience)
            return say("  read an export of \(held.audience)")
        }
        guard var model = expected[id], let segment = segments(of: id).randomElement(using: &random) else { return }
        let export = try await audience(id).export(segment.id, columns: ["contact"], format: .ndjson)
        let members = try members(of: segment.present.condition, in: &model)
        let rows = members.map { "{\"contact\":\"\($0.id)\"}\n" }.joined()
        reader = SlowReader(audience: id, export: export, expected: rows)
        say("  begin an export of \(segment.id) of \(id)")
    }

    /// The product's own comparison of live members with the log.
    func rerun(_ id: String) async throws {
        guard let segment = segments(of: id).randomElement(using: &random) else { return }
        let audience = try audience(id)
        say("  rerun \(segment.id) of \(id)")
        let rerun = try await attempt(.nothing) { try await audience.rerun(segment.id) }
        try await takeFrontier(id, isSent: rerun != nil)
        guard let rerun else { return }
        try requireEqual(
            rerun.missingCount + rerun.unexpectedCount, 0, "recomputing a segment from the log shows no difference",
            "\(id), \(segment.id)")
    }
}

extension ExpectedAudience {
    mutating func take(_ changed: AudienceSettings, at instant: Instant) {
        settings = changed
        lastDefinitionAt = max(lastDefinitionAt, instant)
    }

    mutating func take(new id: String, _ revision: ExpectedSegment.Revision, at instant: Instant) {
        segments[id] = ExpectedSegment(id: id, revisions: [revision])
        lastDefinitionAt = max(lastDefinitionAt, instant)
    }

    mutating func take(_ revision: ExpectedSegment.Revision, of id: String, at instant: Instant) {
        segments[id]?.revisions.append(revision)
        lastDefinitionAt = max(lastDefinitionAt, instant)
    }

    mutating func take(deleted ids: [String], at instant: Instant) {
        for id in ids { segments[id] = nil }
        lastDefinitionAt = max(lastDefinitionAt, instant)
    }
}

extension Contact {
    var isSubscribed: Bool { attributes[.known(.status)].map { $0 == .text("subscribed") } ?? true }

    var email: String? { attributes[.known(.email)]?.asText }
}

extension AdmittedBatch {
    /// The events as lines 1, 2, 3 …
    init(_ events: [Event]) {
        self.init()
        self.events = AdmittedEvents(events.enumerated().map { AdmittedEvent(line: $0.offset + 1, event: $0.element) })
        lineCount = events.count
    }
}
