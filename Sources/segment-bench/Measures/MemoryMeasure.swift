import SegmentEngine

/// Memory of a process that rebuilds, writes a view and goes on from it.
struct MemoryMeasure {
    private let peak = MemoryPeak()
    private var afterRebuild = 0
    private var afterView = 0
    private var atEnd = 0
    private var peakOfRebuild = 0
    private var peakOfRun = 0

    init() {
        peak.begin()
    }

    /// To be called when the engine is rebuilt: writes a view and lets the engine read its records from there.
    mutating func adoptView(_ session: Session, _ keeper: Keeper) async throws {
        afterRebuild = ProcessMemory.anonymousBytes() ?? 0
        await keeper.adopt(try await keeper.draftView().write(to: session.views))
        afterView = ProcessMemory.anonymousBytes() ?? 0
        peakOfRebuild = peak.take()
    }

    /// To be called when the engine has followed new events for a while.
    mutating func end() {
        atEnd = ProcessMemory.anonymousBytes() ?? 0
        peakOfRun = peak.take()
        peak.end()
    }

    func figures(_ session: Session) -> [Figure] {
        func figure(_ key: String, _ title: String, _ bytes: Int, goal: Double? = nil) -> Figure {
            Figure(key: key, title: title, unit: .megabytes, values: [Double(bytes) / 1e6], goal: goal)
        }
        return [
            figure("memory", "anonymous memory, following events", atEnd, goal: session.scale.goal(300, nil, 1_500)),
            figure("memory.peak", "  its peak meanwhile", peakOfRun),
            figure("memory.rebuilt", "  after the rebuild", afterRebuild),
            figure("memory.view", "  with a view written and in use", afterView),
            figure("memory.rebuildPeak", "  peak of rebuild and view", peakOfRebuild),
        ]
    }
}
