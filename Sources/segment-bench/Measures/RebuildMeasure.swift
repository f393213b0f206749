import EventLog
import SegmentModel

/// The whole log to all segments current, with nothing to begin from.
struct RebuildMeasure {
    private var reads: [Double] = []
    private var folds: [Double] = []
    private var evaluations: [Double] = []

    /// Rebuilds once.
    ///
    /// - Parameter instant: when; the session's first instant unless given.
    mutating func round(_ session: Session, at instant: Instant? = nil) async throws -> Keeper {
        reads.append(try read(session))
        let keeper = try session.makeKeeper()
        let parts = try await keeper.rebuild(through: session.startSequence, at: instant ?? session.start)
        folds.append(parts.fold.inSeconds)
        evaluations.append(parts.evaluate.inSeconds)
        let total = parts.fold + parts.evaluate
        Progress.say("rebuilt in \(total.inSeconds.shortText) s, \(parts.evaluate.inSeconds.shortText) s evaluating")
        return keeper
    }

    var roundCount: Int { folds.count }

    /// Reads the log and does nothing with it.
    private func read(_ session: Session) throws -> Double {
        var bytes = 0
        let took = try timed {
            _ = try session.log.forEachStored(from: 1, countMax: Int(session.startSequence)) {
                bytes &+= $0.bytes.count
                return true
            }
        }
        return took.inSeconds
    }

    func figures(_ session: Session) -> [Figure] {
        let events = Double(session.startSequence)
        let rates = zip(folds, evaluations).map { events / ($0 + $1) }
        return [
            Figure(
                key: "rebuild", title: "rebuild: log to all segments current", unit: .perSecond, values: rates,
                goal: session.scale.goal(1_000_000, 500_000, 120_000)),
            Figure(key: "rebuild.read", title: "  reading alone", unit: .seconds, values: reads),
            Figure(key: "rebuild.fold", title: "  reading and folding", unit: .seconds, values: folds),
            Figure(key: "rebuild.evaluate", title: "  evaluating all contacts", unit: .seconds, values: evaluations),
        ]
    }
}
