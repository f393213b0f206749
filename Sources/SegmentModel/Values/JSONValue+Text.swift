extension JSONValue {
    /// The document in one line without spaces.
    ///
    /// Escaped is only what JSON demands: quote, backslash and control characters. Cost: linear in the text.
    public var text: String {
        var writer = JSONWriter(indent: nil)
        writer.write(self)
        return writer.text
    }

    /// The document over several lines, two spaces a level, with a space after each colon.
    public var prettyText: String {
        var writer = JSONWriter(indent: "  ")
        writer.write(self)
        return writer.text
    }
}

/// Writes JSON text, member by member in the order given.
private struct JSONWriter {
    var text = ""
    /// One level of indentation; nil: everything in one line.
    let indent: String?
    private var level = 0

    init(indent: String?) {
        self.indent = indent
    }

    mutating func write(_ value: JSONValue) {
        switch value {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .number(let spelling): text += spelling
        case .string(let string): writeQuoted(string)
        case .array(let elements):
            writeSequence(elements, between: "[", "]") { writer, element in writer.write(element) }
        case .object(let members):
            writeSequence(members, between: "{", "}") { writer, member in
                writer.writeQuoted(member.key)
                writer.text += writer.indent == nil ? ":" : ": "
                writer.write(member.value)
            }
        }
    }

    private mutating func writeSequence<Element>(
        _ elements: [Element], between open: String, _ close: String,
        _ writeElement: (inout JSONWriter, Element) -> Void
    ) {
        text += open
        level += 1
        for (index, element) in elements.enumerated() {
            if index > 0 { text += "," }
            breakLine()
            writeElement(&self, element)
        }
        level -= 1
        if !elements.isEmpty { breakLine() }
        text += close
    }

    private mutating func breakLine() {
        guard let indent else { return }
        text += "\n"
        for _ in 0..<level { text += indent }
    }

    private mutating func writeQuoted(_ string: String) {
        text += "\""
        for scalar in string.unicodeScalars { writeEscaped(scalar) }
        text += "\""
    }

    private mutating func writeEscaped(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "\"": text += "\\\""
        case "\\": text += "\\\\"
        case "\n": text += "\\n"
        case "\r": text += "\\r"
        case "\t": text += "\\t"
        case "\u{8}": text += "\\b"
        case "\u{C}": text += "\\f"
        case "\u{0}"..<"\u{20}":
            let digits = String(scalar.value, radix: 16)
            text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: text.unicodeScalars.append(scalar)
        }
    }
}
