import SegmentModel

extension Mapping {
    /// Reads a mapping from the text of a JSON document.
    public init(parsing bytes: [UInt8]) throws(ImportError) {
        let json: JSONValue
        do { json = try JSONReader.read(bytes) } catch {
            let before = bytes[..<min(error.offset, bytes.count)]
            let line = before.count { $0 == 0x0A } + 1
            throw ImportError("The mapping is not JSON: \(error.reason), on line \(line).")
        }
        self = try Self.mapping(MappingNode(json: json, pointer: ""))
    }

    private static let keys = [
        "rows", "source", "encoding", "delimiter", "timezone", "dates", "decimal", "grouping", "time", "columns",
        "lines",
    ]

    private static func mapping(_ node: MappingNode) throws(ImportError) -> Mapping {
        try node.check(keys: keys)
        var mapping = Mapping(
            rows: try node.required("rows").choice(of: Rows.self), source: try node.required("source").text())
        if let encoding = node["encoding"] { mapping.encoding = try encoding.encoding() }
        if let delimiter = node["delimiter"] { mapping.delimiter = try delimiter.delimiter() }
        mapping.timezone = try node["timezone"]?.text()
        mapping.dates = try node["dates"]?.patterns() ?? []
        mapping.decimals = try decimals(node)
        mapping.time = try node["time"]?.origin(options: ["dates"])
        mapping.columns = try origins(node.required("columns"), isContact: mapping.rows == .contact)
        if let lines = node["lines"] {
            guard mapping.rows != .contact else { throw lines.error("Contacts have no lines.") }
            mapping.lines = try self.lines(lines)
        } else if mapping.rows == .line {
            throw node.missing("lines")
        }
        try mapping.checkRequired(node)
        try mapping.checkDates(node)
        return mapping
    }

    private static func decimals(_ node: MappingNode) throws(ImportError) -> DecimalForm {
        var form = DecimalForm()
        if let sign = node["decimal"] { form.sign = try sign.character(of: DecimalForm.signs) }
        if let grouping = node["grouping"] {
            form.grouping = try grouping.character(of: DecimalForm.groupings)
            guard form.grouping != form.sign else {
                throw grouping.error("Thousands are grouped with the decimal sign; one of the two is wrong.")
            }
        }
        return form
    }

    private static func origins(
        _ node: MappingNode, isContact: Bool
    ) throws(ImportError) -> [(key: String, origin: Origin)] {
        let known = isContact ? MappingKeys.contact : MappingKeys.order
        var origins: [(key: String, origin: Origin)] = []
        for (key, value) in try node.members() {
            let isCustom = isContact && key.hasPrefix(MappingKeys.customPrefix) && key != MappingKeys.customPrefix
            guard isCustom || known.contains(key) else {
                throw value.unknownKey(key, among: known, also: isContact ? "fields.NAME" : nil)
            }
            origins.append((key, try value.origin(options: options(of: key, isContact: isContact))))
        }
        return origins
    }

    /// What may be said of a key beside its column.
    private static func options(of key: String, isContact: Bool) -> Set<String> {
        var options: Set<String> = ["values", "otherwise"]
        if isContact, key != "contact" { options.insert("blank") }
        if MappingKeys.dated.contains(key) { options.insert("dates") }
        if key.hasPrefix(MappingKeys.customPrefix) { options.formUnion(["type", "dates", "separator"]) }
        if key == "tags" { options.formUnion(["separator", "mode"]) }
        if key == "contact" || key == "email" { options.insert("lowercase") }
        return options
    }

    private static func lines(_ node: MappingNode) throws(ImportError) -> [(key: String, origin: Origin)] {
        var lines: [(key: String, origin: Origin)] = []
        for (key, value) in try node.members() {
            guard MappingKeys.line.contains(key) else { throw value.unknownKey(key, among: MappingKeys.line) }
            lines.append((key, try value.origin(options: ["values", "otherwise"])))
        }
        for key in MappingKeys.requiredOfLine where !lines.contains(where: { $0.key == key }) {
            throw node.missing(key)
        }
        return lines
    }

    private func checkRequired(_ node: MappingNode) throws(ImportError) {
        let required = rows == .contact ? ["contact"] : MappingKeys.requiredOfOrder
        for key in required where !columns.contains(where: { $0.key == key }) {
            throw try node.required("columns").missing(key)
        }
        if rows == .line, let order = columns.first(where: { $0.key == "order" }), case .constant = order.origin.place {
            throw ImportError(
                "The order's number is a column; lines are told apart by it.", pointer: order.origin.pointer)
        }
    }

    /// Dates are read in declared forms only, and those without an offset in a declared time zone.
    private func checkDates(_ node: MappingNode) throws(ImportError) {
        var dated = columns.filter { MappingKeys.dated.contains($0.key) || $0.origin.type.isDated }
        if let time { dated.append(("time", time)) }
        for (key, origin) in dated {
            guard case .column = origin.place else { continue }
            let patterns = origin.dates ?? dates
            guard !patterns.isEmpty else {
                throw ImportError(
                    "How are dates written? Say so with \"dates\": [\"yyyy-MM-dd HH:mm:ss\"] or [\"rfc3339\"].",
                    pointer: "/dates")
            }
            let isDay = key == "birthday" || origin.type == .date
            if timezone == nil, patterns.contains(where: { $0.hasOffset == isDay && key != "birthday" }) {
                throw ImportError(
                    isDay
                        ? "The day of an instant depends on the time zone, such as \"timezone\": \"Europe/London\"."
                        : "Dates without an offset need their time zone, such as \"timezone\": \"Europe/London\".",
                    pointer: "/timezone")
            }
        }
    }
}

extension FieldType {
    fileprivate var isDated: Bool { self == .date || self == .instant }
}

extension DatePattern {
    /// Whether a date in this form is an instant in itself.
    fileprivate var hasOffset: Bool {
        guard case .parts(let parts) = form else { return true }
        return parts.contains(.offset)
    }
}
