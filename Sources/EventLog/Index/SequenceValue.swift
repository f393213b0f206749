internal import LMDB

/// Sequences as values: little-endian, without the zero bytes at the end.
enum SequenceValue: ValueCodec {
    static func withBytes<Result, Failure: Error>(
        of value: UInt64, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let size = 8 - value.leadingZeroBitCount / 8
        return try withUnsafeBytes(of: value.littleEndian) { (bytes) throws(Failure) in
            try body(UnsafeRawBufferPointer(rebasing: bytes.prefix(size)))
        }
    }

    static func decode(_ bytes: UnsafeRawBufferPointer) -> UInt64? {
        guard bytes.count <= 8, bytes.last != 0 else { return nil }
        return bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
