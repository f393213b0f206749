internal import Audiences
internal import RandomWorlds
internal import SegmentModel

extension World {
    /// A stop and a start; the clock may have been set meanwhile.
    func restart(withRoom: Bool = false) async throws {
        say("  restart\(withRoom ? " with more room" : "")")
        guard try await close() else { throw Crashed() }
        if withRoom { makeRoom() }
        try await start()
    }

    /// Goes on from what a crash left: whatever was answered is there, and of what was asked all or nothing.
    func recover() async throws {
        await moveIntoImage()
        try await start()
    }

    private func start() async throws {
        let before = clock.now()
        switch Int.random(in: 0..<10, using: &random) {
        case 0:
            clock.move(to: before.advanced(byMicroseconds: Int64.random(in: 0...(40 * 86_400_000_000), using: &random)))
        case 1:
            clock.move(to: before.advanced(byMicroseconds: -Int64.random(in: 0...(5 * 86_400_000_000), using: &random)))
        default: clock.move(to: before.advanced(byMicroseconds: Int64.random(in: 0...10_000_000, using: &random)))
        }
        // The daemon's clock remembers how far it was.
        for erasing in expected.values.compactMap(\.erasingSince) where clock.now() < erasing {
            clock.move(to: erasing)
        }
        arm(0.25)
        try await open()
        try await reconcile(clockBefore: before)
        for id in expected.keys.sorted() {
            expected[id]?.holdsViews = false
            try takeErased(id)
        }
        for id in expected.keys.sorted() { try await takeStart(id, clockBefore: before) }
    }

    /// The frontier after a start: no earlier than what is stored and than the clock, no later than it ever was.
    private func takeStart(_ id: String, clockBefore: Instant) async throws {
        guard let before = expected[id] else { return }
        let audience = try audience(id)
        let frontier = await audience.status().frontier
        let recordedAt = before.events.last?.recordedAt ?? .earliest
        let lowest = max(recordedAt, before.lastDefinitionAt, clock.now())
        try require(
            frontier >= lowest, "a start is no earlier than what is stored, and than the clock",
            "\(id): \(frontier), at least \(lowest)")
        let highest = max(lowest, before.reached, clockBefore)
        try require(
            frontier <= highest, "the frontier is never ahead of the clock", "\(id): \(frontier), at most \(highest)")
        expected[id]?.frontier = frontier
        expected[id]?.reached = max(frontier, clock.now())
        expected[id]?.lastChangeAt = .earliest
        try await beginFold(id)
    }

    /// From here on changes are folded.
    private func beginFold(_ id: String) async throws {
        let audience = try audience(id)
        _ = await audience.takeChanges()
        var folded: [String: Set<Identifier>] = [:]
        for segment in await audience.segments() {
            folded[segment.id] = Set(try await audience.members(of: segment.id).members.map(\.contact))
        }
        expected[id]?.folded = folded
    }

    /// Finds out whether what was asked for when the world ended was done. It may have been, or not; nothing in between.
    ///
    /// - Parameter clockBefore: when it was asked for.
    private func reconcile(clockBefore: Instant) async throws {
        guard let directory else { return }
        for audience in directory.audiences where expected[audience.id] == nil {
            guard let settings = uncertain[audience.id] else {
                throw Violation("nothing is there that was not asked for", "audience \(audience.id)")
            }
            try await adopt(audience.id, settings, at: clock.now())
        }
        try requireEqual(
            directory.audiences.map(\.id), expected.keys.sorted(), "acknowledged audiences are there", "after a start")
        switch inFlight {
        case .nothing, .create: break
        case .ingest(let id, let batch): try reconcile(batch, of: id)
        case .save(let id, let name, let condition):
            guard let found = try? await audience(id).segment(name) else { break }
            expected[id]?.take(new: found.id, .init(name: name, condition: condition), at: found.changedAt)
        case .edit(let id, let segment, let revision):
            let found = try await audience(id).segment(segment)
            guard found.revision == (expected[id]?.segments[segment]?.revisions.count ?? 0) + 1 else { break }
            expected[id]?.take(revision, of: segment, at: found.changedAt)
        case .delete(let id, let segments):
            guard let first = segments.first, try await isMissing(first, of: id) else { break }
            expected[id]?.take(deleted: segments, at: clockBefore)
        case .settings(let id, let settings):
            // Those that there were tell nothing.
            guard expected[id]?.settings != settings, try audience(id).settings() == settings else { break }
            expected[id]?.take(settings, at: clockBefore)
        case .send(let id, _, let campaign): try await reconcile(campaign, of: id)
        }
        inFlight = .nothing
    }

    private func isMissing(_ segment: String, of id: String) async throws -> Bool {
        do {
            _ = try await audience(id).segment(segment)
            return false
        } catch let error as AudienceError where error.code == .segmentNotFound {
            return true
        }
    }

    /// A batch is stored as a whole or not at all; its source sends it again.
    private func reconcile(_ batch: [Event], of id: String) throws {
        guard let before = expected[id] else { return }
        sources[id]?.unanswered += batch
        let isStored = try audience(id).storedEvents(from: UInt64(before.events.count + 1)).isEmpty == false
        guard isStored else { return }
        try takeStored(before.fresh(among: batch).events, of: id, recordedAt: nil, isAnswered: false)
    }

    private func reconcile(_ campaign: Identifier, of id: String) async throws {
        let isKnown = expected[id]?.lists.contains { $0.list.campaign == campaign } ?? true
        guard !isKnown, let list = try? await audience(id).recipientList(of: campaign) else { return }
        let now = expected[id]?.frontier
        expected[id]?.frontier = list.frontier
        try await takeList(list, of: id)
        if let now { expected[id]?.frontier = now }
    }
}
