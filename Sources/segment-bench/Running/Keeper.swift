import EventLog
import SegmentEngine
import SegmentModel

/// The engine, owned as the daemon owns it: by an actor that is reached with one hop.
actor Keeper {
    private let log: EventLog
    private let engine: MembershipEngine

    /// An engine that has seen nothing, or what the newest view in the store holds; to be rebuilt first.
    init(_ definitions: Definitions, over log: EventLog, _ setting: Setting, views: ViewStore? = nil) throws {
        self.log = log
        let frontier = Frontier(at: .earliest)
        engine =
            if let views {
                try views.makeEngine(context: setting.context, frontier: frontier, threads: setting.threads) {
                    sequence, recordedAt in
                    let event = try log.read(from: sequence, countMax: 1).first
                    return event?.recordedAt == recordedAt ? event?.visibleAt : nil
                }
            } else {
                MembershipEngine(context: setting.context, frontier: frontier, threads: setting.threads)
            }
        // Nothing is evaluated for a definition before `rebuild` has brought the contacts up to date.
        engine.beginCatchUp()
        for definition in definitions.all { engine.define(definition.name, as: definition.condition) }
    }

    /// What the engine needs to know besides the log.
    struct Setting: Sendable {
        let context: EvaluationContext
        let threads: Int
    }

    var sequence: UInt64 { engine.sequence }
    var newRecordBytes: Int { engine.newRecordBytes }
    func snapshot() -> EngineSnapshot { engine.snapshot() }

    /// Folds all events up to `last` and evaluates all contacts then.
    ///
    /// - Returns: what folding (reading in it) and evaluating took.
    func rebuild(through last: UInt64, at instant: Instant) throws -> (fold: Duration, evaluate: Duration) {
        let fold = try timed { _ = try engine.catchUp(from: log, through: last, visibleBy: .latest) }
        return (fold, timed { engine.endCatchUp(at: instant) })
    }

    /// Folds what is visible by `instant` and moves there.
    ///
    /// - Returns: what folding (reading in it) and advancing took.
    @discardableResult
    func follow(to instant: Instant) throws -> (fold: Duration, advance: Duration) {
        let fold = try timed { try foldEvents { $0.visibleAt <= instant } }
        return (fold, timed { engine.advance(to: instant) })
    }

    /// Moves to `instant`; no event that it does not know may be visible by then.
    func advance(to instant: Instant) { engine.advance(to: instant) }

    /// Moves towards `instant`, past about so many window edges, with no event on the way.
    func advanceSlice(to instant: Instant, edgesMax: Int) -> (isDone: Bool, took: Duration) {
        var isDone = false
        let took = timed { isDone = engine.advance(to: instant, edgesMax: edgesMax) }
        return (isDone, took)
    }

    private func foldEvents(while isWanted: (StoredEvent) -> Bool) throws {
        guard log.tail.sequence > engine.sequence else { return }
        _ = try log.forEachStored(from: engine.sequence + 1, countMax: .max) { event in
            guard isWanted(event) else { return false }
            engine.fold(event.bytes, sequence: event.sequence, recordedAt: event.recordedAt, visibleAt: event.visibleAt)
            return true
        }
    }

    // MARK: Changes and definitions

    func keepChanges(_ isOn: Bool) { engine.keepsChanges = isOn }

    func takeChanges() -> [MembershipChange] { engine.takeChanges() }

    func define(_ name: String, as condition: Condition) -> Duration {
        timed { engine.define(name, as: condition) }
    }

    func remove(_ name: String) { engine.remove(name) }

    // MARK: Views

    func draftView() -> ViewDraft { engine.draftView() }

    func adopt(_ view: FinishedView) { engine.adopt(view) }
}
