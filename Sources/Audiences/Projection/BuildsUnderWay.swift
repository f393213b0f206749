internal import Synchronization

/// The looks at all records that are under way, by the segment they are for; read without waiting for anybody.
final class BuildsUnderWay: Sendable {
    private struct Build {
        /// The segment's name.
        let segment: String
        let progress: BuildProgress
    }

    private let builds = Mutex<[String: Build]>([:])

    /// Begins one. A segment has at most one.
    func begin(_ subject: String, segment: String, contactCount: Int) -> BuildProgress {
        let progress = BuildProgress(contactCount: contactCount)
        builds.withLock { $0[subject] = Build(segment: segment, progress: progress) }
        return progress
    }

    /// Has the one for the segment, if there is one, end early.
    func cancel(_ subject: String) {
        builds.withLock { $0.removeValue(forKey: subject) }?.progress.cancel()
    }

    /// Takes it off the list, unless another has taken its place.
    func end(_ subject: String, _ progress: BuildProgress) {
        builds.withLock { builds in
            if builds[subject]?.progress === progress { builds[subject] = nil }
        }
    }

    /// How far each has come.
    var statuses: [SegmentBuildStatus] {
        builds.withLock { $0 }.sorted { $0.key < $1.key }.map { _, build in
            SegmentBuildStatus(
                segment: build.segment, contactsDone: build.progress.contactsDone,
                contacts: build.progress.contactCount)
        }
    }
}

/// How far a look at all records has come, for whoever asks or ends it.
final class BuildProgress: Sendable {
    let contactCount: Int
    private let done = Atomic<Int>(0)
    private let cancelled = Atomic<Bool>(false)

    init(contactCount: Int) {
        self.contactCount = contactCount
    }

    var contactsDone: Int { done.load(ordering: .relaxed) }
    var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

    func advance(to count: Int) {
        done.store(count, ordering: .relaxed)
    }

    func cancel() {
        cancelled.store(true, ordering: .relaxed)
    }
}
