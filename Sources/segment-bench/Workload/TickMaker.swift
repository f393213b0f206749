import SegmentModel

/// Makes any number of batches of new events out of a few.
///
/// The first time round each batch is handed out as it is. After that events get fresh ids, orders are other orders,
/// what happened happened at the clock's time, and to other contacts: the same ones would be in the processor's caches.
struct TickMaker {
    private let batches: [EventTemplate]
    private let label: String
    private let contacts: ClosedRange<Int>
    private var made: Int

    /// From one time round to the next contacts move on by so many numbers.
    private static let contactStep = 7_919

    /// - Parameters:
    ///   - batches: NDJSON, one batch each.
    ///   - label: what fresh ids begin with; makers that share a log have different ones.
    ///   - isFirstPassKept: whether the batches themselves may be handed out.
    init(_ batches: [[UInt8]], label: String, isFirstPassKept: Bool) {
        self.batches = batches.map { EventTemplate($0) }
        self.label = label
        let numbers = self.batches.flatMap(\.contactNumbers)
        contacts = (numbers.min() ?? 0)...(numbers.max() ?? 0)
        made = isFirstPassKept ? 0 : batches.count
    }

    /// The next batch, as of an instant.
    mutating func next(at clock: Instant) -> [UInt8] {
        defer { made += 1 }
        let batch = batches[made % batches.count]
        let pass = made / batches.count
        guard pass > 0 else { return batch.bytes }
        let second = Instant(microseconds: clock.microseconds / 1_000_000 * 1_000_000)
        // An event that was delivered twice is one event within a batch only: its time differs from batch to batch.
        return batch.filled(
            id: Array("\(label)\(made)-".utf8), order: Array("\(label)\(pass)-".utf8),
            time: Array(second.description.utf8)
        ) { contacts.lowerBound + ($0 - contacts.lowerBound + pass * Self.contactStep) % contacts.count }
    }
}
