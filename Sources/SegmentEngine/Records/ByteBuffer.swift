/// Memory that records are put together in, used again and again: appends the elements of records.
///
/// A class, so that writing costs no check whether the memory is shared.
final class ByteBuffer {
    private var start = UnsafeMutableRawPointer.allocate(byteCount: ByteBuffer.capacityMin, alignment: 16)
    private var capacity = ByteBuffer.capacityMin
    private(set) var count = 0

    private static let capacityMin = 1_024
    private static let varintBytesMax = 10

    deinit {
        start.deallocate()
    }

    /// What was written; valid until more is.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }

    func removeAll() {
        count = 0
    }

    @inline(__always)
    func byte(_ byte: UInt8) {
        reserve(1)
        start.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
        count &+= 1
    }

    /// Most numbers are of one byte.
    @inline(__always)
    func varint(_ value: UInt64) {
        if value < 0x80 { byte(UInt8(truncatingIfNeeded: value)) } else { longVarint(value) }
    }

    private func longVarint(_ value: UInt64) {
        reserve(Self.varintBytesMax)
        var rest = value
        while rest >= 0x80 {
            start.storeBytes(of: UInt8(truncatingIfNeeded: rest) | 0x80, toByteOffset: count, as: UInt8.self)
            count &+= 1
            rest >>= 7
        }
        start.storeBytes(of: UInt8(truncatingIfNeeded: rest), toByteOffset: count, as: UInt8.self)
        count &+= 1
    }

    func count(_ count: Int) { varint(UInt64(count)) }

    func symbol(_ symbol: Symbol) { varint(UInt64(symbol.rawValue)) }

    func zigzag(_ value: Int64) {
        varint(UInt64(bitPattern: (value << 1) ^ (value >> 63)))
    }

    func text(_ text: UnsafeRawBufferPointer) {
        count(text.count)
        raw(text)
    }

    func raw(_ slice: UnsafeRawBufferPointer) {
        guard let source = slice.baseAddress, !slice.isEmpty else { return }
        reserve(slice.count)
        (start + count).copyMemory(from: source, byteCount: slice.count)
        count &+= slice.count
    }

    func raw(_ other: ByteBuffer) {
        raw(other.bytes)
    }

    @inline(__always)
    private func reserve(_ more: Int) {
        if count &+ more > capacity { grow(to: count + more) }
    }

    private func grow(to wanted: Int) {
        capacity = max(capacity * 2, wanted)
        let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
        larger.copyMemory(from: start, byteCount: count)
        start.deallocate()
        start = larger
    }
}
