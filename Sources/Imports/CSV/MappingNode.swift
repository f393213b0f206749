import SegmentModel

/// A value of a mapping's JSON with its place.
struct MappingNode {
    let json: JSONValue
    let pointer: String

    /// The member's value, null too.
    subscript(key: String) -> MappingNode? {
        json[key].map { MappingNode(json: $0, pointer: pointer + "/" + JSONPointer.escaped(key)) }
    }

    func error(_ message: String) -> ImportError {
        ImportError(message, pointer: pointer)
    }

    func missing(_ key: String) -> ImportError {
        ImportError("“\(key)” is missing.", pointer: pointer + "/" + JSONPointer.escaped(key))
    }

    func required(_ key: String) throws(ImportError) -> MappingNode {
        guard let value = self[key] else { throw missing(key) }
        return value
    }

    func members() throws(ImportError) -> [(key: String, value: MappingNode)] {
        guard let members = json.members else { throw error("\(quoted(json.text)) is not an object.") }
        return members.map { member in
            (member.key, MappingNode(json: member.value, pointer: pointer + "/" + JSONPointer.escaped(member.key)))
        }
    }

    func check(keys: [String]) throws(ImportError) {
        for (key, value) in try members() where !keys.contains(key) { throw value.unknownKey(key, among: keys) }
    }

    func unknownKey(_ key: String, among keys: [String], also: String? = nil) -> ImportError {
        if let nearest = NameSuggestion.nearest(to: key, among: keys) {
            return error("There is no key \(quoted(key)) here. Did you mean “\(nearest)”?")
        }
        let known = keys + (also.map { [$0] } ?? [])
        return error("There is no key \(quoted(key)) here. Known are \(known.joined(separator: ", ")).")
    }

    func text() throws(ImportError) -> String {
        guard let text = json.stringValue, !text.isEmpty else { throw error("\(quoted(json.text)) is not a text.") }
        return text
    }

    func boolean() throws(ImportError) -> Bool {
        guard let boolean = json.boolValue else { throw error("\(quoted(json.text)) is not true or false.") }
        return boolean
    }

    func choice<Choice: RawRepresentable<String> & CaseIterable>(of kind: Choice.Type) throws(ImportError) -> Choice {
        let text = try text()
        if let choice = Choice(rawValue: text) { return choice }
        let names = Choice.allCases.map { "“\($0.rawValue)”" }.joined(separator: ", ")
        throw error("\(quoted(text)) is not known here; expected is one of \(names).")
    }

    func character(of characters: [Character]) throws(ImportError) -> Character {
        let text = try text()
        if let character = text.first, text.count == 1, characters.contains(character) { return character }
        let names = characters.map { "“\($0)”" }.joined(separator: ", ")
        throw error("\(quoted(text)) is not known here; expected is one of \(names).")
    }

    func encoding() throws(ImportError) -> TextEncoding {
        let text = try text()
        guard let encoding = TextEncoding(name: text) else {
            throw error("\(quoted(text)) is no encoding that is read here; “utf-8” and “windows-1252” (Latin 1) are.")
        }
        return encoding
    }

    /// One ASCII character that is neither a quote nor part of a line end.
    func delimiter() throws(ImportError) -> UInt8 {
        let text = try text()
        guard let byte = text.utf8.first, text.utf8.count == 1, byte == 0x09 || (0x20...0x7E).contains(byte),
            byte != UInt8(ascii: "\"")
        else { throw error("\(quoted(text)) cannot separate cells; one character such as “,” “;” or \"\\t\" can.") }
        return byte
    }

    func patterns() throws(ImportError) -> [DatePattern] {
        var patterns: [DatePattern] = []
        for (index, element) in (json.arrayValue ?? [json]).enumerated() {
            let node = MappingNode(json: element, pointer: json.arrayValue == nil ? pointer : "\(pointer)/\(index)")
            let text = try node.text()
            guard let pattern = DatePattern(text) else {
                throw node.error(
                    """
                    \(quoted(text)) is no form of dates that is known. Letters are yyyy yy MM M MMM dd d HH H hh h a mm \
                    ss S Z, such as “dd.MM.yyyy HH:mm”; “rfc3339” and “unix” are whole forms.
                    """)
            }
            patterns.append(pattern)
        }
        guard !patterns.isEmpty else { throw error("No form of dates is named.") }
        return patterns
    }

    /// A column's name, or an object that says more.
    func origin(options: Set<String>) throws(ImportError) -> Mapping.Origin {
        if let name = json.stringValue {
            guard !name.isEmpty else { throw error("The name of the column is empty.") }
            return Mapping.Origin(place: .column(name), pointer: pointer)
        }
        try check(keys: ["column", "constant"] + options.sorted())
        var origin = Mapping.Origin(place: try place(), pointer: pointer)
        for (text, meaning) in try self["values"]?.members() ?? [] { origin.values[text] = try meaning.scalar() }
        origin.otherwise = try self["otherwise"]?.text()
        origin.clears = try self["blank"]?.choice(of: Blank.self) == .clear
        if let type = self["type"] { origin.type = try type.choice(of: FieldType.self) }
        origin.dates = try self["dates"]?.patterns()
        if let separator = self["separator"] {
            guard let character = try separator.text().first, try separator.text().count == 1 else {
                throw separator.error("One character separates the elements of a list.")
            }
            origin.separator = character
        }
        origin.adds = try self["mode"]?.choice(of: TagMode.self) == .add
        origin.lowercases = try self["lowercase"]?.boolean() ?? false
        return origin
    }

    private enum Blank: String, CaseIterable { case absent, clear }
    private enum TagMode: String, CaseIterable { case set, add }

    private func place() throws(ImportError) -> Mapping.Origin.Place {
        switch (self["column"], self["constant"]) {
        case (let column?, nil): return .column(try column.text())
        case (nil, let constant?): return .constant(try constant.scalar())
        case (nil, nil): throw error("Name a “column”, or give a “constant”.")
        case (_?, _?): throw error("A value comes from a “column” or is a “constant”, not both.")
        }
    }

    /// A text, or a number or truth value as the text that would stand in a cell.
    private func scalar() throws(ImportError) -> String {
        switch json {
        case .string(let text): return text
        case .number(let text): return text
        case .bool(let value): return value ? "true" : "false"
        case .null, .array, .object: throw error("\(quoted(json.text)) is not a text, number or truth value.")
        }
    }
}
