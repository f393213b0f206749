internal import SegmentModel

/// A run of consecutive events as one row of the table `events`; its key is the first event's sequence.
///
/// ```
/// offset  size  field
/// 0       5     seal: version 2, checksum
/// 5       1     form of the body: 0 plain, 1 a Zstandard frame
/// 6       4     number of events, little-endian, as all that follows
/// 10      4     size of the body in bytes, as it is when plain
/// 14      8     recordedAt of the event before the first, microseconds since 1970; before all events, the earliest
/// 22      8     visibleAt of that event
/// 30      …     the body, see `BlockBody`
/// ```
///
/// As a body says only how far its instants lie from those before, bodies of neighbouring blocks joined are the body of
/// the joined block.
struct EventBlock {
    /// The end of the log before the block's first event.
    let start: LogTail
    /// Number of events, at least 1.
    let count: Int
    /// The body, plain.
    let body: [UInt8]
    /// How the body was stored.
    let form: Form

    /// How a body is stored.
    enum Form: UInt8 {
        /// As it is: events of recent commits, at the log's end only.
        case plain = 0
        /// Compressed: full blocks.
        case frame = 1
    }

    static let version: UInt8 = 2
    static let headerSize = 30
    /// Bytes of a body: of a full block and the longest event. A record that claims more is not read.
    static let bodySizeMax = 4 << 20

    var firstSequence: UInt64 { start.sequence + 1 }
    var lastSequence: UInt64 { start.sequence + UInt64(count) }

    /// The record of a block, to be stored under `start.sequence + 1`; plain without a compressor.
    static func encode(
        _ body: UnsafeRawBufferPointer, _ compressor: BlockCompressor? = nil, count: Int, start: LogTail
    ) throws(LogError) -> [UInt8] {
        var record: [UInt8]
        if let compressor {
            record = try compressor.compress(body, headerSize: headerSize)
        } else {
            record = []
            record.reserveCapacity(headerSize + body.count)
            record.append(contentsOf: repeatElement(0, count: headerSize))
            record.append(contentsOf: body)
        }
        let form: Form = compressor == nil ? .plain : .frame
        record.withUnsafeMutableBytes { bytes in
            bytes[0] = version
            bytes[5] = form.rawValue
            bytes.storeBytes(of: UInt32(count).littleEndian, toByteOffset: 6, as: UInt32.self)
            bytes.storeBytes(of: UInt32(body.count).littleEndian, toByteOffset: 10, as: UInt32.self)
            bytes.storeBytes(of: start.recordedAt.microseconds.littleEndian, toByteOffset: 14, as: Int64.self)
            bytes.storeBytes(of: start.visibleAt.microseconds.littleEndian, toByteOffset: 22, as: Int64.self)
        }
        RecordSeal.close(&record, number: start.sequence + 1)
        return record
    }

    /// Reads a record, copying or decompressing its body, and checks that it is what was written under that key.
    init(_ record: UnsafeRawBufferPointer, firstSequence: UInt64) throws(LogError) {
        try Self.check(record, firstSequence: firstSequence)
        let stored = UnsafeRawBufferPointer(rebasing: record[Self.headerSize...])
        let size = Int(UInt32(littleEndian: record.loadUnaligned(fromByteOffset: 10, as: UInt32.self)))
        let form = Form(rawValue: record[5])
        let body: [UInt8]? =
            switch form {
            case .plain: stored.count == size ? [UInt8](stored) : nil
            case .frame: size <= Self.bodySizeMax ? Zstandard.decompress(stored, size: size) : nil
            case nil: nil
            }
        count = Int(UInt32(littleEndian: record.loadUnaligned(fromByteOffset: 6, as: UInt32.self)))
        guard let form, let body, count > 0, firstSequence > 0 else {
            throw Self.malformed(firstSequence)
        }
        self.form = form
        self.body = body
        start = LogTail(
            sequence: firstSequence - 1,
            recordedAt: Instant(microseconds: Self.integer(record, at: 14)),
            visibleAt: Instant(microseconds: Self.integer(record, at: 22)))
    }

    /// A block that is not stored, or not as a whole.
    init(start: LogTail, count: Int, body: [UInt8]) {
        self.start = start
        self.count = count
        self.body = body
        form = .plain
    }

    /// Refuses records of other versions than this one.
    static func checkVersion(_ record: UnsafeRawBufferPointer, firstSequence: UInt64) throws(LogError) {
        guard let stored = record.first else {
            throw LogError(.damaged(sequence: firstSequence), "The block of event \(firstSequence) is empty.")
        }
        guard stored == version else {
            throw LogError(
                .unsupportedFormat,
                """
                Event \(firstSequence) is stored in version \(stored) of the log's format; this version of segmentd \
                reads version \(version).
                """)
        }
    }

    private static func check(_ record: UnsafeRawBufferPointer, firstSequence: UInt64) throws(LogError) {
        try checkVersion(record, firstSequence: firstSequence)
        guard record.count >= headerSize, RecordSeal.isIntact(record, number: firstSequence) else {
            throw LogError(
                .damaged(sequence: firstSequence),
                """
                The block that begins with event \(firstSequence) is damaged: its checksum does not match. \
                \(LogError.remedy)
                """)
        }
    }

    static func malformed(_ firstSequence: UInt64) -> LogError {
        LogError(
            .damaged(sequence: firstSequence),
            "The block that begins with event \(firstSequence) has the right checksum but cannot be read.")
    }

    private static func integer(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Int64 {
        Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int64.self))
    }
}
