/// A document whose `console` blocks are sessions in a shell: commands after `$ `, continued after `> `, and under each
/// what it prints.
struct TutorialDocument {
    /// A line of a session that is typed, with what the document says comes of it.
    struct Command: Equatable {
        /// The number of the line it starts at, from 1.
        var line: Int
        var text: String
        var output: [String]
    }

    private(set) var commands: [Command] = []
    private let lines: [String]

    init(_ text: String) {
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var isSession = false
        for (index, line) in lines.enumerated() {
            if line.hasPrefix("```") {
                isSession = line == "```console"
            } else if isSession, line.hasPrefix("$ ") {
                commands.append(Command(line: index + 1, text: String(line.dropFirst(2)), output: []))
            } else if isSession, line.hasPrefix("> "), commands.last?.output.isEmpty == true {
                commands[commands.count - 1].text += "\n" + line.dropFirst(2)
            } else if isSession, !commands.isEmpty {
                commands[commands.count - 1].output.append(line)
            }
        }
        // A blank line before the next command belongs to the document, not to the output.
        for index in commands.indices {
            while commands[index].output.last?.isEmpty == true { commands[index].output.removeLast() }
        }
    }

    /// The document with other outputs, one for each command. Where the old one still fits it stays, with its gaps.
    func replacingOutputs(_ outputs: [[String]]) -> String {
        var result = lines
        for (command, output) in zip(commands, outputs).reversed() where !Self.fits(output, command.output) {
            let first = command.line - 1 + command.text.split(separator: "\n", omittingEmptySubsequences: false).count
            result.replaceSubrange(first..<first + command.output.count, with: output)
        }
        return result.joined(separator: "\n")
    }

    /// Whether a command printed what the document says.
    ///
    /// `…` in the document stands for any text, alone on a line for any lines. Instants with a fraction of a second are
    /// the clock's, and compared to the hour; columns are as wide as such instants, so widths do not count.
    static func fits(_ output: [String], _ expected: [String]) -> Bool {
        let output = output.map(normal)
        let expected = expected.map(normal)
        guard let gap = expected.firstIndex(of: "…") else {
            return output.count == expected.count && zip(output, expected).allSatisfy(lineFits)
        }
        let head = expected[..<gap]
        let tail = Array(expected[(gap + 1)...])
        guard output.count >= head.count, zip(output, head).allSatisfy(lineFits) else { return false }
        return (head.count...output.count).contains { fits(Array(output[$0...]), tail) }
    }

    private static func lineFits(_ line: String, _ expected: String) -> Bool {
        let parts = expected.split(separator: "…", omittingEmptySubsequences: false)
        guard parts.count > 1, line.hasPrefix(parts[0]) else { return line == expected }
        var rest = line.dropFirst(parts[0].count)
        for part in parts[1..<(parts.count - 1)] where !part.isEmpty {
            guard let range = rest.firstRange(of: part) else { return false }
            rest = rest[range.upperBound...]
        }
        return rest.hasSuffix(parts[parts.count - 1])
    }

    /// Two hours, reckoned from a frontier a moment later, are an hour and 59 minutes.
    private static func normal(_ line: String) -> String {
        line.replacing("in 1 h 59 min", with: "in 2 h")
            .replacing(/(\d{4}-\d\d-\d\d[T ]\d\d):\d\d:\d\d\.\d+/) { "\($0.output.1)h" }
            .split(separator: " ").joined(separator: " ")
    }
}
