import ControlAPI
import Synchronization

/// Bounds what all requests that hand events in hold in memory together: bodies, events read from them, problems found.
///
/// Only what is really held counts, so that clients who send slowly use up no more than they have sent. A little may always
/// be held by each request: where there is no room, events still go in, in small batches.
final class BodyRoom: Sendable {
    private let bytesMax: Int
    private let held = Atomic<Int>(0)

    init(bytesMax: Int = Bounds.heldBytesMax) {
        self.bytesMax = bytesMax
    }

    /// What is held now.
    var heldBytes: Int { held.load(ordering: .relaxed) }

    /// What one request, or one batch of it, holds; given back with the last reference to it.
    final class Share: Sendable {
        private let room: BodyRoom
        private let own = Atomic<Int>(0)

        init(of room: BodyRoom) {
            self.room = room
        }

        deinit {
            room.held.subtract(own.load(ordering: .relaxed), ordering: .relaxed)
        }

        /// Counts more bytes, and says whether so many may be held; if not, something has to be let go of.
        func hold(_ bytes: Int) -> Bool {
            let mine = own.add(bytes, ordering: .relaxed).newValue
            let all = room.held.add(bytes, ordering: .relaxed).newValue
            return all <= room.bytesMax || mine <= Bounds.heldBytesOfOneMax
        }
    }

    /// About what a problem with a line takes, with its texts.
    static let problemBytes = 512
    /// About what a dry run remembers of an event.
    static let rememberedEventBytes = 256
}

extension Problem {
    /// Other requests hold as much as may be held.
    static var noRoomForBody: Problem {
        Problem(
            code: .busy, status: 503, title: "Busy",
            detail: """
                Requests under way hold \(Bounds.heldBytesMax) bytes of events, as many as may be held at once. Try \
                again in a moment, or hand in less at a time.
                """)
    }
}
