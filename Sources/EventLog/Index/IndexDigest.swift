internal import LMDB

/// A sum over the rows of the index, so that a changed bit in any of them is found when it is opened: a key that is another
/// would let an event be counted twice.
///
/// Sums do not depend on the order of rows, so one row more is one addition, whatever stands before and after it.
enum IndexDigest {
    /// The tables of which rows are in the sum, by the number that stands for them.
    enum Place: UInt8 {
        case ids = 1
        case sources, fields, integrations, filters
        /// Up to which sequences the index stands.
        case state
        case erasures

        init?(name: String) {
            switch name {
            case "ids": self = .ids
            case "sources": self = .sources
            case "fields": self = .fields
            case "integrations": self = .integrations
            case "filters": self = .filters
            case "erasures": self = .erasures
            default: return nil
            }
        }
    }

    /// What a row adds.
    static func term(_ place: Place, _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> UInt64 {
        let head = [place.rawValue, UInt8(truncatingIfNeeded: key.count), UInt8(truncatingIfNeeded: key.count >> 8)]
        let seed = head.withUnsafeBytes { CRC32C.checksum($0) }
        let sum = CRC32C.checksum(value, continuing: CRC32C.checksum(key, continuing: seed))
        // Odd, so that no bit of the checksum is lost.
        return UInt64(sum) &* 0x9E37_79B9_7F4A_7C15
    }

    static func term(_ place: Place, _ key: [UInt8], _ value: [UInt8]) -> UInt64 {
        key.withUnsafeBytes { key in value.withUnsafeBytes { term(place, key, $0) } }
    }

    /// What a row whose value is a sequence adds.
    static func term(_ place: Place, _ key: [UInt8], sequence: UInt64) -> UInt64 {
        key.withUnsafeBytes { key in SequenceValue.withBytes(of: sequence) { term(place, key, $0) } }
    }

    /// What the sequences add up to which the index stands. One written before there was a table of erasures has none of
    /// that: it adds nothing.
    static func term(sequence: UInt64, integrations: UInt64, erasures: UInt64) -> UInt64 {
        term(.state, Array("sequence".utf8), sequence: sequence)
            &+ term(.state, Array("integrations".utf8), sequence: integrations)
            &+ (erasures == 0 ? 0 : term(.state, Array("erasures".utf8), sequence: erasures))
    }
}

/// A count with its own checksum: the number in the lower half, CRC-32C over it in the upper.
enum SealedCount {
    static func seal(_ count: UInt64) -> UInt64 {
        let low = count & 0xFFFF_FFFF
        return UInt64(checksum(low)) << 32 | low
    }

    /// Nil if it is not what was written.
    static func open(_ value: UInt64) -> UInt64? {
        let low = value & 0xFFFF_FFFF
        return UInt64(checksum(low)) == value >> 32 ? low : nil
    }

    private static func checksum(_ low: UInt64) -> UInt32 {
        withUnsafeBytes(of: low.littleEndian) { CRC32C.checksum($0) }
    }
}

/// What a look at the index's file says before it is opened.
struct IndexInspection {
    /// Why it is not to be believed; nil if it is sound.
    private(set) var fault: String?
    /// Sums of the rows as they are, for an index of a version that wrote none.
    private(set) var rowSum: UInt64 = 0
    private(set) var filterSum: UInt64 = 0

    private var state: [String: UInt64] = [:]

    static let tables = ["ids", "sources", "fields", "state", "integrations", "filters"]

    /// Reads all of the index in that directory. Cost: some tens of nanoseconds for each event.
    init(directory: String) {
        do {
            var found = Self()
            let summary = try EnvironmentFile.check(directory: directory, readsValues: true) { table, key, value in
                guard let value else { return }
                found.take(table, key, value)
            }
            if summary?.lacks(oneOf: Self.tables) == true { found.fault = "it lacks one of its tables" }
            found.compare()
            self = found
        } catch {
            fault = "\(error)"
        }
    }

    private init() {}

    private mutating func take(_ table: String, _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        guard let place = IndexDigest.Place(name: table) else {
            if table == "state", let number = UInt64Value.decode(value) {
                state[String(decoding: key, as: UTF8.self)] = number
            }
            return
        }
        let term = IndexDigest.term(place, key, value)
        if place == .filters { filterSum &+= term } else { rowSum &+= term }
    }

    private mutating func compare() {
        let standing = IndexDigest.term(
            sequence: state["sequence"] ?? 0, integrations: state["integrations"] ?? 0, erasures: state["erasures"] ?? 0
        )
        if let digest = state[EventIndex.digestKey], digest != rowSum &+ standing {
            fault = fault ?? "its rows are not those that were written"
        }
        if let digest = state[EventIndex.filterDigestKey], digest != filterSum {
            fault = fault ?? "its filters are not those that were written"
        }
        if let count = state[EventIndex.definitionsKey], SealedCount.open(count) == nil {
            fault = fault ?? "its number of definitions is not what was written"
        }
    }
}
