internal import Admission
internal import SegmentModel

/// A request with its events in the form in which they are stored.
///
/// Made before the request comes to the writer, which serves all senders and must do little for each event: encoding is
/// the larger part of the work, and senders do it side by side.
struct PreparedBatch: Sendable {
    let request: AppendRequest
    /// The binary forms, one after the other.
    let bytes: [UInt8]
    /// Where in `bytes` each event ends.
    let ends: [Int]
    /// The positions of events that give values to custom fields, whose types are to be checked; rising.
    let fieldPositions: [Int]

    var count: Int { ends.count }

    init(_ request: AppendRequest) {
        var bytes: [UInt8] = []
        var ends: [Int] = []
        var fieldPositions: [Int] = []
        ends.reserveCapacity(request.events.count)
        bytes.reserveCapacity(request.events.count * Self.usualEventSize)
        request.events.withUnsafeBufferPointer { events in
            for position in events.indices {
                events[position].event.encode(into: &bytes)
                ends.append(bytes.count)
                if events[position].event.fact.hasCustomFields { fieldPositions.append(position) }
            }
        }
        self.request = request
        self.bytes = bytes
        self.ends = ends
        self.fieldPositions = fieldPositions
    }

    /// Bytes set aside for each event.
    private static let usualEventSize = 80
}

extension Fact {
    fileprivate var hasCustomFields: Bool {
        guard case .contactChanged(let change) = self else { return false }
        return change.attributes.contains { attribute in
            guard case .custom = attribute.key else { return false }
            return true
        }
    }
}
