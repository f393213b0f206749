/// Bytes as keys, compared as unsigned bytes, a prefix before what continues it.
public enum BytesKey: KeyCodec {
    @inlinable
    public static func withBytes<Result, Failure: Error>(
        of value: [UInt8], _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try BytesValue.withBytes(of: value, body)
    }

    @inlinable
    public static func decode(_ bytes: UnsafeRawBufferPointer) -> [UInt8]? {
        [UInt8](bytes)
    }
}

/// Bytes as values, copied out when read; `Table.withBytes` reads them in place.
public enum BytesValue: ValueCodec {
    @inlinable
    public static func withBytes<Result, Failure: Error>(
        of value: [UInt8], _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try value.span.bytes.withUnsafeBytes(body)
    }

    @inlinable
    public static func decode(_ bytes: UnsafeRawBufferPointer) -> [UInt8]? {
        [UInt8](bytes)
    }
}

/// Text as keys: its UTF-8 bytes, so equal only if byte for byte the same, whatever its normal form.
public enum StringKey: KeyCodec {
    @inlinable
    public static func withBytes<Result, Failure: Error>(
        of value: String, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try StringValue.withBytes(of: value, body)
    }

    @inlinable
    public static func decode(_ bytes: UnsafeRawBufferPointer) -> String? {
        StringValue.decode(bytes)
    }
}

/// Text as values: its UTF-8 bytes; other bytes are refused when read.
public enum StringValue: ValueCodec {
    @inlinable
    public static func withBytes<Result, Failure: Error>(
        of value: String, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try value.utf8Span.span.bytes.withUnsafeBytes(body)
    }

    @inlinable
    public static func decode(_ bytes: UnsafeRawBufferPointer) -> String? {
        String(validating: bytes, as: UTF8.self)
    }
}

/// No value: for tables whose keys say everything, such as composite keys.
public enum EmptyValue: ValueCodec {
    @inlinable
    public static func withBytes<Result, Failure: Error>(
        of value: Void, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(start: nil, count: 0))
    }

    @inlinable
    public static func decode(_ bytes: UnsafeRawBufferPointer) -> Void? {
        bytes.isEmpty ? () : nil
    }
}
