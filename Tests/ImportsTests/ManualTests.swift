import FoundationEssentials
import Imports
import SegmentModel
import TestSupport
import Testing

@Suite("The manual of imports")
struct ManualTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    private func text(_ path: String) throws -> String {
        try String(contentsOfFile: Self.root + "/" + path, encoding: .utf8)
    }

    /// The only block of that kind in the manual.
    private func block(_ kind: String, in manual: String) throws -> String {
        let parts = manual.components(separatedBy: "```\(kind)\n")
        try #require(parts.count == 2)
        return try #require(parts[1].components(separatedBy: "```").first)
    }

    @Test("Its example is what the conversion makes of the file with the mapping that is handed out")
    func example() throws {
        let manual = try text("docs/imports.md")
        let mapping = try Mapping(parsing: Array(text("Config/mappings/orders.json").utf8))
        let conversion = try CSVConversion(mapping, zone: .installed("Europe/Berlin"))
        let converted = try Converted(block("csv", in: manual), conversion)
        #expect(String(decoding: converted.bytes, as: UTF8.self) == (try block("ndjson", in: manual)))
        let problem = try #require(converted.problems.first)
        #expect(manual.contains("line \(problem.place): \(problem.code): \(problem.message)"))
    }

    @Test("The mapping for contacts that is handed out reads what its columns promise")
    func contacts() throws {
        let mapping = try Mapping(parsing: Array(text("Config/mappings/contacts.json").utf8))
        let conversion = try CSVConversion(
            mapping, zone: .installed("Europe/London"), asOf: Instant(rfc3339: "2026-03-01T09:00:00Z"))
        let converted = try Converted(
            """
            Email Address,Status,Country,Language,Signed up,Birthday,Tags,Plan,Points
            Anna@Example.com,opted in,GB,en,2025-07-01 10:00:00,12/24,"vip,tea",gold,12.5

            """, conversion)
        #expect(converted.problems == [])
        let contact = try converted.contacts()["anna@example.com"]
        #expect(contact?[.status] == .text("subscribed"))
        #expect(contact?[.signedUpAt] == .instant(try Instant(rfc3339: "2025-07-01T09:00:00Z")))
        #expect(contact?[.birthday] == .birthday(month: 12, day: 24))
        #expect(contact?.tags.count == 2)
    }
}
