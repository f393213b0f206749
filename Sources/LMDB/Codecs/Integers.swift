/// Unsigned integers as keys: big-endian, so that byte order is number order.
public enum UnsignedKey<Number: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>: KeyCodec {
    @inlinable
    public static func withBytes<Result, Failure: Error>(
        of value: Number, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try withUnsafeBytes(of: value.bigEndian, body)
    }

    @inlinable
    public static func decode(_ bytes: UnsafeRawBufferPointer) -> Number? {
        guard bytes.count == MemoryLayout<Number>.size else { return nil }
        return Number(bigEndian: bytes.loadUnaligned(as: Number.self))
    }
}

/// Unsigned integers as values: little-endian.
public enum UnsignedValue<Number: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>: ValueCodec {
    @inlinable
    public static func withBytes<Result, Failure: Error>(
        of value: Number, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try withUnsafeBytes(of: value.littleEndian, body)
    }

    @inlinable
    public static func decode(_ bytes: UnsafeRawBufferPointer) -> Number? {
        guard bytes.count == MemoryLayout<Number>.size else { return nil }
        return Number(littleEndian: bytes.loadUnaligned(as: Number.self))
    }
}

/// Sequences and pairs of ordinals: 8 bytes.
public typealias UInt64Key = UnsignedKey<UInt64>
/// Ordinals: 4 bytes.
public typealias UInt32Key = UnsignedKey<UInt32>
/// Hashes: 16 bytes.
public typealias UInt128Key = UnsignedKey<UInt128>
/// Sequences, instants and counts: 8 bytes.
public typealias UInt64Value = UnsignedValue<UInt64>
/// Ordinals: 4 bytes.
public typealias UInt32Value = UnsignedValue<UInt32>
