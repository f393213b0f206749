internal import Synchronization

extension DataDirectory {
    /// Moves every audience's frontier with the clock, all beside each other.
    ///
    /// - Returns: what went wrong, by audience; the others have moved all the same.
    @discardableResult
    public func tick() async -> [(audience: String, error: AudienceError)] {
        for audience in audiences { ticks.begin(audience) }
        await ticks.ended()
        return ticks.takeFailures()
    }

    /// Lets every audience that is not being moved already begin to move, without waiting for any: one that has much to
    /// catch up on holds up no other.
    ///
    /// - Returns: what went wrong since the last call, by audience.
    public func beginTicks() -> [(audience: String, error: AudienceError)] {
        let audiences = audiences
        if audiences.isEmpty { ticks.noteIdle() }
        for audience in audiences { ticks.begin(audience) }
        return ticks.takeFailures()
    }

    /// How many ticks have come to their end. While there is no audience, each round counts as one.
    public var ticksEnded: Int { ticks.endedCount }
}

/// The ticks under way, at most one of each audience.
final class TicksUnderWay: Sendable {
    private struct State {
        var tasks: [String: Task<Void, Never>] = [:]
        var failures: [(audience: String, error: AudienceError)] = []
        var endedCount = 0
    }

    private let state = Mutex(State())

    /// Begins a tick, unless one of that audience is under way.
    func begin(_ audience: Audience) {
        state.withLock { state in
            guard state.tasks[audience.id] == nil else { return }
            state.tasks[audience.id] = Task { [self] in
                var failure: AudienceError?
                do throws(AudienceError) { try await audience.tick() } catch { failure = error }
                end(audience.id, failure)
            }
        }
    }

    private func end(_ id: String, _ failure: AudienceError?) {
        state.withLock { state in
            state.tasks[id] = nil
            state.endedCount += 1
            if let failure { state.failures.append((id, failure)) }
        }
    }

    var endedCount: Int { state.withLock { $0.endedCount } }

    /// A round in which there was nobody to move.
    func noteIdle() { state.withLock { $0.endedCount += 1 } }

    /// Waits until none is under way that is now.
    func ended() async {
        for task in state.withLock({ Array($0.tasks.values) }) { await task.value }
    }

    /// What went wrong since the last call.
    func takeFailures() -> [(audience: String, error: AudienceError)] {
        state.withLock { state in
            defer { state.failures = [] }
            return state.failures
        }
    }
}
