internal import EventLog

/// The last record of a recipient file: which blocks it has. docs/format.md describes every byte.
struct RecipientDirectory: Equatable, Sendable {
    struct Block: Equatable, Sendable {
        var byteCount: UInt32
        var rowCount: UInt32
        var checksum: UInt32
    }

    var blocks: [Block] = []
    /// Rows that were blanked since, because their contact was erased.
    var erasedCount: UInt64 = 0
    /// CRC-32C of the blocks' entries as they were when the list was frozen.
    var digest: UInt32 = 0

    static let version: UInt8 = 1
    private static let headSize = 21
    private static let entrySize = 12

    /// Rows with a contact.
    var rowCount: Int { blocks.reduce(0) { $0 + Int($1.rowCount) } - Int(erasedCount) }

    /// Whether the blocks are those the digest was taken of; once something was erased nobody can tell.
    var isAsFrozen: Bool { erasedCount > 0 || digest == entriesDigest }

    /// What the digest of these blocks is.
    var entriesDigest: UInt32 { entries.withUnsafeBytes { CRC32C.checksum($0) } }

    private var entries: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(blocks.count * Self.entrySize)
        for block in blocks {
            bytes.append(integer: block.byteCount)
            bytes.append(integer: block.rowCount)
            bytes.append(integer: block.checksum)
        }
        return bytes
    }

    /// The record of the list with that number.
    func encoded(list number: Int) -> [UInt8] {
        var record: [UInt8] = [Self.version, 0, 0, 0, 0]
        record.append(integer: erasedCount)
        record.append(integer: digest)
        record.append(integer: UInt32(blocks.count))
        record.append(contentsOf: entries)
        RecordSeal.close(&record, number: UInt64(number))
        return record
    }

    init() {}

    /// Reads the record; nil if it is not what was written for that list by this version.
    init?(_ record: [UInt8], list number: Int) {
        guard record.count >= Self.headSize, record[0] == Self.version,
            record.withUnsafeBytes({ RecordSeal.isIntact($0, number: UInt64(number)) })
        else { return nil }
        erasedCount = record.integer(at: 5)
        digest = record.integer(at: 13)
        let count: UInt32 = record.integer(at: 17)
        guard record.count == Self.headSize + Int(count) * Self.entrySize else { return nil }
        blocks = (0..<Int(count)).map { index in
            let offset = Self.headSize + index * Self.entrySize
            return Block(
                byteCount: record.integer(at: offset), rowCount: record.integer(at: offset + 4),
                checksum: record.integer(at: offset + 8))
        }
    }
}

extension [UInt8] {
    /// Appends a number, little-endian.
    mutating func append(integer value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }

    /// The little-endian number at an offset.
    func integer<Value: FixedWidthInteger>(at offset: Int) -> Value {
        withUnsafeBytes { Value(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Value.self)) }
    }
}
