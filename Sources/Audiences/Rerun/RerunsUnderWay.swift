internal import Synchronization

/// How far a recomputation has come.
public struct RerunStatus: Equatable, Sendable {
    /// The segment's name.
    public var segment: String
    /// Events read, over all readings of the log that it takes, and how many there are to read.
    public var eventsDone: Int
    public var events: Int
}

/// The recomputation of an audience that is under way; read without waiting for anybody.
///
/// There is one at a time: each takes memory for all that `ContactParts.contactsPerPartMax` contacts have.
final class RerunsUnderWay: Sendable {
    private struct Rerun {
        /// The segment's name.
        let segment: String
        let progress: BuildProgress
    }

    private let rerun = Mutex<Rerun?>(nil)

    /// In place of a segment's name, where all contacts are verified in all of them.
    static let everySegment = "every segment"

    /// Begins one; refused while another is under way.
    func begin(segment: String, eventCount: Int) throws(AudienceError) -> BuildProgress {
        let progress = BuildProgress(contactCount: eventCount)
        let other = rerun.withLock { rerun in
            defer { if rerun == nil { rerun = Rerun(segment: segment, progress: progress) } }
            return rerun?.segment
        }
        guard let other else { return progress }
        throw AudienceError(
            .rerunUnderWay,
            "“\(other)” is being recomputed, and one segment of an audience is at a time. Ask again when that is done.",
            related: [other])
    }

    func end() {
        rerun.withLock { $0 = nil }
    }

    /// How far it has come; none or one.
    var statuses: [RerunStatus] {
        let rerun = rerun.withLock { $0 }
        return rerun.map { [RerunStatus($0.segment, $0.progress)] } ?? []
    }
}

extension RerunStatus {
    fileprivate init(_ segment: String, _ progress: BuildProgress) {
        self.init(
            segment: segment, eventsDone: min(progress.contactsDone, progress.contactCount),
            events: progress.contactCount)
    }
}
