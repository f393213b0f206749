/// Rows under headings, as wide as their contents and no wider than the terminal.
struct Table {
    struct Column {
        enum Alignment {
            case left
            case right
        }

        let title: String
        var alignment = Alignment.left
        /// Whether its texts may be cut where the terminal is too narrow.
        var shrinks = false

        static func text(_ title: String, shrinks: Bool = false) -> Column {
            Column(title: title, shrinks: shrinks)
        }

        static func number(_ title: String) -> Column {
            Column(title: title, alignment: .right)
        }
    }

    let columns: [Column]
    private(set) var rows: [[String]] = []

    /// Between two columns.
    private static let gap = 2
    /// A column that shrinks keeps that much.
    private static let shrunkMin = 8

    init(_ columns: [Column]) {
        self.columns = columns
    }

    /// Adds a row; missing cells are empty.
    mutating func add(_ cells: [String]) {
        precondition(cells.count <= columns.count)
        let blanks = Array(repeating: "", count: columns.count - cells.count)
        rows.append(cells.map(TextWidth.printable) + blanks)
    }

    /// The table as text, each line ended. `width` nil: as wide as it takes.
    func text(width: Int?, style: Style = .plain) -> String {
        let widths = widths(within: width)
        var text = style.bold(line(of: columns.map(\.title), widths)) + "\n"
        for row in rows { text += line(of: row, widths) + "\n" }
        return text
    }

    private func line(of cells: [String], _ widths: [Int]) -> String {
        var line = ""
        for (index, cell) in cells.enumerated() {
            if index > 0 { line += String(repeating: " ", count: Self.gap) }
            let shown = TextWidth.truncated(cell, to: widths[index])
            let padding = String(repeating: " ", count: widths[index] - TextWidth.columns(of: shown))
            line += columns[index].alignment == .right ? padding + shown : shown + padding
        }
        while line.last == " " { line.removeLast() }
        return line
    }

    private func widths(within limit: Int?) -> [Int] {
        var widths = columns.indices.map { index in
            rows.reduce(TextWidth.columns(of: columns[index].title)) { max($0, TextWidth.columns(of: $1[index])) }
        }
        guard let limit else { return widths }
        var excess = widths.reduce(Self.gap * (columns.count - 1), +) - limit
        // Each time the widest gives one column, so that long texts suffer before short ones.
        while excess > 0, let widest = widestThatShrinks(widths) {
            widths[widest] -= 1
            excess -= 1
        }
        return widths
    }

    private func widestThatShrinks(_ widths: [Int]) -> Int? {
        columns.indices
            .filter { columns[$0].shrinks && widths[$0] > Self.shrunkMin }
            .max { (widths[$0], $1) < (widths[$1], $0) }
    }
}
