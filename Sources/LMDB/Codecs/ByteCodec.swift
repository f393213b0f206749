/// How values of one kind become bytes in a table and come back.
public protocol ByteCodec {
    associatedtype Value

    /// Calls the body with the value's bytes, which are valid only during the call. Allocates nothing if it can.
    static func withBytes<Result, Failure: Error>(
        of value: Value, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result

    /// The value those bytes stand for; nil if this codec never writes such bytes.
    ///
    /// The bytes lie in the map: unaligned, and gone with the transaction.
    static func decode(_ bytes: UnsafeRawBufferPointer) -> Value?
}

/// A codec for keys: 1 to 511 bytes whose order as bytes is the order of the values.
public protocol KeyCodec: ByteCodec {}

/// A codec for values: at most 2 GiB, best at most 2,022 bytes, which share a leaf with others.
public protocol ValueCodec: ByteCodec {}
