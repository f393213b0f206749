internal import LMDB
internal import SegmentModel

/// What a view is written from: the fold at one sequence, as nobody changes it any more.
struct ViewSource: Sendable {
    let sequence: UInt64
    let recordedAt: Instant
    var logGeneration: UInt64 = 0
    let vocabulary: Vocabulary
    let records: RecordSnapshot
    let refunds: RefundBook
}

/// Writes a view into an empty directory.
struct ViewWriter {
    private let environment: Environment
    private let tables: ViewTables
    private var value: [UInt8] = []

    /// Rows of one transaction; its pages are kept in memory until it commits.
    private static let transactionBytesMax = 16 << 20

    init(directory: String, mapSizeBytes: Int, steps: DurableSteps = .system) throws {
        environment = try Environment(
            directory: directory,
            options: EnvironmentOptions(mapSizeBytes: mapSizeBytes, durability: .unsynced, steps: steps))
        tables = try ViewTables(in: environment)
    }

    /// Writes all of the source, syncs, and closes; the state comes last.
    mutating func write(_ source: ViewSource) throws {
        defer { environment.close() }
        try writeRecords(source.records)
        try writeSymbols(source.vocabulary)
        try writeRefunds(source.refunds)
        let state = ViewState(
            sequence: source.sequence, recordedAt: source.recordedAt.microseconds,
            logGeneration: source.logGeneration)
        try environment.withWriteTransaction { transaction in
            seal(state.bytes, number: 0)
            try tables.state.put(value, forKey: ViewState.key, in: transaction)
        }
        try environment.sync()
    }

    private mutating func writeRecords(_ records: RecordSnapshot) throws {
        var next = 0
        while next < records.count {
            try environment.withWriteTransaction { transaction in
                var bytes = 0
                while next < records.count, bytes < Self.transactionBytesMax {
                    let ordinal = Ordinal(next)
                    records.withRecord(ordinal) { seal($0, number: UInt64(ordinal)) }
                    try value.withUnsafeBytes {
                        try tables.records.appendBytes($0, forKey: ordinal, in: transaction)
                    }
                    bytes += value.count
                    next += 1
                }
            }
        }
    }

    private mutating func writeSymbols(_ vocabulary: Vocabulary) throws {
        try environment.withWriteTransaction { transaction in
            try vocabulary.forEach { symbol, text in
                seal(text, number: UInt64(symbol.rawValue))
                try value.withUnsafeBytes {
                    try tables.symbols.appendBytes($0, forKey: symbol.rawValue, in: transaction)
                }
            }
        }
    }

    private mutating func writeRefunds(_ refunds: RefundBook) throws {
        try environment.withWriteTransaction { transaction in
            for (number, row) in refunds.rows.enumerated() {
                seal(row, number: UInt64(number))
                try value.withUnsafeBytes {
                    try tables.refunds.appendBytes($0, forKey: UInt64(number), in: transaction)
                }
            }
        }
    }

    private mutating func seal(_ bytes: [UInt8], number: UInt64) {
        bytes.withUnsafeBytes { seal($0, number: number) }
    }

    /// Puts the bytes and their checksum into `value`.
    private mutating func seal(_ bytes: UnsafeRawBufferPointer, number: UInt64) {
        value.removeAll(keepingCapacity: true)
        value.append(contentsOf: bytes)
        withUnsafeBytes(of: ViewSeal.checksum(bytes, number: number).littleEndian) { value.append(contentsOf: $0) }
    }
}
