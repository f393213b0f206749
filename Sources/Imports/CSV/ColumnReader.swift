import SegmentModel

/// Reads one value of each row, as a mapping says.
struct ColumnReader {
    let key: String
    let origin: Mapping.Origin
    /// The position of the column; nil for a constant.
    let index: Int?
    let form: ValueForm

    /// How values are written in the file.
    struct ValueForm {
        let decimals: DecimalForm
        let dates: [DatePattern]
        let calendar: CalendarRule
    }

    /// What stands in a cell, or what the mapping says in its place.
    private struct Content {
        var text: String
        /// Said by the mapping: written as in JSON, not as in the file.
        var isMeaning = false
    }

    /// The cell as it stands there; empty for a constant.
    func cell(_ cells: [String]) -> String {
        index.map { cells[$0] } ?? ""
    }

    /// Nil if the cell is blank.
    private func content(_ cells: [String]) -> Content? {
        if case .constant(let text) = origin.place { return Content(text: text, isMeaning: true) }
        let cell = cell(cells)
        if let meaning = origin.values[cell] { return Content(text: meaning, isMeaning: true) }
        guard !cell.isEmpty else { return nil }
        if let otherwise = origin.otherwise { return Content(text: otherwise, isMeaning: true) }
        return Content(text: cell)
    }

    private var name: String {
        guard case .column(let name) = origin.place else { return "The constant at \(origin.pointer)" }
        return "Column \(quoted(name))"
    }

    func fault(_ code: String, _ text: String, _ expected: String) -> Fault {
        Fault(code, "\(name): \(quoted(text)) is not \(expected).")
    }

    func required<Value>(_ value: Value?) throws(Fault) -> Value {
        if let value { return value }
        throw Fault("missing_key", "\(name) is blank; it says the \(key), which has to be there.")
    }

    // MARK: Values

    func text(_ cells: [String]) throws(Fault) -> String? {
        guard let text = content(cells)?.text, !text.isEmpty else { return nil }
        return origin.lowercases ? text.lowercased() : text
    }

    func identifier(_ cells: [String]) throws(Fault) -> Identifier {
        Identifier(try required(text(cells)))
    }

    private func decimal(_ content: Content) throws(Fault) -> String {
        let form = content.isMeaning ? DecimalForm() : form.decimals
        if let json = form.json(content.text) { return json }
        throw fault("invalid_number", content.text, form.expectation)
    }

    func amount(_ cells: [String]) throws(Fault) -> Amount? {
        guard let content = content(cells) else { return nil }
        do { return try Amount(decimal: try decimal(content)) } catch let error as ValueError {
            throw Fault("invalid_amount", "\(name): \(error.message)")
        } catch let error as Fault {
            throw error
        } catch {
            throw fault("invalid_amount", content.text, "an amount")
        }
    }

    func number(_ cells: [String]) throws(Fault) -> Number? {
        guard let content = content(cells) else { return nil }
        let decimal = try decimal(content)
        do { return try Number(decimal: decimal) } catch {
            throw Fault("invalid_number", "\(name): \(error.message)")
        }
    }

    private static let truths: Set<String> = ["true", "yes", "y", "t", "1"]
    private static let untruths: Set<String> = ["false", "no", "n", "f", "0"]

    func boolean(_ cells: [String]) throws(Fault) -> Bool? {
        guard let text = content(cells)?.text else { return nil }
        let word = text.lowercased()
        if Self.truths.contains(word) { return true }
        if Self.untruths.contains(word) { return false }
        throw fault("wrong_type", text, "yes or no, true or false, 1 or 0; “values” can translate it")
    }

    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        of kind: Choice.Type, _ cells: [String]
    ) throws(Fault) -> Choice? {
        guard let text = content(cells)?.text else { return nil }
        if let choice = Choice(rawValue: text.lowercased()) { return choice }
        let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        throw fault("unknown_value", text, "one of \(names); “values” at \(origin.pointer) can translate it")
    }

    func list(_ cells: [String]) throws(Fault) -> [String]? {
        guard let text = content(cells)?.text else { return nil }
        return text.split(separator: origin.separator).map { String($0.trimmed) }.filter { !$0.isEmpty }
    }
}

// MARK: Dates

extension ColumnReader {
    private func date(_ cells: [String]) throws(Fault) -> DateReading? {
        guard let content = content(cells) else { return nil }
        let patterns = content.isMeaning ? Self.meanings : origin.dates ?? form.dates
        for pattern in patterns {
            if let reading = pattern.read(content.text) { return reading }
        }
        let forms = patterns.map { "“\($0.text)”" }.joined(separator: " or ")
        throw fault("invalid_time", content.text, "a date written as \(forms)")
    }

    /// How a mapping writes dates itself.
    private static let meanings = ["rfc3339", "yyyy-MM-dd", "MM-dd"].compactMap { DatePattern($0) }

    /// An instant; of a day its first.
    func instant(_ cells: [String]) throws(Fault) -> Instant? {
        switch try date(cells) {
        case nil: return nil
        case .instant(let instant): return instant
        case .wall(let wall): return form.calendar.zone.instant(of: wall)
        case .day(let day): return form.calendar.startOfDay(day)
        case .monthDay: throw fault("invalid_time", cell(cells), "a date with its year")
        }
    }

    func day(_ cells: [String]) throws(Fault) -> LocalDate? {
        switch try date(cells) {
        case nil: return nil
        case .instant(let instant): return form.calendar.zone.date(at: instant)
        case .wall(let wall): return wall.date
        case .day(let day): return day
        case .monthDay: throw fault("invalid_time", cell(cells), "a date with its year")
        }
    }

    func monthDay(_ cells: [String]) throws(Fault) -> (month: Int, day: Int)? {
        if case .monthDay(let month, let day)? = try date(cells) { return (month, day) }
        return try day(cells).map { ($0.month, $0.day) }
    }
}
