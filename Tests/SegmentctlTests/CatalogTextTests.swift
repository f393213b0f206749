import ControlAPI
import ControlClient
import SegmentModel
import Testing

@testable import segmentctl

@Suite("Catalogs and reviews as text")
struct CatalogTextTests {
    private func catalog(leaves: [CatalogLeafAnswer]) -> CatalogAnswer {
        CatalogAnswer(
            frontier: "2026-03-01T10:00:00Z", contacts: 1_000_000, segments: 10_000, leafReferences: 48_000,
            leaves: 2_000, gateReferences: 12_000, gates: 9_600, edges: 40_000, columnBytes: 84_200_000,
            mostUsed: leaves)
    }

    @Test("A catalog is told as what is referred to, what is distinct, and the factor between")
    func wholeCatalog() {
        let leaves = [
            CatalogLeafAnswer(
                sentence: "has ordered at least 2 times", segments: 1_204, contacts: 420_000, bytes: 131_000),
            CatalogLeafAnswer(sentence: "has the tag “vip”", segments: 7, contacts: 12, bytes: 200),
        ]
        #expect(
            CatalogText.text(catalog(leaves: leaves), width: nil, style: .plain) == """
                Segments      10,000 over 1,000,000 contacts
                Conditions    48,000 → 2,000: each condition is shared by 24.0 segments on average
                Combinations  12,000 → 9,600: each combination is shared by 1.3 segments on average
                              of 40,000 parts
                Memory        84.2 MB for who satisfies which condition
                Frontier      2026-03-01T10:00:00Z

                CONDITION                     SEGMENTS  TRUE FOR    MEMORY
                has ordered at least 2 times     1,204   420,000  131.0 kB
                has the tag “vip”                    7        12     200 B
                … and 1,998 more

                """)
        let narrow = CatalogText.text(catalog(leaves: leaves), width: 50, style: .plain)
        let rows = narrow.split(separator: "\n").drop { !$0.hasPrefix("CONDITION") }.dropLast()
        #expect(rows.allSatisfy { TextWidth.columns(of: String($0)) <= 50 })
        #expect(rows.contains { $0.contains("…") && $0.hasSuffix("131.0 kB") })
    }

    @Test("An audience without segments is told how to save one")
    func emptyCatalog() {
        var catalog = catalog(leaves: [])
        catalog.segments = 0
        #expect(CatalogText.text(catalog, width: nil, style: .plain).contains("No segment yet"))
    }

    private func segment(referrers: [String], freedLeaves: Int) -> SegmentCatalogAnswer {
        SegmentCatalogAnswer(
            frontier: "F", segment: SegmentName(id: "s3", name: "Lapsed"),
            leaves: [
                CatalogLeafAnswer(sentence: "has ordered", segments: 25, contacts: 4_000, bytes: 8_192),
                CatalogLeafAnswer(sentence: "has the tag “x”", segments: 1, contacts: 3, bytes: 100),
            ], gates: 3, ownGates: 1, freedLeaves: freedLeaves, freedBytes: freedLeaves * 100, referrers: referrers)
    }

    @Test("A segment's catalog tells what others have too and what goes with it")
    func oneSegment() {
        #expect(
            CatalogText.text(segment(referrers: [], freedLeaves: 1), width: nil, style: .plain) == """
                Segment       Lapsed (s3)
                Conditions    2, of which 1 is in no other segment
                Combinations  3, of which 1 is in no other segment
                Deleting it   would free 1 condition and 100 B
                Frontier      F

                CONDITION        OTHER SEGMENTS  TRUE FOR  MEMORY
                has ordered                  24     4,000  8.2 kB
                has the tag “x”               0         3   100 B

                """)
        let kept = CatalogText.text(segment(referrers: ["A", "B"], freedLeaves: 0), width: nil, style: .plain)
        #expect(kept.contains("Deleting it   is not possible: “A”, “B” refer to it\n"))
        let shared = CatalogText.text(segment(referrers: [], freedLeaves: 0), width: nil, style: .plain)
        #expect(shared.contains("would free nothing"))
    }

    private func review(_ cost: CostAnswer, lints: [LintAnswer] = []) -> ReviewAnswer {
        ReviewAnswer(
            sentence: "has ordered", where: JSONTree(.object([])), count: 0, contacts: 1_000, share: 0, sample: [],
            frontier: "F", conditions: 2, depth: 2, lints: lints, cost: cost)
    }

    @Test("A review ends with its warnings and their places")
    func reviewWarnings() {
        let lint = LintAnswer(
            code: "contradiction", message: "No contact can satisfy both “a” and “b”.",
            pointers: ["/where/all/0", "/where/all/1"])
        let known = CostAnswer(conditions: [], newConditions: 0, recordsToLookAt: 0)
        #expect(
            ReviewText.text(review(known, lints: [lint]), name: nil, style: .plain) == """
                Who           has ordered
                Would select  0 contacts of 1,000 (0.0 %)
                Conditions    2, depth 2
                To save       all conditions are known: saving is immediate
                Frontier      F

                warning: No contact can satisfy both “a” and “b”. (at /where/all/0, /where/all/1)

                """)
        let many = ReviewText.warnings(Array(repeating: lint, count: 23), style: .plain)
        #expect(many.split(separator: "\n").count == 21)
        #expect(many.hasSuffix("… and 3 more warnings: segment review --json\n"))
        #expect(!ReviewText.text(review(known), name: nil, style: .plain).contains("warning"))
        #expect(
            ReviewText.warnings([lint], style: Style(isColoured: true)).hasPrefix("\u{1B}[33mwarning:\u{1B}[0m No"))
    }

    @Test("A review tells what saving takes")
    func reviewCost() {
        func text(new: Int, of count: Int, records: Int) -> String {
            let conditions = (0..<count).map { number in
                ConditionCostAnswer(sentence: "c", isKnown: number >= new, segments: 0)
            }
            return ReviewText.cost(
                CostAnswer(conditions: conditions, newConditions: new, recordsToLookAt: records))
        }
        #expect(
            text(new: 2, of: 5, records: 1_000_000)
                == "2 of 5 conditions are new: saving looks at the records of 1,000,000 contacts once")
        #expect(
            text(new: 1, of: 1, records: 1) == "1 of 1 condition is new: saving looks at the records of 1 contact once")
        #expect(text(new: 1, of: 1, records: 0).hasSuffix("saving is immediate"))
        #expect(text(new: 0, of: 5, records: 0) == "all conditions are known: saving is immediate")
    }

    @Test("A look at all records is shown as share and count")
    func builds() {
        let build = BuildAnswer(segment: "Big\u{1B}spenders", contactsDone: 420_000, contacts: 1_000_000)
        #expect(
            BuildProgress.line(build)
                == "[########------------]  42.0 %  420,000 of 1,000,000 contacts looked at")
        #expect(
            BuildProgress.sentence(build)
                == "“Big\u{FFFD}spenders” is being saved: 42.0 %, 420,000 of 1,000,000 contacts looked at")
        let audience = AudienceStatusAnswer(
            id: "shop", name: "Shop", frontier: "F", lastSequence: 1, appliedSequence: 1, pending: 0, contacts: 1,
            segments: 1, builds: [build])
        let status = StatusAnswer(
            version: "1", now: "N", uptimeSeconds: 1, dataDirectory: "/d", sockets: [], audiences: [audience])
        let text = StatusCommand.text(status, socket: "/s", width: nil, .plain)
        #expect(text.hasSuffix("\n\nshop: " + BuildProgress.sentence(build) + "\n"))
    }

    @Test("Where nobody watches, a request is made without asking for its progress")
    func unwatched() async throws {
        let nowhere = BuildProgress(
            client: ControlClient(socketPath: "/nonexistent"), audience: "a", segment: "s",
            output: Output(descriptor: -1))
        #expect(try await nowhere.during { 7 } == 7)
        await #expect(throws: Failure.self) {
            try await nowhere.during { throw Failure("no", exitCode: .no) }
        }
    }
}
