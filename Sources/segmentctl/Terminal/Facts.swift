/// Labels and values under each other, the values in one column.
struct Facts {
    private var lines: [(label: String, value: String)] = []

    /// Adds a line; without a value nothing is added.
    mutating func add(_ label: String, _ value: String?) {
        guard let value else { return }
        lines.append((label, TextWidth.printable(value)))
    }

    func text(style: Style = .plain) -> String {
        let width = lines.reduce(0) { max($0, TextWidth.columns(of: $1.label)) }
        return lines.reduce("") { text, line in
            let padding = String(repeating: " ", count: width - TextWidth.columns(of: line.label))
            return text + style.dim(line.label) + padding + "  " + line.value + "\n"
        }
    }
}
