internal import SegmentModel

/// What an event will do to the records, as far as that can be said without looking at any: its texts are symbols, its
/// item is as a record will hold it.
struct FoldStep {
    let code: EventCode
    let sequence: UInt64
    /// Microseconds since 1970.
    let occurredAt: Int64
    let visibleAt: Int64
    /// Whether a state of an order says when it was placed.
    var statesPlacedAt = false
    /// Of the contact's id, if the event names one.
    var contactHash: UInt64 = 0
    /// Of the order's key, if the event names one.
    var orderHash: UInt64 = 0
    /// The contact, if it was found beforehand; it may have been erased since.
    var ordinal = FoldStep.unknown
    /// Where the contact's id begins, and the body behind it, among the window's bytes.
    private var start: UInt32 = 0
    private var bodyStart: UInt32 = 0
    private var end: UInt32 = 0

    /// In place of a contact that was not found beforehand.
    static let unknown = Ordinal.max

    init(_ event: EventBytes) {
        code = event.code
        sequence = event.sequence
        occurredAt = event.occurredAt
        visibleAt = event.visibleAt
    }

    /// Says where the id and the body begin.
    mutating func begin(at start: Int, bodyAt bodyStart: Int) {
        self.start = UInt32(start)
        self.bodyStart = UInt32(bodyStart)
    }

    /// Says where the body ends.
    mutating func end(at end: Int) {
        self.end = UInt32(end)
    }

    var stamp: Stamp { Stamp(occurredAt: occurredAt, sequence: sequence) }

    /// The id of the contact that the event names.
    func contact(in bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        bytes.slice(Int(start)..<Int(bodyStart))
    }

    /// The item, or what else the event says; see `FoldWindow.append`.
    func body(in bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        bytes.slice(Int(bodyStart)..<Int(end))
    }
}
