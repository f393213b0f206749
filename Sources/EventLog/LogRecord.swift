internal import SegmentModel

/// The bytes of one stored event.
///
/// ```
/// offset  size  field
/// 0       1     format version of the record, 1
/// 1       4     CRC-32C, little-endian, over the sequence (8 bytes, little-endian) and everything from offset 5 on
/// 5       8     recordedAt, microseconds since 1970, little-endian
/// 13      8     visibleAt, likewise
/// 21      …     the event in its binary form
/// ```
///
/// The sequence is part of the checksum, so that a record under another key is damage, not another event.
enum LogRecord {
    static let version: UInt8 = 1
    static let headerSize = 21
    private static let checksumEnd = 5

    /// Writes the record of `event` into `bytes`, replacing what was there.
    static func encode(
        event: [UInt8], sequence: UInt64, recordedAt: Instant, visibleAt: Instant, into bytes: inout [UInt8]
    ) {
        bytes.removeAll(keepingCapacity: true)
        bytes.append(version)
        bytes.append(contentsOf: [0, 0, 0, 0])
        append(recordedAt.microseconds, to: &bytes)
        append(visibleAt.microseconds, to: &bytes)
        bytes.append(contentsOf: event)
        let sum = checksum(sequence: sequence, record: bytes)
        withUnsafeBytes(of: sum.littleEndian) { raw in
            for index in 0..<4 { bytes[1 + index] = raw[index] }
        }
    }

    /// Reads a record and checks that it is what was written under that sequence.
    static func decode(_ bytes: UnsafeRawBufferPointer, sequence: UInt64) throws(LogError) -> LoggedEvent {
        let event = try eventBytes(bytes, sequence: sequence)
        do {
            return LoggedEvent(
                sequence: sequence,
                recordedAt: Instant(microseconds: integer(bytes, at: 5)),
                visibleAt: Instant(microseconds: integer(bytes, at: 13)),
                event: try Event(decoding: event))
        } catch {
            throw LogError(
                .damaged(sequence: sequence), "Event \(sequence) has the right checksum but cannot be read: \(error)")
        }
    }

    /// The event's own bytes, after checking the record.
    static func eventBytes(
        _ bytes: UnsafeRawBufferPointer, sequence: UInt64
    ) throws(LogError) -> UnsafeRawBufferPointer {
        guard bytes.count >= headerSize else {
            throw LogError(.damaged(sequence: sequence), "Event \(sequence) is cut off: \(bytes.count) bytes.")
        }
        guard bytes[0] == version else {
            throw LogError(
                .unsupportedFormat,
                "Event \(sequence) has record version \(bytes[0]); this version of segmentd reads version \(version).")
        }
        let stored = bytes.loadUnaligned(fromByteOffset: 1, as: UInt32.self)
        guard UInt32(littleEndian: stored) == checksum(sequence: sequence, record: bytes) else {
            throw LogError(
                .damaged(sequence: sequence),
                "Event \(sequence) is damaged: its checksum does not match. Restore the log from a backup.")
        }
        return UnsafeRawBufferPointer(rebasing: bytes[headerSize...])
    }

    /// visibleAt alone, of a record that was checked before.
    static func visibleAt(_ bytes: UnsafeRawBufferPointer) -> Instant {
        Instant(microseconds: integer(bytes, at: 13))
    }

    private static func checksum(sequence: UInt64, record: [UInt8]) -> UInt32 {
        record.withUnsafeBytes { checksum(sequence: sequence, record: $0) }
    }

    static func checksum(sequence: UInt64, record: UnsafeRawBufferPointer) -> UInt32 {
        let seed = withUnsafeBytes(of: sequence.littleEndian) { CRC32C.checksum($0) }
        return CRC32C.checksum(UnsafeRawBufferPointer(rebasing: record[checksumEnd...]), continuing: seed)
    }

    private static func append(_ integer: Int64, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: integer.littleEndian) { bytes.append(contentsOf: $0) }
    }

    private static func integer(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Int64 {
        Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int64.self))
    }
}
