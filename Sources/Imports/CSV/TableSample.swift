/// The beginning of a file of rows, with guesses of how it is written.
struct TableSample {
    let encoding: TextEncoding
    let delimiter: UInt8
    let names: [String]
    private let rows: [[String]]

    private static let rowsMax = 100

    init(_ beginning: [UInt8]) throws(ImportError) {
        // A character may be cut off at the end.
        let whole = beginning.prefix(through: beginning.lastIndex(of: 0x0A) ?? beginning.endIndex - 1)
        encoding = String(validating: whole, as: UTF8.self) == nil ? .windows1252 : .utf8
        delimiter = Self.delimiter(of: beginning)
        var reader = CSVReader(delimiter: delimiter)
        Array(whole).withUnsafeBytes { reader.feed($0) }
        var rows: [[String]] = []
        while rows.count <= Self.rowsMax, case .row(let row)? = reader.next(isAtEnd: true) {
            rows.append(row.cells.map { [encoding] in String(($0.isEmpty ? "" : encoding.text($0) ?? "").trimmed) })
        }
        guard let names = rows.first else {
            throw ImportError("The file is empty; a header with the names of columns is expected.")
        }
        self.names = names
        self.rows = rows.dropFirst().filter { $0.count == names.count }
    }

    /// The sign that stands most often in the header.
    private static func delimiter(of bytes: [UInt8]) -> UInt8 {
        let header = bytes.prefix { $0 != 0x0A }
        let signs = [",", ";", "\t", "|"].map { UInt8(ascii: $0) }
        let counts = signs.map { sign in header.count { $0 == sign } }
        return zip(signs, counts).max { $0.1 < $1.1 }.map { $0.1 > 0 ? $0.0 : signs[0] } ?? signs[0]
    }

    var delimiterText: String { String(Unicode.Scalar(delimiter)) }

    /// What a row seems to be.
    var rowKind: Mapping.Rows {
        func has(_ key: String, in guesses: [(key: String, names: [String])]) -> Bool {
            guesses.contains { $0.key == key && column(named: $0.names) != nil }
        }
        guard has("order", in: ColumnGuess.order),
            has("total", in: ColumnGuess.order) || has("price", in: ColumnGuess.line)
        else { return .contact }
        return has("quantity", in: ColumnGuess.line) ? .line : .order
    }

    /// The column that has the first of the names that one has.
    func column(named candidates: [String], butNot taken: Set<String> = []) -> String? {
        for candidate in candidates {
            if let name = names.first(where: { ColumnGuess.plain($0) == candidate && !taken.contains($0) }) {
                return name
            }
        }
        return nil
    }

    private func values(of columns: [String]) -> [String] {
        columns.flatMap { column in
            names.firstIndex(of: column).map { index in rows.map { $0[index] } } ?? []
        }.filter { !$0.isEmpty }
    }

    private static let patterns = [
        "rfc3339", "yyyy-MM-dd HH:mm:ss Z", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm",
        "yyyy-MM-dd", "d.M.yyyy HH:mm:ss", "d.M.yyyy HH:mm", "d.M.yyyy", "d/M/yyyy HH:mm:ss", "d/M/yyyy HH:mm",
        "d/M/yyyy", "M/d/yyyy HH:mm:ss", "M/d/yyyy H:mm", "M/d/yyyy h:mm a", "M/d/yyyy", "d MMM yyyy", "unix",
    ].compactMap { DatePattern($0) }

    /// The form in which all dates of the columns are written, if it is a usual one.
    func datePattern(in columns: [String]) -> String? {
        let values = values(of: columns)
        guard !values.isEmpty else { return nil }
        return Self.patterns.first { pattern in values.allSatisfy { pattern.read($0) != nil } }?.text
    }

    private static let decimalForms = [
        DecimalForm(), DecimalForm(sign: ","), DecimalForm(sign: ",", grouping: "."),
        DecimalForm(sign: ".", grouping: ","),
        DecimalForm(sign: ",", grouping: " "),
    ]

    /// The form in which most numbers of the columns are written.
    func decimalForm(in columns: [String]) -> DecimalForm {
        let values = values(of: columns)
        func count(_ form: DecimalForm) -> Int { values.count { form.json($0) != nil } }
        // Of forms that fit as many the first.
        return Self.decimalForms.reversed().max { count($0) <= count($1) } ?? DecimalForm()
    }
}
