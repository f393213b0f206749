import SegmentModel

@testable import EventLog

extension Fuzz {
    /// A block of the log whose seal is right, whatever it holds: its events are read, or it is refused.
    @Sendable static func block(_ bytes: UnsafeRawBufferPointer) {
        let sequence: UInt64 = 9
        // As it comes it is never taken: a checksum is hardly met by chance.
        if let chance = try? EventBlock(bytes, firstSequence: sequence) { read(chance) }
        guard bytes.count >= EventBlock.headerSize else { return }
        var record = Array(bytes)
        record[0] = EventBlock.version
        RecordSeal.close(&record, number: sequence)
        record.withUnsafeBytes { record in
            guard let block = try? EventBlock(record, firstSequence: sequence) else { return }
            read(block)
        }
    }

    private static func read(_ block: EventBlock) {
        var last: UInt64 = block.firstSequence - 1
        let isWhole = try? block.forEach { event in
            require(event.sequence == last + 1, "sequences have a gap")
            last += 1
            _ = try? event.logged()
            return true
        }
        if isWhole == true { require(last == block.lastSequence, "a block has other events than it says") }
    }
}
