import ControlAPI
import SegmentModel
import Testing

@testable import segmentctl

@Suite("Answers as text")
struct AnswerTextTests {
    @Test("An explanation is a tree with marks, what was found and when it changes")
    func explanation() {
        let answer = ExplanationAnswer(
            segment: SegmentName(id: "s3", name: "Lapsed"), contact: "c17", frontier: "2026-03-01T10:00:00Z",
            member: false,
            explanation: ExplanationNode(
                holds: false, sentence: "all of",
                children: [
                    ExplanationNode(holds: true, sentence: "country is “FR”", found: "country “FR”"),
                    ExplanationNode(
                        holds: false, sentence: "any of",
                        children: [
                            ExplanationNode(
                                holds: false, sentence: "at least 2 orders", found: "1 order", sequence: 1_204,
                                type: "order.placed", occurredAt: "2026-03-01T09:00:00Z",
                                occurredAtLocal: "2026-03-01T10:00:00+01:00")
                        ]),
                    ExplanationNode(holds: true, sentence: "has the tag “vip”"),
                ]),
            timezone: "Europe/Paris",
            nextChange: NextChangeAnswer(
                at: "2026-03-02T10:00:00Z", atLocal: "2026-03-02T11:00:00+01:00", becomes: .entered,
                because: "order 991 turns 8 months old", sequence: 1_204),
            wouldEnter: "with one more order", pending: 2)
        #expect(
            ExplanationText(style: .plain).text(answer) == """
                c17 is not in Lapsed (s3)

                ✗ all of
                ├─ ✓ country is “FR”  — found country “FR”
                ├─ ✗ any of
                │  └─ ✗ at least 2 orders  — found 1 order, event 1,204 (order.placed) of 2026-03-01T09:00:00Z (1 h ago, 2026-03-01T10:00:00+01:00)
                └─ ✓ has the tag “vip”

                Next change  enters 2026-03-02T10:00:00Z (in 1 d, 2026-03-02T11:00:00+01:00) when order 991 turns 8 months old
                Would enter  with one more order
                Pending      2 events not yet visible
                Frontier     2026-03-01T10:00:00Z

                """)
    }

    @Test("Pending events are listed with when they will be seen, and the rest is counted")
    func pending() {
        let event = PendingEventAnswer(
            sequence: 7, type: "order.placed", contact: "c17", source: "shop", id: "e1",
            recordedAt: "2026-03-01T09:00:00Z", visibleAt: "2026-03-01T11:00:00Z")
        let answer = PendingAnswer(
            frontier: "2026-03-01T10:00:00Z", count: 3, nextVisibleAt: "2026-03-01T11:00:00Z",
            lastVisibleAt: "2026-03-01T12:00:00Z", events: [event])
        #expect(
            PendingText.text(answer, width: nil, style: .plain) == """
                Pending       3 events
                Next visible  2026-03-01T11:00:00Z (in 1 h)
                All visible   2026-03-01T12:00:00Z (in 2 h)
                Frontier      2026-03-01T10:00:00Z

                SEQUENCE  TYPE          CONTACT  VISIBLE                       SOURCE  ID
                       7  order.placed  c17      2026-03-01T11:00:00Z  in 1 h  shop    e1
                … and 2 more

                """)
    }

    @Test("Segments are listed with their size and share")
    func segments() {
        let segment = SegmentAnswer(
            id: "s1", name: "VIP", where: JSONTree(.object([])), sentence: "", revision: 2,
            createdAt: "2026-01-01T00:00:00Z", changedAt: "2026-02-01T00:00:00Z", count: 1_234,
            frontier: "2026-03-01T10:00:00Z")
        let text = SegmentListCommand.text(
            [segment], contacts: 10_000, frontier: "2026-03-01T10:00:00Z", width: nil, style: .plain)
        #expect(
            text == """
                ID  NAME  MEMBERS   SHARE  REVISION  CHANGED
                s1  VIP     1,234  12.3 %         2  2026-02-01T00:00:00Z

                1 segment over 10,000 contacts at 2026-03-01T10:00:00Z

                """)
        let none = SegmentListCommand.text([], contacts: 0, frontier: "", width: nil, style: .plain)
        #expect(none.contains("No segment yet"))
    }

    @Test("A field's declaration is changed by its type and taken back by null")
    func fieldDeclarations() throws {
        #expect(AudienceCommand.Set.fields(declared: nil, undeclared: []) == nil)
        let fields = AudienceCommand.Set.fields(declared: ["points": "number"], undeclared: ["plan"])
        let json = try WireCoding.encode(AudiencePatch(fields: fields))
        #expect(String(decoding: json, as: UTF8.self) == #"{"fields":{"plan":null,"points":"number"}}"#)
    }

    @Test("A list is narrowed by a text in the name or the description, in whatever case")
    func filteredSegments() {
        func segment(_ name: String, _ description: String?) -> SegmentAnswer {
            SegmentAnswer(
                id: "s", name: name, description: description, where: JSONTree(.object([])), sentence: "", revision: 1,
                createdAt: "C", changedAt: "C", count: 0, frontier: "F")
        }
        let segments = [segment("Lapsed", nil), segment("VIP", "those who LAPSED"), segment("Recent", "others")]
        func text(_ filter: String) -> String {
            SegmentListCommand.text(segments, filter: filter, contacts: 9, frontier: "F", width: nil, style: .plain)
        }
        let found = text("lapsed")
        #expect(found.contains("Lapsed") && found.contains("VIP") && !found.contains("Recent"))
        #expect(found.hasSuffix("\n2 of 3 segments over 9 contacts at F\n"))
        #expect(text("é") == "None of 3 segments has that text in its name or description.\n")
    }

    @Test("A page says how to get the next one")
    func page() {
        #expect(
            PageOptions.footer(shown: 2, of: 3_000, "member", frontier: "F", next: "a b")
                == "\n2 of 3,000 members at F; the next page: --after 'a b'\n")
        #expect(PageOptions.footer(shown: 1, of: 1, "member", frontier: "F", next: nil) == "\n1 member at F\n")
    }
}
