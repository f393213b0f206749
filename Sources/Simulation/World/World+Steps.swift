internal import Admission
internal import Audiences
internal import Glibc
internal import RandomWorlds
internal import SegmentModel

extension World {
    /// One thing that happens in the world, and what must be true after it.
    ///
    /// - Parameter isLast: whether everything is looked at.
    func step(_ number: Int, isLast: Bool) async throws {
        arm(0.15)
        if random.chance(0.08) {
            disk.fail(
                after: Int.random(in: 1...8, using: &random),
                with: random.pick([EIO, ENOSPC, LMDBCodes.mapFull]))
        }
        if disk.isFull, random.chance(0.2) {
            disk.isFull = false
            say("  the disk has room again")
        }
        let rebuilds = isLast || random.chance(0.04)
        var touched: String?
        isTicking = false
        do {
            touched = try await act()
            if rebuilds { for id in expected.keys.sorted() { try await tick(id) } }
        } catch is Crashed {
            touched = nil
            try await recover()
        }
        inFlight = .nothing
        let isWhole = touched == nil || number % 5 == 0 || isLast
        for id in expected.keys.sorted() where isWhole || id == touched { try await check(id, isWhole: isWhole) }
        if rebuilds { try await compareRebuilt() }
        say("\(number) \(touched ?? "all") at \(clock.now()): \(try await digest())")
    }

