public import SegmentModel

/// Contacts or orders from comma-separated values, read as a mapping says.
///
/// Places are lines of the file; the header is line 1. A row that cannot be read is a problem and stops no other. One
/// line as a rule makes one event (`EventSink` gives it its id), the lines of one order together one.
public struct CSVConversion: EventConversion {
    public let countsElements = false
    private let mapping: Mapping
    private let zone: TimeZoneRules
    /// For mappings without a time.
    private let asOf: Instant?
    /// Rows before that line are passed over.
    private let firstPlace: Int
    private var reader: CSVReader
    private var isBegun = false
    private var table: TableWriter?

    /// - Parameters:
    ///   - zone: the rules of the mapping's time zone; of any, if it names none.
    ///   - asOf: when what the file says came to hold, if no column says so for each row.
    public init(
        _ mapping: Mapping, zone: TimeZoneRules, asOf: Instant? = nil, firstPlace: Int = 1
    ) throws(ImportError) {
        guard mapping.time != nil || asOf != nil else {
            throw ImportError(
                """
                When did the rows come to hold? Name the column that says so, as in "time": "Updated at", or give the \
                instant at which the file was made for all of them.
                """, pointer: "/time")
        }
        guard mapping.time == nil || asOf == nil else {
            throw ImportError(
                "The mapping says when each row came to hold; no instant is needed for all.", pointer: "/time")
        }
        self.mapping = mapping
        self.zone = zone
        self.asOf = asOf
        self.firstPlace = firstPlace
        reader = CSVReader(delimiter: mapping.delimiter)
    }

    public mutating func convert(
        _ bytes: UnsafeRawBufferPointer, into events: inout ConvertedEvents
    ) throws(ImportError) {
        if !isBegun, bytes.count >= 2 {
            isBegun = true
            let start = (bytes[0], bytes[1])
            guard start != (0xFF, 0xFE), start != (0xFE, 0xFF) else {
                throw ImportError("The file is UTF-16; save it as UTF-8 and hand it in again.")
            }
        }
        reader.feed(bytes)
        while let finding = reader.next(isAtEnd: false) { try take(finding, &events) }
    }

    public mutating func finish(into events: inout ConvertedEvents) throws(ImportError) {
        while let finding = reader.next(isAtEnd: true) { try take(finding, &events) }
        guard table != nil else {
            throw ImportError("The file is empty; a header with the names of columns is expected.")
        }
        table?.finish(&events)
    }

    private mutating func take(_ finding: CSVReader.Finding, _ events: inout ConvertedEvents) throws(ImportError) {
        switch finding {
        case .row(let row):
            if table == nil {
                let header = try TableHeader(row.cells, of: mapping)
                table = try TableWriter(mapping, header, zone: zone, asOf: asOf, firstPlace: firstPlace)
                events.lastPlace = row.lastLine
            } else {
                table?.take(row, &events)
            }
        case .fault(let line, let message):
            guard table != nil else { throw ImportError("The header cannot be read: \(message)") }
            table?.takeFault(Fault("malformed_row", message), line: line, &events)
        }
    }
}
