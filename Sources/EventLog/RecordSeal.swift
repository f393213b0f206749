/// The first five bytes of every record of the log: its version and a checksum.
///
/// ```
/// offset  size  field
/// 0       1     format version of the record
/// 1       4     CRC-32C, little-endian, over the record's number (8 bytes, little-endian) and all from offset 5 on
/// ```
///
/// The number, a sequence or a definition's, is the record's key: under another key a record is damage, not another
/// record.
package enum RecordSeal {
    static let size = 5

    /// Writes the checksum of a record that is otherwise complete.
    package static func close(_ record: inout [UInt8], number: UInt64) {
        let sum = record.withUnsafeBytes { checksum(of: $0, number: number) }
        withUnsafeBytes(of: sum.littleEndian) { raw in
            for index in 0..<4 { record[1 + index] = raw[index] }
        }
    }

    /// Whether the record, at least `size` bytes, is what was written under that number.
    package static func isIntact(_ record: UnsafeRawBufferPointer, number: UInt64) -> Bool {
        let stored = record.loadUnaligned(fromByteOffset: 1, as: UInt32.self)
        return UInt32(littleEndian: stored) == checksum(of: record, number: number)
    }

    private static func checksum(of record: UnsafeRawBufferPointer, number: UInt64) -> UInt32 {
        let seed = withUnsafeBytes(of: number.littleEndian) { CRC32C.checksum($0) }
        return CRC32C.checksum(UnsafeRawBufferPointer(rebasing: record[size...]), continuing: seed)
    }
}
