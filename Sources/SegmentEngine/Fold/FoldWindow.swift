internal import SegmentModel

/// Events that are about to be folded one after the other, translated.
///
/// With a million contacts every look at another one waits for memory. A window of events lets the processor wait for many
/// at once: the contacts of a group are found first, then its events are folded in order. Filling a window looks at no
/// record, so that another thread may do it while the window before it is folded.
struct FoldWindow {
    let buffer = ByteBuffer()
    // Memory used again from event to event.
    let lines = ByteBuffer()
    let rest = ByteBuffer()
    private var steps: [FoldStep] = []

    private static let countMax = 2_048
    private static let bytesMax = 1 << 20
    /// Steps whose contacts are found side by side: what is touched for them has room in the fastest cache.
    private static let groupSize = 64

    var isEmpty: Bool { steps.isEmpty }
    var isFull: Bool { steps.count >= Self.countMax || buffer.count >= Self.bytesMax }

    /// Adds the next event. Its texts get their symbols now, whether or not the event will turn out to count.
    mutating func append(_ event: EventBytes, _ vocabulary: Vocabulary) {
        var step = FoldStep(event)
        vocabulary.withTexts { translate(event, into: &step, &$0) }
        steps.append(step)
    }

    /// Folds the events in order and forgets them; the body is called after each. Replaced records stay where they are.
    mutating func flush(into fold: inout RecordFold, _ body: (FoldStep, inout RecordFold) -> Void) {
        forEachGroup { group, bytes in
            fold.find(group, bytes)
            for step in group {
                fold.apply(step, bytes)
                body(step, &fold)
            }
        }
    }

    /// The same for whoever holds no reference to a record: memory of replaced ones is used again from group to group.
    mutating func flush(into fold: inout RecordFold) {
        forEachGroup { group, bytes in
            fold.find(group, bytes)
            for step in group { fold.apply(step, bytes) }
            fold.store.reclaim()
        }
    }

    /// Calls the body with the events in groups, in order, and forgets them.
    private mutating func forEachGroup(_ body: (UnsafeMutableBufferPointer<FoldStep>, UnsafeRawBufferPointer) -> Void) {
        let bytes = buffer.bytes
        steps.withUnsafeMutableBufferPointer { steps in
            for first in stride(from: 0, to: steps.count, by: Self.groupSize) {
                let end = min(first + Self.groupSize, steps.count)
                body(UnsafeMutableBufferPointer(rebasing: steps[first..<end]), bytes)
            }
        }
        steps.removeAll(keepingCapacity: true)
        buffer.removeAll()
    }
}
