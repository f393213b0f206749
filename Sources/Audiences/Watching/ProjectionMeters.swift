internal import Meters
internal import SegmentEngine
internal import SegmentModel
internal import Synchronization

/// What a projection does and where it stands, for whoever watches; read without waiting for the projection.
final class ProjectionMeters: Sendable {
    /// Where the projection stood when it last published.
    struct Standing: Sendable {
        var frontier: Instant
        var sequence: UInt64
        var engine: MembershipEngine.Figures
        /// What the last view holds: events up to this one, truths at this instant.
        var viewSequence: UInt64
        var viewInstant: Instant
    }

    let ticks = TimeHistogram()
    let tickFailures = Counter()
    let viewWrites = TimeHistogram()
    let viewFailures = Counter()
    private let standing = Mutex<Standing?>(nil)
    private let columns = Mutex((bytes: 0, at: Instant.earliest))

    /// Nil before the first tick has ended.
    var last: Standing? { standing.withLock { $0 } }

    /// Memory of the columns, as of a minute ago or less, in bytes.
    var columnBytes: Int { columns.withLock { $0.bytes } }

    /// Takes the engine's figures where it stands at one instant.
    func note(_ standing: Standing, columnBytes: () -> Int) {
        self.standing.withLock { $0 = standing }
        let isOld = columns.withLock {
            standing.frontier.microseconds - $0.at.microseconds >= Self.columnsMicroseconds
        }
        guard isOld else { return }
        let bytes = columnBytes()
        columns.withLock { $0 = (bytes, standing.frontier) }
    }

    /// Columns are measured so often: it takes a look at each.
    private static let columnsMicroseconds: Int64 = 60_000_000
}
