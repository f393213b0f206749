import ControlAPI
import FoundationEssentials
import Testing

extension EndToEnd {
    @Suite("Importing files of other forms")
    struct CSVImportTests {
        private static let mapping = """
            {"rows": "order", "source": "till", "dates": ["yyyy-MM-dd HH:mm"], "timezone": "Europe/London", "time": "Date",
             "columns": {"order": "No", "contact": "Mail", "store": {"constant": "web"}, "currency": {"constant": "EUR"},
                         "total": "Total", "placedAt": "Date"}}
            """
        private static let rows = """
            No,Mail,Total,Date
            1,a@example.com,10,2026-01-01 10:00
            2,b@example.com,x,2026-01-01 10:00

            """

        @Test("A dry run stores nothing, a second import only duplicates, a changed row replaces its order")
        func csv() async throws {
            let home = try DaemonHome()
            let (file, mapping) = (home.path("orders.csv"), home.path("orders.mapping.json"))
            try Data(Self.mapping.utf8).write(to: URL(filePath: mapping))
            try Data(Self.rows.utf8).write(to: URL(filePath: file))
            try await RunningDaemon.run(in: home) { daemon in
                _ = try await daemon.control(
                    "audience", "create", "shop", "--timezone", "UTC", "--currency", "EUR", "--visibility-delay", "PT0S"
                ).succeeded()
                func receipt(_ options: String..., code: Int32) async throws -> IngestAnswer {
                    let arguments = ["event", "import", file, "--mapping", mapping, "--json"] + options
                    let finished = try await Program.control.run(arguments + ["--socket", home.socket])
                    #expect(finished.code == code, "\(finished)")
                    return try WireCoding.decode(IngestAnswer.self, from: Array(finished.output.utf8))
                }
                let tried = try await receipt("--dry-run", code: 1)
                #expect(tried.types == ["order.placed": 1])
                #expect(tried.problems.map(\.line) == [3])
                #expect(try daemon.standing().lastSequence == 0)
                #expect(try await receipt(code: 1).appended == 1)
                #expect(try await receipt(code: 1).duplicates == 1)
                let corrected = Self.rows.replacing("x,", with: "7.50,").replacing("10,2026", with: "12,2026")
                try Data(corrected.utf8).write(to: URL(filePath: file))
                #expect(try await receipt(code: 0).appended == 2)
                #expect(try daemon.standing().lastSequence == 3)
            }
        }
    }
}
