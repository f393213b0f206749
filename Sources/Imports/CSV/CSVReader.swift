/// Reads rows of comma-separated values (RFC 4180), with any delimiter.
///
/// In: bytes, cut anywhere. Out: rows in order, each with the line it begins on; or what is wrong with one. Lines end
/// with LF or CRLF. A quote within a cell that does not begin with one stands for itself. Blank lines are passed over.
/// Memory: one row of at most `rowBytesMax`, and one piece of input.
struct CSVReader {
    struct Row: Equatable {
        /// The first and the last line of the file that it takes.
        var line: Int
        var lastLine: Int
        /// The bytes of each cell, without quotes.
        var cells: [[UInt8]]
    }

    enum Finding: Equatable {
        case row(Row)
        /// No row: what stands from that line on, up to the next one that is read.
        case fault(line: Int, message: String)
    }

    static let rowBytesMax = 1 << 20
    static let cellsMax = 1_000

    private let delimiter: UInt8
    private var buffer: [UInt8] = []
    private var position = 0
    /// The line at `position`.
    private var line = 1
    private var isBegun = false
    /// Inside a line that was given up: everything up to its end is dropped.
    private var isSkipping = false

    init(delimiter: UInt8) {
        self.delimiter = delimiter
    }

    mutating func feed(_ bytes: UnsafeRawBufferPointer) {
        if position > 0 {
            buffer.removeFirst(position)
            position = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// The next row; nil when none is complete, at the end of the file when there is none left.
    mutating func next(isAtEnd: Bool) -> Finding? {
        guard isBegun || begin(isAtEnd: isAtEnd) else { return nil }
        while position < buffer.count {
            if isSkipping {
                skipLine()
                continue
            }
            var scan = buffer.withUnsafeBufferPointer { bytes in
                var scan = Scan(bytes: bytes, delimiter: delimiter, start: position)
                scan.run(isAtEnd: isAtEnd)
                return scan.result
            }
            if scan.ending == .incomplete {
                guard isAtEnd || buffer.count - position > Self.rowBytesMax else { return nil }
                scan.ending = .fault(Self.endless)
            }
            if scan.ending == .complete, scan.end - position > Self.rowBytesMax { scan.ending = .fault(Self.endless) }
            let first = line
            guard case .fault(let message) = scan.ending else {
                line += scan.lines
                position = scan.end
                if scan.cells.count == 1, scan.cells[0].isEmpty, !scan.hasQuotes { continue }
                return .row(Row(line: first, lastLine: first + scan.lines - 1, cells: scan.cells))
            }
            // A row of several lines may hold good rows that a quote has swallowed: only its first line is given up.
            skipLine()
            line += 1
            return .fault(line: first, message: message)
        }
        return nil
    }

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// Steps over a byte order mark.
    private mutating func begin(isAtEnd: Bool) -> Bool {
        guard isAtEnd || buffer.count >= Self.byteOrderMark.count else { return false }
        if buffer.starts(with: Self.byteOrderMark) { position = Self.byteOrderMark.count }
        isBegun = true
        return true
    }

    private mutating func skipLine() {
        let end = buffer[position...].firstIndex(of: 0x0A)
        isSkipping = end == nil
        position = end.map { $0 + 1 } ?? buffer.count
    }

    private static let endless = """
        The row has no end within \(rowBytesMax) bytes: a quote is opened on this line and not closed, or the line is \
        too long.
        """
}

/// One row, found in a buffer.
private struct Scan {
    enum Ending: Equatable {
        case complete
        case incomplete
        case fault(String)
    }

    struct Result {
        var ending = Ending.incomplete
        var cells: [[UInt8]] = []
        var hasQuotes = false
        /// Line ends in it, that of the row included.
        var lines = 0
        /// Where the next row begins.
        var end = 0
    }

    let bytes: UnsafeBufferPointer<UInt8>
    let delimiter: UInt8
    private var at: Int
    private(set) var result = Result()

    private static let quote = UInt8(ascii: "\"")
    private static let lineFeed: UInt8 = 0x0A
    private static let carriageReturn: UInt8 = 0x0D

    init(bytes: UnsafeBufferPointer<UInt8>, delimiter: UInt8, start: Int) {
        self.bytes = bytes
        self.delimiter = delimiter
        at = start
    }

    mutating func run(isAtEnd: Bool) {
        while result.cells.count < CSVReader.cellsMax {
            let goesOn =
                at < bytes.count && bytes[at] == Self.quote ? takeQuoted(isAtEnd: isAtEnd) : takePlain(isAtEnd: isAtEnd)
            guard goesOn else { return }
        }
        result.ending = .fault("The row has more than \(CSVReader.cellsMax) cells.")
    }

    /// Takes a cell without quotes. Returns whether another follows.
    private mutating func takePlain(isAtEnd: Bool) -> Bool {
        let start = at
        while at < bytes.count, bytes[at] != delimiter, bytes[at] != Self.lineFeed { at += 1 }
        guard at < bytes.count || isAtEnd else { return false }
        var end = at
        let isLast = at == bytes.count || bytes[at] == Self.lineFeed
        if isLast, end > start, bytes[end - 1] == Self.carriageReturn { end -= 1 }
        result.cells.append(Array(bytes[start..<end]))
        return isLast ? finish() : step()
    }

    /// Takes a cell in quotes. Returns whether another follows.
    private mutating func takeQuoted(isAtEnd: Bool) -> Bool {
        at += 1
        result.hasQuotes = true
        var cell: [UInt8] = []
        while true {
            let start = at
            while at < bytes.count, bytes[at] != Self.quote {
                if bytes[at] == Self.lineFeed { result.lines += 1 }
                at += 1
            }
            cell.append(contentsOf: bytes[start..<at])
            guard at < bytes.count, at + 1 < bytes.count || isAtEnd else { return false }
            at += 1
            guard at < bytes.count, bytes[at] == Self.quote else { break }
            cell.append(Self.quote)
            at += 1
        }
        result.cells.append(cell)
        return endQuoted(isAtEnd: isAtEnd)
    }

    private mutating func endQuoted(isAtEnd: Bool) -> Bool {
        guard at < bytes.count else { return finish() }
        if bytes[at] == delimiter { return step() }
        if bytes[at] == Self.carriageReturn {
            guard at + 1 < bytes.count || isAtEnd else { return false }
            if at + 1 == bytes.count || bytes[at + 1] == Self.lineFeed { at += 1 }
            if at == bytes.count { return finish() }
        }
        if bytes[at] == Self.lineFeed { return finish() }
        result.ending = .fault(
            """
            Cell \(result.cells.count) goes on after its closing quote; a quote within a quoted cell is written twice.
            """)
        return false
    }

    /// Steps over the delimiter.
    private mutating func step() -> Bool {
        at += 1
        return true
    }

    /// Steps over the end of the row.
    private mutating func finish() -> Bool {
        result.end = min(at + 1, bytes.count)
        result.lines += 1
        result.ending = .complete
        return false
    }
}
