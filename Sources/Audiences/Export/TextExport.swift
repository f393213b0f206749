internal import SegmentEngine
public import SegmentModel

/// Rows of one frontier as text, made piece by piece: what it takes does not depend on how many there are.
///
/// Holds the state of the audience that it shows, and what changes meanwhile is copied; so it should not be kept for
/// longer than it takes to hand it out.
public struct TextExport: Sendable {
    /// The instant that every row is true at.
    public let frontier: Instant
    /// How many rows there are, the header line of CSV apart.
    public let count: Int

    private var rows: any RowSource
    private var writer: RowWriter
    private var isAtStart = true
    private var isAtEnd = false

    /// Rows made between two looks at how long the text has become.
    private static let sliceRows = 256
    /// A piece of text is about that long.
    private static let pieceBytesMin = 65_536

    init(frontier: Instant, count: Int, columns: [String], format: ExportFormat, rows: any RowSource) {
        self.frontier = frontier
        self.count = count
        self.rows = rows
        writer = RowWriter(columns: columns, format: format)
    }

    /// Puts the next piece of text in the place of what was there; false when there is no more.
    public mutating func next(into text: inout [UInt8]) throws(AudienceError) -> Bool {
        text.removeAll(keepingCapacity: true)
        if isAtStart { writer.begin(&text) }
        isAtStart = false
        while !isAtEnd, text.count < Self.pieceBytesMin {
            // A copy, since rows change beside it; it stands at the beginning of a row before and after.
            var writer = writer
            let made = try rows.next(Self.sliceRows) { writer.write($0, to: &text) }
            isAtEnd = made < Self.sliceRows
        }
        return !text.isEmpty
    }
}

/// Where rows come from: members of a segment, or a list that was frozen.
protocol RowSource: Sendable {
    /// Lends the cells of the next rows, row by row; fewer rows than `countMax` at the end.
    mutating func next(_ countMax: Int, _ cell: (MemberCell) -> Void) throws(AudienceError) -> Int
}

extension MemberRows: RowSource {}
