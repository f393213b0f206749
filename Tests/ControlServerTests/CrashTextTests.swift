import FoundationEssentials
import Testing

/// What a crash prints goes to the journal, so it must say nothing of what was in memory.
@Suite struct CrashTextTests {
    private static let calls = [
        "fatalError(", "precondition(", "preconditionFailure(", "assert(", "assertionFailure(", "try!",
    ]
    /// Numbers and names of the program's own.
    private static let harmless: Set<String> = [
        "name", "result", "number", "leaf.rawValue", "Tile.laneCountMax",
    ]

    @Test func `no text of a crash carries data`() throws {
        let root =
            URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path + "/Sources"
        let files = try FileManager.default.subpathsOfDirectory(atPath: root).filter { $0.hasSuffix(".swift") }
        #expect(files.count > 300)
        for file in files {
            let text = try String(contentsOfFile: root + "/" + file, encoding: .utf8)
            for found in Self.interpolations(in: text) {
                #expect(Self.harmless.contains(found), "\(file): a crash would print \(found)")
            }
        }
    }

    @Test func `the lint finds what it looks for`() {
        let text = "precondition(a(b),\n \"contact \\(contact.id) is gone\")\nlog(\"\\(fine)\")\nlet x = try! \\(y)\n"
        #expect(Self.interpolations(in: text) == ["contact.id", "try!"])
    }

    /// What is interpolated inside the parentheses of calls that end the program.
    private static func interpolations(in text: String) -> [String] {
        var found: [String] = []
        for call in calls {
            for range in text.ranges(of: call) {
                if let before = text[..<range.lowerBound].last, before.isLetter || before == "." { continue }
                if call == "try!" {
                    found.append(call)
                    continue
                }
                let arguments = balanced(text[range.upperBound...])
                found += arguments.ranges(of: "\\(").map { String(balanced(arguments[$0.upperBound...])) }
            }
        }
        return found
    }

    /// The text up to the parenthesis that closes it.
    private static func balanced(_ text: Substring) -> Substring {
        var depth = 1
        for index in text.indices {
            if text[index] == "(" { depth += 1 }
            if text[index] == ")" { depth -= 1 }
            if depth == 0 { return text[..<index] }
        }
        return text
    }
}
