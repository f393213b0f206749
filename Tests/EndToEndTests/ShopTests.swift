import ControlAPI
import SegmentModel
import Testing

extension EndToEnd {
    @Suite("A shop's two years")
    struct ShopTests {
        private static let settings = ["--timezone", "Europe/Paris", "--currency", "EUR", "--field", "score=number"]

        @Test("Every segment has exactly the members that the plain evaluator finds in the same events")
        func membership() async throws {
            var home = try DaemonHome(clockStart: "2026-07-02T00:00:00Z")
            // Answers that follow each other stand at few frontiers, and few have to be evaluated again.
            home.tickInterval = "4s"
            home.hasProvisions = true
            let events = home.path("shop.ndjson")
            _ = try await Program.replay.run(["generate", "--contacts", "300", "--output", events]).succeeded()
            let (exports, prebuilt) = try await RunningDaemon.run(in: home) { daemon in
                try await Self.fill(daemon, with: events)
                var exports: [String: (frontier: String, members: [String])] = [:]
                var prebuilt: [String] = []
                for var segment in try await daemon.answer(SegmentList.self, "segment", "list").segments {
                    // A threshold may be found anew between the definition and its members.
                    var isSame = false
                    while !isSame {
                        exports[segment.name] = try await daemon.export(segment.name)
                        let after = try await daemon.answer(SegmentAnswer.self, "segment", "show", segment.id)
                        isSame = after.where == segment.where
                        segment = after
                    }
                    guard segment.kind == SegmentAnswer.prebuilt else { continue }
                    prebuilt.append(#"{"name": "\#(segment.name)", "where": \#(segment.where.value.text)}"#)
                }
                return (exports, prebuilt)
            }
            #expect(prebuilt.count == 6)
            let all = try Self.writeDefinitions(prebuilt, in: home)
            let evaluation = try await Evaluation.run(
                events: events, segments: all, asOf: Set(exports.values.map(\.frontier)).sorted(),
                options: Self.settings + ["--engine", "reference"])
            #expect(exports.count == Set(evaluation.lines.map(\.segment)).count)
            for (name, export) in exports {
                #expect(try evaluation.members(of: name, at: export.frontier) == export.members, "\(name)")
            }
            // Definitions that select nobody, or everybody, would agree whatever the engine did.
            for name in ShopDefinitions.all.map(\.name) + ["high-value-customers", "lapsed-customers"] {
                #expect((1..<300).contains(exports[name]?.members.count ?? 0), "\(name)")
            }
        }

        @Test("A page of members, its pages together and the exports name the same contacts")
        func pages() async throws {
            var home = try DaemonHome(clockStart: "2026-07-02T00:00:00Z")
            home.hasProvisions = true
            let events = home.path("shop.ndjson")
            _ = try await Program.replay.run(["generate", "--contacts", "60", "--output", events]).succeeded()
            try await RunningDaemon.run(in: home) { daemon in
                try await Self.fill(daemon, with: events)
                var paged: [String] = []
                var next: String?
                repeat {
                    let page = try await daemon.answer(
                        MemberList.self, "segment", "members", "potential-customers", "--limit", "7", "--after",
                        next ?? "")
                    #expect(page.members.count <= 7)
                    paged += page.members
                    next = page.next
                } while next != nil
                let csv = try await daemon.control("segment", "export", "potential-customers").succeeded().lines
                #expect(csv.first == "contact,email")
                #expect(csv.dropFirst().map { String($0.prefix { $0 != "," }) } == paged)
                #expect(try await daemon.export("potential-customers").members == paged)
                #expect(paged.count > 7)
            }
        }

        /// Makes the audience, imports the events, waits until all is visible, and saves all definitions.
        private static func fill(_ daemon: RunningDaemon, with events: String) async throws {
            let create = ["audience", "create", "shop", "--visibility-delay", "PT1S", "--socket", daemon.home.socket]
            _ = try await Program.control.run(create + settings).succeeded()
            try await daemon.importEvents(events)
            // What the shop offers counts, as every event does, once it is visible.
            try await daemon.untilNothingIsPending()
            for file in try shipped() {
                _ = try await daemon.control("segment", "save", file).succeeded()
            }
            let more = try daemon.home.write(ShopDefinitions.json, to: "more.json")
            _ = try await daemon.control("segment", "save", more).succeeded()
        }

        /// The examples that come with the project.
        private static func shipped() throws -> [String] {
            try Files.all(in: "Config/examples")
        }

        /// Writes all definitions into one file.
        private static func writeDefinitions(_ prebuilt: [String], in home: DaemonHome) throws -> String {
            let all = try prebuilt + shipped().map { try Files.text($0) } + ShopDefinitions.list
            return try home.write("[\(all.joined(separator: ","))]", to: "all.json")
        }
    }
}
