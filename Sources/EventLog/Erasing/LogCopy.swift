internal import LMDB
internal import SegmentModel

/// Copies a log row by row into an empty one, with other events in the place of some.
///
/// A file that is only ever appended to has no pages that were used before, so nothing of what was left out is anywhere in
/// it. Sequences and instants stay; rows without a replaced event are taken as they are, their checksums compared.
struct LogCopy: Sendable {
    let source: LogStorage
    let target: LogStorage
    /// The binary forms that take the place of events, by sequence.
    let replacements: [UInt64: [UInt8]]
    private var next: UInt64 = 1
    /// The replaced sequences from `next` on, in order.
    private var rest: ArraySlice<UInt64>

    /// Bytes of rows in one transaction of the copy.
    private static let transactionBytesMax = 16 << 20

    init(from source: LogStorage, to target: LogStorage, replacing replacements: [UInt64: [UInt8]]) {
        self.source = source
        self.target = target
        self.replacements = replacements
        rest = replacements.keys.sorted()[...]
    }

    /// The last event copied.
    var last: UInt64 { next - 1 }

    /// Copies the next full blocks: they never change, so that appends may go on meanwhile.
    ///
    /// - Returns: whether there may be more.
    mutating func copyFullBlocks() throws -> Bool {
        try copyRows { $0 == EventBlock.Form.frame.rawValue }
    }

    /// Copies what is left of the events, and the definitions. Nothing may be stored meanwhile.
    mutating func finish() throws {
        while try copyRows({ _ in true }) {}
        try copyDefinitions()
        try target.store(generation: source.generation + 1)
    }

    /// Copies rows of the wanted forms, as many as go into a transaction.
    private mutating func copyRows(_ isWanted: (UInt8) -> Bool) throws -> Bool {
        var copy = self
        let isGoingOn = try target.environment.withWriteTransaction { transaction in
            var bytes = 0
            while bytes < Self.transactionBytesMax {
                guard let record = try copy.row(), record.count > Self.formOffset, isWanted(record[Self.formOffset])
                else { return false }
                bytes += try copy.store(record, in: transaction)
            }
            return true
        }
        self = copy
        return isGoingOn
    }

    private static let formOffset = 5

    /// The row that begins with the next event: rows at the log's end are replaced by a block with the key of the first.
    private func row() throws -> [UInt8]? {
        try source.environment.withReadTransaction { try source.events.value(forKey: next, in: $0) }
    }

    /// Stores a row with its replacements.
    ///
    /// - Returns: the bytes stored.
    private mutating func store(_ record: [UInt8], in transaction: borrowing WriteTransaction) throws -> Int {
        let block = try record.withUnsafeBytes { try EventBlock($0, firstSequence: next) }
        let isReplaced = rest.first.map { $0 <= block.lastSequence } ?? false
        let stored = isReplaced ? try rewritten(block) : record
        try target.events.append(stored, forKey: next, in: transaction)
        rest = rest.drop { $0 <= block.lastSequence }
        next = block.lastSequence + 1
        return stored.count
    }

    private func rewritten(_ block: EventBlock) throws -> [UInt8] {
        var body: [UInt8] = []
        var end = block.start
        _ = try block.forEach { event in
            let tail = LogTail(
                sequence: event.sequence, recordedAt: event.recordedAt, visibleAt: event.visibleAt)
            if let replacement = replacements[event.sequence] {
                replacement.withUnsafeBytes { BlockBody.append($0, at: tail, after: end, to: &body) }
            } else {
                BlockBody.append(event.bytes, at: tail, after: end, to: &body)
            }
            end = tail
            return true
        }
        return try body.withUnsafeBytes {
            try EventBlock.encode(
                $0, block.form == .frame ? BlockCompressor() : nil, count: block.count, start: block.start)
        }
    }

    private func copyDefinitions() throws {
        try target.environment.withWriteTransaction { transaction in
            try source.environment.withReadTransaction { reading in
                try source.definitions.forEach(from: nil, in: reading) { number, record in
                    guard RecordSeal.isIntact(record, number: number) else {
                        throw LogError(.damaged(sequence: number), "Definition \(number) is damaged.")
                    }
                    try target.definitions.appendBytes(record, forKey: number, in: transaction)
                    return .next
                }
            }
        }
    }
}
