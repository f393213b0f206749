import SegmentModel

/// All figures of a run, as a table and as JSON.
struct Report {
    /// What was measured, and where: pairs that stand above the table.
    var heading: [(key: String, text: String)] = []
    var figures: [Figure] = []

    mutating func add(_ figures: [Figure]) {
        self.figures += figures
        for figure in figures { Progress.say("\(figure.title): \(figure.text(figure.value))") }
    }

    // MARK: Table

    /// An aligned table: measure, goal, median, spread.
    var table: String {
        let rows = [["measure", "goal", "median", "spread"]] + figures.map(\.row)
        let widths = (0..<4).map { column in rows.map { $0[column].count }.max() ?? 0 }
        let lines = rows.map { row in
            let cells = row.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                return column == 0 ? cell + padding : padding + cell
            }
            return cells.joined(separator: "  ")
        }
        return (heading.map { "\($0.key): \($0.text)" } + [""] + lines).joined(separator: "\n") + "\n"
    }

    // MARK: JSON

    var json: JSONValue {
        .object(
            heading.map { .init($0.key, .string($0.text)) } + [.init("figures", .array(figures.map(\.json)))])
    }
}

extension Figure {
    fileprivate var row: [String] {
        let bound = goal.map { (unit.isMoreBetter ? "≥ " : "≤ ") + text($0) } ?? ""
        return [title, bound, text(value), spread]
    }

    private var spread: String {
        guard values.count > 1, let least = values.min(), let most = values.max() else { return "" }
        return "\(least.shortText) – \(most.shortText) of \(values.count)"
    }

    func text(_ value: Double?) -> String {
        guard let value else { return "–" }
        return unit == .count ? value.shortText : "\(value.shortText) \(unit.rawValue)"
    }

    fileprivate var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("key", .string(key)), .init("title", .string(title)), .init("unit", .string(unit.rawValue)),
            .init("value", value.map { .number("\($0)") } ?? .null),
        ]
        if let goal { members.append(.init("goal", .number("\(goal)"))) }
        if let least = values.min(), let most = values.max() {
            members += [.init("least", .number("\(least)")), .init("most", .number("\(most)"))]
        }
        members.append(.init("count", .number("\(values.count)")))
        return .object(members)
    }
}

extension Double {
    /// Three digits or more, thousands set apart.
    var shortText: String {
        guard magnitude < 1_000 else { return Self.grouped(Int(rounded())) }
        let digits = magnitude < 10 ? 2 : magnitude < 100 ? 1 : 0
        if rounded() == self { return "\(Int(self))" }
        let scale = [1, 10, 100, 1_000][magnitude < 1 ? 3 : digits]
        let scaled = Int((magnitude * Double(scale)).rounded())
        let sign = self < 0 ? "-" : ""
        guard scale > 1 else { return "\(sign)\(scaled)" }
        return "\(sign)\(scaled / scale).\(String(scaled % scale + scale).dropFirst())"
    }

    private static func grouped(_ number: Int) -> String {
        let digits = Array(String(number.magnitude))
        var text = number < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text += "," }
            text.append(digit)
        }
        return text
    }
}
