import Admission
import Audiences
import FoundationEssentials
import SegmentModel

/// The examples of docs/semantics.md in the forms in which they stand there.
///
/// - ```` ```json audience ````: what the audience of the examples is set to.
/// - ```` ```ndjson cast ````: the events of its contacts, without `specversion`, `source` and `id`.
/// - ```` ```json saved ````: a saved segment that conditions refer to.
/// - A table with the columns `condition` and `members`, and `next change` where the table says so: asked of the cast.
/// - ```` ```example ````: events, each after the instant it was recorded at, conditions, each after `where`, and after
///   each condition its members from an instant on.
struct SemanticsPage {
    /// A condition of a table.
    struct Row {
        let line: Int
        let condition: JSONValue
        let members: Set<Identifier>
        /// Who changes next and when, where the table says it; no one else ever does.
        let changes: [Identifier: Change]?
    }

    /// A contact that enters or leaves with no event.
    struct Change: Equatable {
        let instant: Instant
        let isEntering: Bool
    }

    /// An example with events of its own.
    struct Example {
        let line: Int
        var events: [(recordedAt: Instant, text: String)] = []
        var timelines: [Timeline] = []
    }

    /// Who is in a segment from which instant on.
    struct Timeline {
        let line: Int
        let condition: JSONValue
        var steps: [(instant: Instant, members: Set<Identifier>)] = []
    }

    /// The whole page.
    let text: String
    private(set) var settings = AudienceSettings(name: "Page")
    private(set) var cast: [String] = []
    private(set) var saved: [(name: String, condition: JSONValue)] = []
    private(set) var rows: [Row] = []
    private(set) var examples: [Example] = []

    init() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        try self.init(text: String(contentsOfFile: root.path + "/docs/semantics.md", encoding: .utf8))
    }

    init(text: String) throws {
        self.text = text
        var fence: String?
        var block: [(line: Int, text: String)] = []
        var columns: [String] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.hasPrefix("```") {
                if let open = fence { try take(block, of: open) }
                fence = fence == nil ? String(line.dropFirst(3)) : nil
                block = []
            } else if fence != nil {
                block.append((index + 1, String(line)))
            } else if line.hasPrefix("|") {
                let cells = line.split(separator: "|").map { $0.trimmed }
                if columns.isEmpty { columns = cells } else { try take(cells, of: columns, line: index + 1) }
            } else {
                columns = []
            }
        }
    }

    private mutating func take(_ block: [(line: Int, text: String)], of fence: String) throws {
        let whole = block.map(\.text).joined(separator: "\n")
        switch fence {
        case "json audience": settings = try Self.settings(JSONDocument.parse(whole))
        case "ndjson cast": cast += block.map(\.text)
        case "json saved":
            let json = try JSONDocument.parse(whole)
            saved.append((try json.wanted("name").wantedText, try json.wanted("where")))
        case "example": examples.append(try Self.example(block))
        default: break
        }
    }

    private mutating func take(_ cells: [String], of columns: [String], line: Int) throws {
        guard let condition = columns.firstIndex(of: "condition"), let members = columns.firstIndex(of: "members"),
            // Not the rule under the head, nor rows that only group those below them.
            cells.count > condition, cells[condition].hasPrefix("`")
        else { return }
        guard cells.count == columns.count else { throw Fault("line \(line): \(cells.count) cells") }
        let changes = try columns.firstIndex(of: "next change").map { try Self.changes(cells[$0]) }
        rows.append(
            Row(
                line: line,
                condition: try JSONDocument.parse(cells[condition].filter { $0 != "`" }),
                members: Self.names(cells[members]), changes: changes))
    }

    /// `Ada leaves 2026-03-22 10:00, Ben enters 2026-03-27 09:00`; `–` for nobody.
    private static func changes(_ cell: String) throws -> [Identifier: Change] {
        var changes: [Identifier: Change] = [:]
        for change in cell.split(separator: ",") where change != "–" {
            let words = change.split(separator: " ", maxSplits: 2).map { $0.trimmed }
            guard words.count == 3, ["enters", "leaves"].contains(words[1]) else { throw Fault("“\(change)”") }
            changes[Identifier(words[0].lowercased())] = Change(
                instant: try instant(words[2]), isEntering: words[1] == "enters")
        }
        return changes
    }

    private static func example(_ block: [(line: Int, text: String)]) throws -> Example {
        var example = Example(line: block.first?.line ?? 0)
        for (line, text) in block where !text.trimmed.isEmpty {
            if text.hasPrefix("where ") {
                let condition = try JSONDocument.parse(String(text.dropFirst("where ".count)))
                example.timelines.append(Timeline(line: line, condition: condition))
                continue
            }
            // Instants and what they are about stand two spaces apart.
            guard let gap = text.firstRange(of: "  ") else { throw Fault("line \(line): no two spaces") }
            let instant = try instant(String(text[..<gap.lowerBound]))
            let rest = text[gap.upperBound...].trimmed
            if rest.hasPrefix("{") {
                example.events.append((instant, rest))
            } else {
                guard let last = example.timelines.indices.last else { throw Fault("line \(line): no condition") }
                example.timelines[last].steps.append((instant, names(rest)))
            }
        }
        return example
    }

    private static func settings(_ json: JSONValue) throws -> AudienceSettings {
        var settings = AudienceSettings(
            name: "Page", timezone: try json.wanted("timezone").wantedText,
            currency: try json.wanted("currency").wantedText)
        for field in try json.wanted("fields").members ?? [] {
            settings.fieldTypes[Identifier(field.key)] = FieldType(rawValue: try field.value.wantedText)
        }
        return settings
    }

    /// `Ada, Ben`; everything else than a name, such as `nobody`, is nobody.
    private static func names(_ text: String) -> Set<Identifier> {
        Set(
            text.split(separator: ",").map { $0.trimmed }.filter { $0 != "nobody" }
                .map { Identifier($0.lowercased()) })
    }

    /// `2026-03-22 10:00`, with seconds where they matter, in UTC.
    static func instant(_ text: String) throws -> Instant {
        let hasSeconds = text.filter { $0 == ":" }.count == 2
        return try Instant(rfc3339: text.map { $0 == " " ? "T" : String($0) }.joined() + (hasSeconds ? "Z" : ":00Z"))
    }

    /// What on the page cannot be read.
    struct Fault: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) {
            self.description = description
        }
    }
}

extension JSONValue {
    fileprivate func wanted(_ key: String) throws -> JSONValue {
        guard let value = self[key] else { throw SemanticsPage.Fault("no “\(key)” in \(text)") }
        return value
    }

    fileprivate var wantedText: String {
        get throws {
            guard let text = stringValue else { throw SemanticsPage.Fault("no text: \(text)") }
            return text
        }
    }
}

extension StringProtocol {
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
