import SegmentModel
import TestSupport

/// Writes JSON in one of its many spellings: keys in any order, white space anywhere, characters as escapes.
struct ScrambledJSON {
    private var generator: SeededGenerator
    private var bytes: [UInt8] = []

    static func bytes(_ value: JSONValue, using generator: inout SeededGenerator) -> [UInt8] {
        var writer = ScrambledJSON(generator: generator)
        writer.write(value)
        generator = writer.generator
        return writer.bytes
    }

    private mutating func write(_ value: JSONValue) {
        space()
        switch value {
        case .null: add("null")
        case .bool(let boolean): add(boolean ? "true" : "false")
        case .number(let spelling): add(spelling)
        case .string(let string): write(string)
        case .array(let elements):
            add("[")
            for (index, element) in elements.enumerated() {
                if index > 0 { add(",") }
                write(element)
            }
            space()
            add("]")
        case .object(let members):
            add("{")
            for (index, member) in members.shuffled(using: &generator).enumerated() {
                if index > 0 { add(",") }
                space()
                write(member.key)
                space()
                add(":")
                write(member.value)
            }
            space()
            add("}")
        }
        space()
    }

    private mutating func write(_ string: String) {
        add("\"")
        for unit in string.unicodeScalars {
            let mustEscape = unit.value < 0x20 || unit == "\"" || unit == "\\"
            if mustEscape || generator.chance(0.1) {
                for codeUnit in String(unit).utf16 { addEscape(codeUnit) }
            } else {
                add(String(unit))
            }
        }
        add("\"")
    }

    private mutating func addEscape(_ codeUnit: UInt16) {
        let digits = String(codeUnit, radix: 16, uppercase: generator.chance(0.5))
        add("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
    }

    private mutating func space() {
        guard generator.chance(0.2) else { return }
        add(generator.pick([" ", "\t", "   ", "\r"]))
    }

    private mutating func add(_ text: String) {
        bytes += Array(text.utf8)
    }
}
