import FoundationEssentials
import Testing

/// The patches of `scripts/broken-variants` still say how to break the product.
@Suite struct BrokenVariantTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    private static let directory = root.appending(path: "Tests/Simulation/Broken")

    static var names: [String] {
        let found = try? FileManager.default.contentsOfDirectory(atPath: directory.path)
        return (found ?? []).filter { $0.hasSuffix(".patch") }.sorted()
    }

    @Test func `there are at least twelve`() {
        #expect(Self.names.count >= 12)
    }

    @Test(arguments: names) func `every patch says what it breaks and applies`(name: String) throws {
        let patch = try Patch(String(contentsOf: Self.directory.appending(path: name), encoding: .utf8))
        #expect(patch.description.hasPrefix("Breaks: "))
        #expect(!patch.files.isEmpty)
        for (path, hunks) in patch.files {
            let text = try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
            for hunk in hunks {
                // What `patch` may find elsewhere in the file is still there; twice would be ambiguous.
                #expect(text.ranges(of: hunk).count == 1, "\(name): \(path) has changed")
            }
        }
    }

    @Test func `every variant is listed with what found it`() throws {
        let page = try String(contentsOf: Self.root.appending(path: "docs/testing.md"), encoding: .utf8)
        for name in Self.names {
            #expect(page.contains("| `\(name.dropLast(".patch".count))` | "), "docs/testing.md lacks \(name)")
        }
    }
}

/// A unified diff: by file, the lines that each hunk expects, as one text.
private struct Patch {
    let description: String
    private(set) var files: [String: [String]] = [:]

    init(_ text: String) throws {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        description = String(lines.first ?? "")
        var path = ""
        var expected: [Substring]?
        for line in lines.dropFirst() {
            if line.hasPrefix("--- a/") || line.hasPrefix("@@") {
                if let hunk = expected { files[path, default: []].append(hunk.joined(separator: "\n")) }
                expected = line.hasPrefix("@@") ? [] : nil
                if line.hasPrefix("--- a/") { path = String(line.dropFirst(6)) }
            } else if line.hasPrefix(" ") || line.hasPrefix("-") {
                expected?.append(line.dropFirst())
            }
        }
        if let hunk = expected { files[path, default: []].append(hunk.joined(separator: "\n")) }
    }
}
