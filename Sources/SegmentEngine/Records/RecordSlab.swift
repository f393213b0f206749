/// A stretch of memory that records are written into; given back to the system when nothing refers to it any more.
///
/// Bytes below a published length are never written again, so that readers need no lock: only the store's owner writes,
/// and only behind what any snapshot can see.
final class RecordSlab: @unchecked Sendable {
    let start: UnsafeMutableRawPointer
    let byteCount: Int

    private static let pageSize = 4_096

    init(byteCount wanted: Int) {
        byteCount = (wanted + Self.pageSize - 1) & ~(Self.pageSize - 1)
        start = LargePages.map(byteCount)
    }

    deinit {
        LargePages.unmap(start, byteCount)
    }
}

/// Where one version of a record lies, and how long it is; both zero for a contact that is not there.
struct RecordReference: Equatable, Sendable {
    private var low: UInt32
    /// The address's upper half; its highest bit, which no address of a process has, says that the view holds it.
    private var high: UInt32
    let length: UInt32

    static let none = RecordReference(UnsafeRawBufferPointer(start: nil, count: 0), isMapped: false)
    private static let mappedBit: UInt32 = 1 << 31

    init(_ bytes: UnsafeRawBufferPointer, isMapped: Bool) {
        let address = UInt(bitPattern: bytes.baseAddress)
        low = UInt32(truncatingIfNeeded: address)
        high = UInt32(truncatingIfNeeded: address >> 32) | (isMapped ? Self.mappedBit : 0)
        length = UInt32(bytes.count)
    }

    /// Whether the bytes lie in the view's map, not in memory of this process's own.
    var isMapped: Bool { high & Self.mappedBit != 0 }

    var start: UnsafeRawPointer? {
        UnsafeRawPointer(bitPattern: UInt(high & ~Self.mappedBit) << 32 | UInt(low))
    }

    var isNone: Bool { length == 0 }

    /// The bytes; valid as long as what holds them is kept.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: Int(length)) }
}
