import SegmentModel

/// Makes any number of batches of new events out of a few.
///
/// The first time round each batch is handed out as it is. After that events get fresh ids, orders are other orders,
/// and what happened happened at the clock's time; the contacts stay.
struct TickMaker {
    private let batches: [Batch]
    private let label: String
    private var made: Int

    /// - Parameters:
    ///   - batches: NDJSON, one batch each.
    ///   - label: what fresh ids begin with; makers that share a log have different ones.
    ///   - isFirstPassKept: whether the batches themselves may be handed out.
    init(_ batches: [[UInt8]], label: String, isFirstPassKept: Bool) {
        self.batches = batches.map(Batch.init)
        self.label = label
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
        return batch.rewritten(
            Batch.FreshValues(
                id: Array("\(label)\(made)-".utf8), order: Array("\(label)\(pass)-".utf8),
                time: Array(second.description.utf8)))
    }
}

/// A batch with the places where fresh values go.
private struct Batch {
    let bytes: [UInt8]
    private var edits: [Edit] = []

    /// What goes before the ids of events and orders, and in the place of times.
    struct FreshValues {
        let id: [UInt8]
        let order: [UInt8]
        let time: [UInt8]
    }

    /// A range of the batch that is replaced; an empty one is where something is put in.
    private struct Edit {
        let range: Range<Int>
        let value: KeyPath<FreshValues, [UInt8]>
    }

    private static let id = Array("\"id\":\"".utf8)
    private static let order = Array("\"order\":\"".utf8)
    private static let time = Array("\"time\":\"".utf8)

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var first = 0
        while first < bytes.count {
            let end = bytes[first...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            note(first..<end)
            first = end + 1
        }
    }

    /// Notes the event's id and time, which stand before its data, and every order that it names.
    private mutating func note(_ line: Range<Int>) {
        var isIDKnown = false
        var isTimeKnown = false
        for start in line where bytes[start] == UInt8(ascii: "\"") {
            if !isIDKnown, let value = value(of: Self.id, at: start, in: line) {
                edits.append(Edit(range: value.lowerBound..<value.lowerBound, value: \.id))
                isIDKnown = true
            } else if let value = value(of: Self.order, at: start, in: line) {
                edits.append(Edit(range: value.lowerBound..<value.lowerBound, value: \.order))
            } else if !isTimeKnown, let value = value(of: Self.time, at: start, in: line) {
                edits.append(Edit(range: value, value: \.time))
                isTimeKnown = true
            }
        }
    }

    private func value(of key: [UInt8], at start: Int, in line: Range<Int>) -> Range<Int>? {
        guard bytes[start..<line.upperBound].starts(with: key) else { return nil }
        let first = start + key.count
        return first..<(bytes[first..<line.upperBound].firstIndex(of: UInt8(ascii: "\"")) ?? line.upperBound)
    }

    func rewritten(_ fresh: FreshValues) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + edits.count * max(fresh.id.count, fresh.order.count))
        var copied = 0
        for edit in edits {
            result += bytes[copied..<edit.range.lowerBound]
            result += fresh[keyPath: edit.value]
            copied = edit.range.upperBound
        }
        result += bytes[copied...]
        return result
    }
}
