internal import Audiences
internal import SegmentModel

extension World {
    /// Works off the erasures that are visible, as the daemon does some time after each.
    func workOffErasures(_ id: String) async throws {
        guard let model = expected[id] else { return }
        let audience = try audience(id)
        say("  work off the erasures of \(id)")
        let visible = UInt64(model.visibleCount)
        expected[id]?.erasingSince = model.frontier
        let pass = try await attempt(.nothing) { try await audience.workOffErasures() }
        expected[id]?.holdsViews = pass == nil
        // A log that could not be opened any more after the exchange ends the daemon.
        guard pass != nil || (try? audience.storedEvents()) != nil else { return try await restart() }
        if pass != nil { expected[id]?.take(erasedThrough: visible) }
        try takeErased(id)
        try checkEvents(audience, expected[id] ?? model)
        try await takeFrontier(id, isSent: false)
    }

    /// Takes down of which events the log has no more than a digest.
    func takeErased(_ id: String) throws {
        guard let model = expected[id], model.erasingSince != nil else { return }
        let stored = try audience(id).storedEvents()
        for (found, event) in zip(stored, model.events) where found.event.isErased {
            expected[id]?.erased.insert(ExpectedAudience.key(event.event))
        }
    }
}

extension ExpectedAudience {
    /// Takes the erasures among the first events for worked off: their contacts are in no earlier list any more.
    fileprivate mutating func take(erasedThrough last: UInt64) {
        erasedThrough = max(erasedThrough, last)
        let erasures = erasures(through: last)
        for index in lists.indices {
            let sequence = lists[index].list.sequence
            lists[index].recipients.removeAll { erasures[$0.contact] ?? 0 > sequence }
        }
    }
}
