internal import SegmentEngine
internal import SegmentModel

/// Turns cells, row by row, into lines of text.
struct RowWriter: Sendable {
    private let format: ExportFormat
    private let columns: [String]
    /// `"name":` of each column.
    private let keys: [[UInt8]]
    private var column = 0
    private var hasMember = false

    init(columns: [String], format: ExportFormat) {
        self.columns = columns
        self.format = format
        keys = columns.map { Array((JSONValue.string($0).text + ":").utf8) }
    }

    /// What stands before the first row.
    func begin(_ text: inout [UInt8]) {
        guard format == .csv else { return }
        for (index, name) in columns.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            CSVCell.append(text: name, to: &text)
        }
        text.append(contentsOf: Self.lineEnd)
    }

    /// Writes the next cell; the last of a row ends its line.
    mutating func write(_ cell: MemberCell, to text: inout [UInt8]) {
        switch format {
        case .csv: writeCSV(cell, to: &text)
        case .ndjson: writeJSON(cell, to: &text)
        }
        column = column + 1 == columns.count ? 0 : column + 1
    }

    private static let lineEnd = Array("\r\n".utf8)

    private func writeCSV(_ cell: MemberCell, to text: inout [UInt8]) {
        if column > 0 { text.append(UInt8(ascii: ",")) }
        let start = text.count
        CSVCell.append(cell, to: &text)
        // A line with nothing on it would be no row to most readers.
        if columns.count == 1, text.count == start { text.append(contentsOf: Array("\"\"".utf8)) }
        if column + 1 == columns.count { text.append(contentsOf: Self.lineEnd) }
    }

    private mutating func writeJSON(_ cell: MemberCell, to text: inout [UInt8]) {
        if column == 0 {
            text.append(UInt8(ascii: "{"))
            hasMember = false
        }
        if !cell.isBlank {
            if hasMember { text.append(UInt8(ascii: ",")) }
            hasMember = true
            text.append(contentsOf: keys[column])
            JSONCell.append(cell, to: &text)
        }
        if column + 1 == columns.count { text.append(contentsOf: Array("}\n".utf8)) }
    }
}

extension MemberCell {
    fileprivate var isBlank: Bool {
        switch self {
        case .blank: true
        case .text(let bytes): bytes.isEmpty
        case .value(let value): value.isBlank
        case .money: false
        }
    }
}

extension AttributeValue {
    /// What is neither text nor list as a spreadsheet reads it.
    fileprivate var plain: String {
        switch self {
        case .text(let text): text
        case .number(let number): number.description
        case .boolean(let truth): truth ? "true" : "false"
        case .list(let elements): elements.joined(separator: ";")
        case .instant(let instant): instant.description
        case .birthday(let month, let day): (month < 10 ? "0" : "") + "\(month)-" + (day < 10 ? "0" : "") + "\(day)"
        }
    }
}

/// Cells as RFC 4180 has them, without formulas.
///
/// What contacts are called comes from outside, and a spreadsheet runs text that begins like a formula: such text gets an
/// apostrophe in front, as OWASP advises. Numbers stay numbers, negative ones too.
private enum CSVCell {
    static func append(_ cell: MemberCell, to text: inout [UInt8]) {
        switch cell {
        case .blank: break
        case .text(let bytes): append(bytes, to: &text)
        case .money(let number): text.append(contentsOf: number.description.utf8)
        case .value(.number(let number)): text.append(contentsOf: number.description.utf8)
        case .value(let value): append(text: value.plain, to: &text)
        }
    }

    static func append(text: String, to bytes: inout [UInt8]) {
        var text = text
        text.withUTF8 { append(UnsafeRawBufferPointer($0), to: &bytes) }
    }

    private static func append(_ cell: UnsafeRawBufferPointer, to text: inout [UInt8]) {
        guard let first = cell.first else { return }
        let needsQuotes = cell.contains { $0 <= UInt8(ascii: ",") && isSpecial($0) }
        if needsQuotes { text.append(UInt8(ascii: "\"")) }
        if isFormula(first) { text.append(UInt8(ascii: "'")) }
        if needsQuotes {
            for byte in cell {
                if byte == UInt8(ascii: "\"") { text.append(byte) }
                text.append(byte)
            }
            text.append(UInt8(ascii: "\""))
        } else {
            text.append(contentsOf: cell)
        }
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\r")
            || byte == UInt8(ascii: "\n")
    }

    private static func isFormula(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0x09, 0x0D: true
        default: false
        }
    }
}

/// Cells as JSON values: numbers as numbers, amounts as decimals in quotes.
private enum JSONCell {
    static func append(_ cell: MemberCell, to text: inout [UInt8]) {
        switch cell {
        case .blank: text.append(contentsOf: "null".utf8)
        case .text(let bytes): append(quoted: bytes, to: &text)
        case .money(let number): append(JSONValue.string(number.description), to: &text)
        case .value(.number(let number)): text.append(contentsOf: number.description.utf8)
        case .value(.boolean(let truth)): text.append(contentsOf: (truth ? "true" : "false").utf8)
        case .value(.list(let elements)): append(.array(elements.map { .string($0) }), to: &text)
        case .value(let value): append(JSONValue.string(value.plain), to: &text)
        }
    }

    private static func append(_ value: JSONValue, to text: inout [UInt8]) {
        text.append(contentsOf: value.text.utf8)
    }

    private static func append(quoted bytes: UnsafeRawBufferPointer, to text: inout [UInt8]) {
        let needsEscapes = bytes.contains { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }
        guard !needsEscapes else { return append(.string(String(decoding: bytes, as: UTF8.self)), to: &text) }
        text.append(UInt8(ascii: "\""))
        text.append(contentsOf: bytes)
        text.append(UInt8(ascii: "\""))
    }
}
