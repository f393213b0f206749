internal import SegmentModel

/// What a checkpoint says of itself: what it belongs to, and which sections follow.
struct CheckpointHead: Sendable {
    var sequence: UInt64
    var recordedAt: Instant
    var instant: Instant
    var contactCount: Int
    var basis: [UInt8]
    var existsByteCount: Int
    var leaves: [(key: [UInt8], byteCount: Int)]

    static let version: UInt8 = 1
    // What the checksums of sections begin with.
    static let number: UInt64 = 0
    static let wakesNumber: UInt64 = 1
    static let existsNumber: UInt64 = 2
    static func leafNumber(_ index: Int) -> UInt64 { UInt64(3 + index) }

    /// Where the size of the head stands, and how much of it comes before its content.
    private static let sizeOffset = 1
    private static let prefixSize = 5

    init(
        sequence: UInt64, recordedAt: Instant, instant: Instant, contactCount: Int, basis: [UInt8],
        existsByteCount: Int, leaves: [(key: [UInt8], byteCount: Int)]
    ) {
        self.sequence = sequence
        self.recordedAt = recordedAt
        self.instant = instant
        self.contactCount = contactCount
        self.basis = basis
        self.existsByteCount = existsByteCount
        self.leaves = leaves
    }

    func append(to bytes: inout [UInt8]) {
        let start = bytes.count
        bytes.append(Self.version)
        bytes.append(integer: UInt32(0))
        bytes.append(integer: sequence)
        bytes.append(integer: recordedAt.microseconds)
        bytes.append(integer: instant.microseconds)
        bytes.append(integer: UInt32(contactCount))
        bytes.append(sized: basis)
        bytes.append(integer: UInt64(existsByteCount))
        bytes.append(integer: UInt32(leaves.count))
        for leaf in leaves {
            bytes.append(sized: leaf.key)
            bytes.append(integer: UInt64(leaf.byteCount))
        }
        let size = UInt32(bytes.count - start + ViewSeal.size)
        bytes.withUnsafeMutableBytes {
            $0.storeBytes(of: size.littleEndian, toByteOffset: start + Self.sizeOffset, as: UInt32.self)
        }
    }

    /// Reads the head of a file, and how many bytes it takes; nil if it is damaged or of another version.
    static func read(_ file: UnsafeRawBufferPointer) -> (head: CheckpointHead, size: Int)? {
        guard file.count >= prefixSize, file[0] == version else { return nil }
        let size = Int(UInt32(littleEndian: file.loadUnaligned(fromByteOffset: sizeOffset, as: UInt32.self)))
        guard size > prefixSize, size <= file.count,
            let content = try? ViewSeal.open(UnsafeRawBufferPointer(rebasing: file[..<size]), number: number)
        else { return nil }
        var reading = Reading(bytes: content, offset: prefixSize)
        return reading.head().map { ($0, size) }
    }
}

/// Takes one value after the other; nil past the end.
private struct Reading {
    let bytes: UnsafeRawBufferPointer
    var offset: Int

    mutating func integer<Value: FixedWidthInteger & BitwiseCopyable>(_ type: Value.Type = Value.self) -> Value? {
        guard bytes.count - offset >= MemoryLayout<Value>.size else { return nil }
        defer { offset += MemoryLayout<Value>.size }
        return Value(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Value.self))
    }

    mutating func count() -> Int? { integer(UInt32.self).map(Int.init) }

    mutating func instant() -> Instant? { integer(Int64.self).map(Instant.init) }

    mutating func byteCount() -> Int? { integer(UInt64.self).flatMap { Int(exactly: $0) } }

    mutating func sized() -> [UInt8]? {
        guard let size = count(), bytes.count - offset >= size else { return nil }
        defer { offset += size }
        return Array(bytes[offset..<offset + size])
    }

    mutating func head() -> CheckpointHead? {
        guard let sequence = integer(UInt64.self), let recordedAt = instant(), let instant = instant(),
            let contactCount = count(), let basis = sized(), let existsByteCount = byteCount(),
            let leafCount = count()
        else { return nil }
        var leaves: [(key: [UInt8], byteCount: Int)] = []
        for _ in 0..<leafCount {
            guard let key = sized(), let byteCount = byteCount() else { return nil }
            leaves.append((key: key, byteCount: byteCount))
        }
        return CheckpointHead(
            sequence: sequence, recordedAt: recordedAt, instant: instant, contactCount: contactCount, basis: basis,
            existsByteCount: existsByteCount, leaves: leaves)
    }
}

extension [UInt8] {
    fileprivate mutating func append(integer: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: integer.littleEndian) { append(contentsOf: $0) }
    }

    /// Bytes with their number before them.
    fileprivate mutating func append(sized bytes: [UInt8]) {
        append(integer: UInt32(bytes.count))
        append(contentsOf: bytes)
    }
}