    /// - Returns: the audience it happened to; nil for all.
    private func act() async throws -> String? {
        if expected.count < audiencesMax, expected.isEmpty || random.chance(0.1) { return try await create() }
        guard let id = expected.keys.sorted().randomElement(using: &random) else { return nil }
        if wantsRoom, random.chance(0.1) {
            try await restart(withRoom: true)
            return nil
        }
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<32: try await ingest(id)
        case 32..<52: try await pass(id)
        case 52..<60: try await save(id)
        case 60..<70: try await edit(id)
        case 70..<73: try await delete(id)
        case 73..<79: try await send(id)
        case 79..<82: try await change(id)
        case 82..<85: try await ask(id)
        case 85..<89: try await read(id)
        case 89..<91: try await rerun(id)
        case 91..<94: try await workOffErasures(id)
        case 94:
            try await backUp()
            return nil
        case 95..<97:
            disk.isFull = true
            say("  the disk is full")
        default:
            try await restart()
            return nil
        }
        return id
    }

    /// Calls the audience and tells an answer from a refusal and from the end of the world.
    ///
    /// - Returns: the answer; nil if the request was refused.
    func attempt<Answer>(
        _ request: InFlight, _ call: () async throws -> Answer
    ) async throws -> Answer? {
        inFlight = request
        let failures = disk.failures
        do {
            let answer = try await call()
            guard !disk.hasCrashed else { throw Crashed() }
            return answer
        } catch let error as AudienceError {
            guard !disk.hasCrashed else { throw Crashed() }
            let hasReason = disk.failures > failures || hasSmallMap && error.code == .storageFull
            let isStorage = [.storageFull, .storageFailed].contains(error.code)
            let isDamage = [.dataDamaged, .unsupportedFormat, .directoryInUse, .listDamaged].contains(error.code)
            try require(
                !isDamage && (!isStorage || hasReason), "a request is refused for a reason",
                "\(error.code.rawValue): \(error.message)")
            if isStorage, disk.failures == failures { wantsRoom = true }
            say("  refused: \(error.code.rawValue)")
            tally.refusals += 1
            inFlight = .nothing
            return nil
        }
    }

    // MARK: Audiences

    private func create() async throws -> String? {
        let id = "shop-\(expected.count + 1)"
        let settings = AudienceSettings(
            name: id, timezone: random.pick(["Europe/London", "America/New_York", "UTC"]), currency: "EUR",
            visibilityDelayMicroseconds: random.pick([0, 1, 7_200_000_000, 7_200_000_000]),
            fieldTypes: RandomDefinitions.fieldTypes)
        say("  create \(id)")
        uncertain[id] = settings
        let now = clock.now()
        guard let directory,
            try await attempt(.create(id, settings), { try await directory.create(id: id, settings: settings) }) != nil
        else { return nil }
        try await adopt(id, settings, at: now)
        return id
    }

    /// Takes a new audience for there.
    func adopt(_ id: String, _ settings: AudienceSettings, at now: Instant) async throws {
        uncertain[id] = nil
        expected[id] = ExpectedAudience(id: id, settings: settings, at: now)
        if sources[id] == nil { sources[id] = Source(random: &random) }
        await (try audience(id)).keepChanges()
    }

    private func change(_ id: String) async throws {
        guard var settings = expected[id]?.settings else { return }
        switch Int.random(in: 0..<5, using: &random) {
        case 0: settings.timezone = random.pick(["Europe/London", "America/New_York", "UTC", "Asia/Kolkata"])
        case 1: settings.visibilityDelayMicroseconds = random.pick([0, 1, 60_000_000, 7_200_000_000, 259_200_000_000])
        case 2:
            settings.countedStatuses = random.pick([[.placed, .paid, .fulfilled], [.paid, .pending], [.refunded]])
        case 3: settings.currency = random.pick(["EUR", "USD"])
        default: settings.plan = random.pick([.premium, .premium, .standard, .free])
        }
        let audience = try audience(id)
        say("  settings of \(id)")
        let changed = settings
        let isTaken = try await attempt(.settings(id, settings), { try await audience.change(changed) }) != nil
        try await takeFrontier(id, isSent: isTaken)
        guard isTaken, let frontier = expected[id]?.frontier else { return }
        expected[id]?.take(settings, at: frontier)
        // What was computed for the settings before is still on the disk.
        arm(0.5)
    }

    // MARK: Events and time

    private func ingest(_ id: String) async throws {
        guard let batch = sources[id]?.batch(using: &random), let before = expected[id] else { return }
        let audience = try audience(id)
        say("  ingest \(batch.count) events into \(id)")
        let receipt = try await attempt(.ingest(id, batch)) { try await audience.ingest(AdmittedBatch(batch)) }
        guard let receipt else {
            sources[id]?.unanswered += batch
            try takeUnlisted(batch, of: id)
            return
        }
        let (fresh, duplicates, conflicts) = before.fresh(among: batch)
        let promise = "an event id counts once"
        try requireEqual(receipt.appended, fresh.count, promise, "appended")
        try requireEqual(receipt.duplicates, duplicates, promise, "duplicates")
        try requireEqual(receipt.conflicts, conflicts, promise, "conflicts")
        try takeStored(fresh, of: id, recordedAt: receipt.recordedAt, isAnswered: true)
        tally.events += fresh.count
    }

    /// Erasures are listed once they are stored. Where that fails the sender is told to send them again, and the log has them.
    private func takeUnlisted(_ batch: [Event], of id: String) throws {
        let hasErasure = batch.contains { event in
            if case .contactErased = event.fact { true } else { false }
        }
        guard hasErasure, !disk.hasCrashed, let before = expected[id],
            try !audience(id).storedEvents(from: UInt64(before.events.count + 1)).isEmpty
        else { return }
        try takeStored(before.fresh(among: batch).events, of: id, recordedAt: nil, isAnswered: false)
    }

    /// Takes events for stored, after comparing them with what the log says of them.
    func takeStored(_ fresh: [Event], of id: String, recordedAt: Instant?, isAnswered: Bool) throws {
        guard let before = expected[id] else { return }
        let stored = try audience(id).storedEvents(from: UInt64(before.events.count + 1))
        try requireEqual(stored.map(\.event), fresh, "acknowledged events are present, each once, in order", id)
        let delay = before.settings.visibilityDelayMicroseconds
        let now = clock.now()
        var last = before.events.last
        for event in stored {
            let place = "\(id), event \(event.sequence)"
            try requireEqual(event.sequence, (last?.sequence ?? 0) + 1, "sequences have no gaps", place)
            if let recordedAt { try requireEqual(event.recordedAt, recordedAt, "recordedAt is as acknowledged", place) }
            let visibleAt = max(last?.visibleAt ?? .earliest, event.recordedAt.advanced(byMicroseconds: delay))
            try requireEqual(
                event.visibleAt, visibleAt, "visibleAt is recordedAt and the delay, and never falls", place)
            try require(
                event.recordedAt >= last?.recordedAt ?? .earliest, "recordedAt never falls",
                "\(place): \(event.recordedAt) after \(last?.recordedAt ?? .earliest)")
            if isAnswered {
                let earliest = max(last?.recordedAt ?? .earliest, now)
                let forced = before.reached.advanced(byMicroseconds: 1 - delay)
                try require(
                    event.recordedAt >= earliest && event.recordedAt <= max(earliest, forced),
                    "recordedAt is when the log took it", "\(place): \(event.recordedAt) at \(now)")
                try require(
                    event.visibleAt > before.frontier, "nothing becomes visible at an instant that was answered for",
                    "\(place): \(event.visibleAt), frontier \(before.frontier)")
            }
            last = event
        }
        expected[id]?.take(stored)
    }

    /// Time passes, or the clock is set, or the machine sleeps; then the audiences hear of it.
    private func pass(_ id: String) async throws {
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<8: advance(by: Int64.random(in: 0...5_000_000, using: &random))
        case 8..<13: advance(by: Int64.random(in: 0...(30 * 3_600_000_000), using: &random))
        case 13..<16: advance(by: Int64.random(in: 0...(6 * 86_400_000_000), using: &random))
        case 16: advance(by: Int64.random(in: 0...(70 * 86_400_000_000), using: &random))
        case 17: clock.move(to: RandomEvents.instant(using: &random))
        case 18: moveToEvent(of: id)
        default: advance(by: -Int64.random(in: 0...(3 * 86_400_000_000), using: &random))
        }
        guard random.chance(0.85) else { return say("  time passes") }
        try await tick(id)
        guard random.chance(0.2) else { return }
        for other in expected.keys.sorted() where other != id { try await tick(other) }
    }

    /// Right before, at, or right after the instant at which a pending event becomes visible.
    private func moveToEvent(of id: String) {
        guard let model = expected[id], let next = model.events.dropFirst(model.visibleCount).first else { return }
        clock.move(to: next.visibleAt.advanced(byMicroseconds: Int64.random(in: -1...1, using: &random)))
    }

    private func advance(by microseconds: Int64) {
        clock.move(to: clock.now().advanced(byMicroseconds: microseconds))
    }

    func tick(_ id: String) async throws {
        let audience = try audience(id)
        say("  tick \(id)")
        isTicking = true
        guard try await attempt(.nothing, { try await audience.tick() }) != nil else { return }
        try await takeFrontier(id, isSent: true)
    }

    /// Takes over the frontier, which stays or goes where the clock is.
    ///
    /// - Parameter isSent: whether it was sent there for certain.
    func takeFrontier(_ id: String, isSent: Bool) async throws {
        guard let before = expected[id] else { return }
        let frontier = await (try audience(id)).status().frontier
        let target = max(before.reached, clock.now())
        let near = max(before.frontier, clock.now())
        try require(
            frontier >= (isSent ? near : before.frontier), "the frontier never goes back and goes with the clock",
            "\(id): \(frontier) after \(before.frontier), clock \(clock.now())")
        try require(
            frontier <= target, "the frontier is never ahead of the clock", "\(id): \(frontier), at most \(target)")
        expected[id]?.frontier = frontier
        expected[id]?.reached = target
    }
}

/// Error numbers of the store that steps fail with.
enum LMDBCodes {
    static let mapFull: CInt = -30_792
}
