internal import Audiences
internal import LMDB
internal import SegmentEngine
internal import SegmentModel

extension World {
    /// Opens a copy of the directory without its views: what is built anew from the log is what lives.
    func compareRebuilt() async throws {
        for id in expected.keys.sorted() {
            guard let model = expected[id], isReproducible(model) else { continue }
            try await withCopy(of: path, of: model) { again in
                try await compare(again, model, "replay is live")
                guard !model.holdsViews else { return }
                let rows = try await rows(of: again, "rebuilt")
                try requireEqual(
                    rows == (try await self.rows(of: try audience(id), "live")), true,
                    "a view can be deleted and comes back byte-identical", id)
            }
            tally.rebuilds += 1
        }
    }

    /// Makes a backup, and opens it: it has all that was acknowledged, and answers as what it is a copy of.
    func backUp() async throws {
        guard let directory else { return }
        say("  back up")
        let place = backup
        Tree.remove(place)
        guard try await attempt(.nothing, { try await directory.backUp(to: place) }) != nil else { return }
        defer { Tree.remove(place) }
        for id in expected.keys.sorted() {
            guard let model = expected[id], isReproducible(model) else { continue }
            try await withCopy(of: place, of: model) { again in
                try checkEvents(again, model)
                try await compare(again, model, "a backup is what it is a copy of")
            }
        }
    }

    /// Whether a start comes to the same frontier: it is no earlier than what is stored, however the clock was set since.
    private func isReproducible(_ model: ExpectedAudience) -> Bool {
        model.frontier >= max(model.lastDefinitionAt, model.events.last?.recordedAt ?? .earliest)
    }

    /// Opens a copy of a data directory without its views, at the audience's frontier.
    private func withCopy(
        of place: String, of model: ExpectedAudience, _ body: (Audience) async throws -> Void
    ) async throws {
        let copy = scratch + "/copy"
        Tree.makeDirectory(scratch)
        defer { Tree.remove(scratch) }
        Tree.copy(place, to: copy)
        for other in expected.keys { Tree.remove(copy + "/audiences/\(other)/view") }
        let opened = try await DataDirectory.open(
            path: copy, configuration: configuration(steps: false), clock: VirtualClock(model.frontier))
        try await body(try opened.audience(model.id))
        try await opened.close()
    }

    private func compare(_ again: Audience, _ model: ExpectedAudience, _ promise: String) async throws {
        try requireEqual(
            await again.status().frontier, model.frontier, "another audience comes to the same frontier", model.id)
        for segment in model.segments.keys.sorted() {
            let live = try await audience(model.id).members(of: segment)
            try requireEqual(try await again.members(of: segment), live, promise, "\(model.id), \(segment)")
        }
    }

    /// Every row of the view that an audience would write now.
    private func rows(of audience: Audience, _ name: String) async throws -> [[UInt8]] {
        let place = scratch + "/" + name
        try await audience.writeView(to: ViewStore(directory: place, mapSizeBytes: 64 << 20))
        let environment = try Environment(
            directory: place + "/1", options: EnvironmentOptions(mapSizeBytes: 64 << 20, durability: .unsynced))
        defer { environment.close() }
        var rows: [[UInt8]] = []
        for table in ["state", "symbols", "records", "refunds"] {
            let table = try environment.openTable(table, key: BytesKey.self, value: BytesValue.self)
            try environment.withReadTransaction { transaction in
                try table.forEach(in: transaction) { key, value in
                    rows.append(key + [0] + value)
                    return .next
                }
            }
        }
        return rows
    }
}
