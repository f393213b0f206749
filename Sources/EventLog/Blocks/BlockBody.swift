internal import SegmentModel

/// The body of a block: its events one after the other, each as
///
/// - the size of its binary form in bytes,
/// - by how many microseconds its recordedAt is later than that of the event before,
/// - by how many more (or, if negative, fewer) its visibleAt is, zigzag: 0, -1, 1, -2 are 0, 1, 2, 3,
/// - its binary form.
///
/// The first three are varints: seven bits to a byte, lowest first, the top bit says that more follow. Most are one
/// byte, as events of one commit share their instants and the delay rarely changes.
enum BlockBody {
    /// Adds an event, which becomes the log's `tail`, after the one that was it `before`.
    static func append(
        _ event: UnsafeRawBufferPointer, at tail: LogTail, after before: LogTail, to body: inout [UInt8]
    ) {
        let recordedStep = tail.recordedAt.microseconds &- before.recordedAt.microseconds
        let visibleStep = tail.visibleAt.microseconds &- before.visibleAt.microseconds
        let difference = visibleStep &- recordedStep
        appendVarint(UInt64(event.count), to: &body)
        appendVarint(UInt64(bitPattern: recordedStep), to: &body)
        appendVarint(UInt64(bitPattern: (difference << 1) ^ (difference >> 63)), to: &body)
        body.append(contentsOf: event)
    }

    private static func appendVarint(_ value: UInt64, to body: inout [UInt8]) {
        var rest = value
        while rest >= 0x80 {
            body.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        body.append(UInt8(truncatingIfNeeded: rest))
    }
}

extension EventBlock {
    /// Calls the body with each event from sequence `first` on, in order, until it returns false.
    ///
    /// - Returns: whether it never did.
    func forEach(from first: UInt64 = 0, _ visit: (StoredEvent) throws -> Bool) throws -> Bool {
        try body.withUnsafeBytes { bytes in
            var reader = BodyReader(bytes, after: start)
            for _ in 0..<count {
                guard let event = reader.next() else { throw Self.malformed(firstSequence) }
                if event.sequence < first { continue }
                guard try visit(event) else { return false }
            }
            guard reader.isAtEnd else { throw Self.malformed(firstSequence) }
            return true
        }
    }

    /// The end of the log after the block's last event.
    func end() throws -> LogTail {
        var end = start
        _ = try forEach { event in
            end = LogTail(sequence: event.sequence, recordedAt: event.recordedAt, visibleAt: event.visibleAt)
            return true
        }
        return end
    }
}

/// Reads a body from front to back; every read is checked against its end.
private struct BodyReader {
    private let bytes: UnsafeRawBufferPointer
    private var offset = 0
    private var last: LogTail

    init(_ bytes: UnsafeRawBufferPointer, after start: LogTail) {
        self.bytes = bytes
        last = start
    }

    var isAtEnd: Bool { offset == bytes.count }

    /// The next event, nil if there is no whole one.
    mutating func next() -> StoredEvent? {
        guard let size = varint(), let recordedStep = varint(), let zigzag = varint(),
            size <= UInt64(bytes.count - offset)
        else { return nil }
        let difference = Int64(bitPattern: zigzag >> 1) ^ -Int64(bitPattern: zigzag & 1)
        let step = Int64(bitPattern: recordedStep)
        last.sequence += 1
        last.recordedAt.microseconds &+= step
        last.visibleAt.microseconds &+= step &+ difference
        let event = UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + Int(size))])
        offset += Int(size)
        return StoredEvent(
            sequence: last.sequence, recordedAt: last.recordedAt, visibleAt: last.visibleAt, bytes: event)
    }

    private mutating func varint() -> UInt64? {
        guard offset < bytes.count else { return nil }
        let byte = bytes[offset]
        offset += 1
        return byte < 0x80 ? UInt64(byte) : longVarint(startingWith: byte)
    }

    private mutating func longVarint(startingWith first: UInt8) -> UInt64? {
        var value = UInt64(first & 0x7F)
        var shift: UInt64 = 7
        while offset < bytes.count, shift < 64 {
            let byte = bytes[offset]
            offset += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        return nil
    }
}
