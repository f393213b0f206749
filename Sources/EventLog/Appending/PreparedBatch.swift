internal import Admission
internal import SegmentModel

/// A request with what is to be looked into before it is stored.
///
/// Made before the request comes to the writer, which serves all senders and must do little for each event.
struct PreparedBatch: Sendable {
    let request: AppendRequest
    /// The events that give values to custom fields, whose types are to be checked, by rising position.
    let fieldChanges: [(position: Int, event: Event)]

    var count: Int { request.events.count }

    init(_ request: AppendRequest) throws {
        self.request = request
        fieldChanges = try request.events.eventsWithFields.map { ($0.position, try $0.event.event) }
    }
}
