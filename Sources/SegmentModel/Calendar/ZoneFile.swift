/// A time zone file as RFC 9636 describes it (TZif): what is in `/usr/share/zoneinfo`.
///
/// Bytes come in, transitions and the footer come out; only the 64-bit data of version 2 and later is read.
struct ZoneFile {
    private(set) var firstOffset: Int64 = 0
    private(set) var changes: [(time: Int64, offset: Int64)] = []
    /// nil if the file says nothing about the time after its last transition.
    private(set) var footer: ZoneFooter?

    private let zone: String

    init(_ bytes: UnsafeRawBufferPointer, zone: String) throws(ValueError) {
        self.zone = zone
        let old = try header(in: bytes, at: 0)
        guard old.version >= UInt8(ascii: "2") else {
            throw fault("is of version 1, which ends in 2038; install time zone files of version 2 or later")
        }
        let start = ZoneHeader.size + old.blockSize(timeSize: 4)
        let header = try header(in: bytes, at: start)
        try readBlock(bytes, at: start + ZoneHeader.size, header)
        try readFooter(bytes, at: start + ZoneHeader.size + header.blockSize(timeSize: 8))
    }

    private func header(in bytes: UnsafeRawBufferPointer, at start: Int) throws(ValueError) -> ZoneHeader {
        guard let header = ZoneHeader(bytes, at: start) else {
            throw fault("is not a time zone file (TZif), or is cut off")
        }
        return header
    }

    private mutating func readBlock(
        _ bytes: UnsafeRawBufferPointer, at start: Int, _ header: ZoneHeader
    ) throws(ValueError) {
        guard start + header.blockSize(timeSize: 8) <= bytes.count else { throw fault("is cut off") }
        guard header.leapCount == 0 else {
            throw fault("counts leap seconds; use the file of the same name that does not (outside \"right\")")
        }
        let indexes = start + header.timeCount * 8
        let types = indexes + header.timeCount
        firstOffset = try offset(bytes, types: types, index: 0, header)
        for number in 0..<header.timeCount {
            let time = Int64(bigEndian: bytes.loadUnaligned(fromByteOffset: start + number * 8, as: Int64.self))
            let index = Int(bytes[indexes + number])
            try append(time: time, offset: try offset(bytes, types: types, index: index, header))
        }
    }

    private func offset(
        _ bytes: UnsafeRawBufferPointer, types: Int, index: Int, _ header: ZoneHeader
    ) throws(ValueError) -> Int64 {
        guard index < header.typeCount else { throw fault("refers to a local time type that it does not have") }
        let seconds = Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: types + index * 6, as: Int32.self))
        // The bounds that RFC 9636 recommends: one second less than -25 and 26 hours.
        guard seconds > -90_000, seconds < 93_600 else { throw fault("has an offset of \(seconds) seconds") }
        return Int64(seconds)
    }

    private mutating func append(time: Int64, offset: Int64) throws(ValueError) {
        if let last = changes.last?.time, last >= time { throw fault("has transitions out of order") }
        guard time <= Instant.latest.microseconds / 1_000_000 else { throw fault("has a transition after year 9999") }
        // Some files begin with a transition at the beginning of the universe.
        if time < Instant.earliest.microseconds / 1_000_000 {
            firstOffset = offset
        } else {
            changes.append((time, offset))
        }
    }

    private mutating func readFooter(_ bytes: UnsafeRawBufferPointer, at start: Int) throws(ValueError) {
        let newline = UInt8(ascii: "\n")
        guard start < bytes.count, bytes[start] == newline else { throw fault("has no footer") }
        let rest = UnsafeRawBufferPointer(rebasing: bytes[(start + 1)...])
        guard let end = rest.firstIndex(of: newline) else { throw fault("is cut off in its footer") }
        guard end > 0 else { return }
        let footer = try ZoneFooter(UnsafeRawBufferPointer(rebasing: rest[..<end]), zone: zone)
        if let last = changes.last, footer.offset(at: last.time) != last.offset {
            throw fault("contradicts itself: its last transition and its rule for future years differ")
        }
        self.footer = footer
    }

    private func fault(_ reason: String) -> ValueError {
        ValueError(message: "The file of time zone \(zone) \(reason).")
    }
}

/// The counts at the head of each of the two data blocks of a time zone file.
private struct ZoneHeader {
    static let size = 44

    let version: UInt8
    let timeCount: Int
    let typeCount: Int
    let leapCount: Int
    private let characterCount: Int
    private let standardCount: Int
    private let universalCount: Int

    /// Reads the 44 bytes; nil if they are missing or do not begin with `TZif`.
    init?(_ bytes: UnsafeRawBufferPointer, at start: Int) {
        guard start + ZoneHeader.size <= bytes.count, bytes[start..<(start + 4)].elementsEqual("TZif".utf8) else {
            return nil
        }
        func count(_ index: Int) -> Int {
            Int(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: start + 20 + index * 4, as: UInt32.self)))
        }
        version = bytes[start + 4]
        universalCount = count(0)
        standardCount = count(1)
        leapCount = count(2)
        timeCount = count(3)
        typeCount = count(4)
        characterCount = count(5)
    }

    /// Bytes of the block that follows, if its times take 4 or 8 bytes.
    func blockSize(timeSize: Int) -> Int {
        timeCount * (timeSize + 1) + typeCount * 6 + characterCount + leapCount * (timeSize + 4) + standardCount
            + universalCount
    }
}
