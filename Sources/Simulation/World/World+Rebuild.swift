internal import Audiences
internal import LMDB
internal import SegmentEngine
internal import SegmentModel

extension World {
    /// Opens a copy of the directory without its views: what is built anew from the log is what lives.
    func compareRebuilt() async throws {
        for id in expected.keys.sorted() {
            // A start is no earlier than what is stored, however the clock was set since.
            guard let model = expected[id],
                model.frontier >= max(model.lastDefinitionAt, model.events.last?.recordedAt ?? .earliest)
            else { continue }
            let copy = scratch + "/copy"
            Tree.makeDirectory(scratch)
            defer { Tree.remove(scratch) }
            Tree.copy(path, to: copy)
            for other in expected.keys { Tree.remove(copy + "/audiences/\(other)/view") }
            let rebuilt = try await DataDirectory.open(
                path: copy, configuration: configuration(steps: false), clock: VirtualClock(model.frontier))
            let again = try rebuilt.audience(id)
            try requireEqual(
                await again.status().frontier, model.frontier, "a rebuilt audience comes to the same frontier", id)
            for segment in model.segments.keys.sorted() {
                let live = try await audience(id).members(of: segment)
                try requireEqual(
                    try await again.members(of: segment), live, "replay is live", "\(id), \(segment)")
            }
            let rows = try await rows(of: again, "rebuilt")
            try requireEqual(
                rows == (try await self.rows(of: try audience(id), "live")), true,
                "a view can be deleted and comes back byte-identical", id)
            try await rebuilt.close()
            tally.rebuilds += 1
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
