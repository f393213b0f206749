import Audiences
import SegmentModel

/// Everything an audience answers about what campaigns store.
struct Findings {
    struct Members {
        var segment: SegmentSnapshot
        var frontier: Instant
        var ids: [Identifier]
    }

    struct Recipients {
        var list: RecipientList
        var ids: [Identifier]
    }

    var sequence: UInt64
    /// Whether every erasure had been worked off.
    var isWorkedOff: Bool
    var segments: [Members] = []
    var lists: [Recipients] = []

    private static let rowsMax = 10_000

    init(of audience: Audience) async throws {
        let status = await audience.status()
        guard status.appliedSequence == status.lastSequence, status.pending == 0 else {
            throw Violation("of \(status.lastSequence) events \(status.appliedSequence) are applied")
        }
        sequence = status.lastSequence
        isWorkedOff = status.erasures.waiting == 0
        for segment in await audience.segments() {
            let page = try await audience.members(of: segment.id)
            guard page.count == segment.count, page.members.count == page.count else {
                throw Violation("“\(segment.name)” counts \(segment.count) and lists \(page.members.count)")
            }
            segments.append(
                Members(segment: segment, frontier: page.frontier, ids: page.members.map(\.contact)))
        }
        for list in try await audience.recipientLists(limit: Self.rowsMax).lists {
            // The export compares the checksums of the whole file first.
            _ = try await audience.exportRecipients(of: list.campaign, format: .csv)
            let page = try await audience.recipients(of: list.campaign, limit: Self.rowsMax)
            lists.append(Recipients(list: list, ids: page.recipients.map(\.contact)))
        }
    }
}
