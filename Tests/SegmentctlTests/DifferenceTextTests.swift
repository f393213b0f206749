import ControlAPI
import SegmentModel
import Testing

@testable import segmentctl

@Suite("Edits and revisions as text")
struct DifferenceTextTests {
    private static let name = SegmentName(id: "s3", name: "Lapsed")
    private static let known = CostAnswer(conditions: [], newConditions: 0, recordsToLookAt: 0)

    private func difference(
        _ changes: DefinitionChangesAnswer, entering: MemberSampleAnswer, leaving: MemberSampleAnswer,
        referrers: [ReferrerDifferenceAnswer] = [], lints: [LintAnswer] = []
    ) -> DifferenceAnswer {
        DifferenceAnswer(
            frontier: "F", segment: Self.name, revision: 4, contacts: 10_000, where: JSONTree(.object([])),
            sentence: "has the tag “vip”", changes: changes, entering: entering, leaving: leaving,
            staying: MemberSampleAnswer(count: 1_200, sample: [ContactLine(contact: "zoe")]), referrers: referrers,
            conditions: 1, depth: 1, lints: lints, cost: Self.known)
    }

    @Test("A difference says what changes in words, and who would enter, leave and stay")
    func whole() {
        let changes = DefinitionChangesAnswer(
            name: TextChangeAnswer(before: "Lapsed", after: "VIP"), description: TextChangeAnswer(after: "the best"),
            automation: true, came: [ConditionPartAnswer(sentence: "has the tag “vip”", pointer: "/where/all/0")],
            went: [ConditionPartAnswer(sentence: "has not ordered", pointer: "/where")])
        let answer = difference(
            changes,
            entering: MemberSampleAnswer(
                count: 312,
                sample: [ContactLine(contact: "ada", email: "ada@example.org"), ContactLine(contact: "bob")]),
            leaving: MemberSampleAnswer(count: 0, sample: []),
            referrers: [
                ReferrerDifferenceAnswer(
                    segment: SegmentName(id: "s5", name: "Others"), entering: 0, leaving: 312, staying: 9)
            ],
            lints: [LintAnswer(code: "tautology", message: "Every contact.", pointers: ["/where"])])
        #expect(
            DifferenceText.text(answer, width: nil, style: .plain) == """
                Segment       Lapsed (s3), now at revision 4
                Name          “Lapsed” → “VIP”
                Description   none → “the best”
                Automations   may use it from now on
                Goes          has not ordered  (at /where)
                Comes         has the tag “vip”  (at /where/all/0)
                Who           has the tag “vip”
                Members       1,200 → 1,512 of 10,000 contacts
                Would enter   312: ada <ada@example.org>, bob, …
                Would leave   nobody
                Would stay    1,200: zoe, …
                Refers to it  Others (s5): 0 enter, 312 leave
                To save       all conditions are known: saving is immediate
                Frontier      F

                warning: Every contact. (at /where)

                """)
        #expect(answer.changesMembers)
    }

    @Test("An edit that moves nobody says so")
    func nobody() {
        let none = MemberSampleAnswer(count: 0, sample: [])
        let answer = difference(DefinitionChangesAnswer(), entering: none, leaving: none)
        #expect(DifferenceText.text(answer, width: nil, style: .plain).contains("nobody would enter or leave\n"))
        #expect(!answer.changesMembers)
        #expect(
            DifferenceText.outcome(EditOutcome(entered: 1_000, left: 0, stayed: 2))
                == "1,000 entered, 0 left, 2 stayed.\n")
        #expect(DifferenceText.outcome(nil) == "")
    }

    @Test("A sample is cut to the terminal, but for its first contact")
    func narrowSample() {
        let people = ["ada", "bob", "eve"].map { ContactLine(contact: $0, email: $0 + "@example.org") }
        let all = MemberSampleAnswer(count: 3, sample: people)
        #expect(
            DifferenceText.sample(all, width: nil)
                == "3: ada <ada@example.org>, bob <bob@example.org>, eve <eve@example.org>")
        #expect(DifferenceText.sample(all, width: 64) == "3: ada <ada@example.org>, bob <bob@example.org>, …")
        #expect(DifferenceText.sample(all, width: 10) == "3: ada <ada@example.org>, …")
    }

    private func revision(_ number: Int, _ sentence: String?, restored: Int? = nil, isPresent: Bool) -> RevisionAnswer {
        RevisionAnswer(
            revision: number, name: "Lapsed", where: JSONTree(["tag": "vip"]), sentence: sentence,
            automation: isPresent, restored: restored, at: "2026-03-0\(number)T10:00:00Z", isPresent: isPresent)
    }

    @Test("Revisions are listed with what they say, the latest first, cut on a narrow terminal")
    func revisions() {
        let list = RevisionList(
            frontier: "F", segment: Self.name, count: 3,
            revisions: [
                revision(3, "has the tag “vip”", restored: 1, isPresent: true), revision(2, nil, isPresent: false),
            ], next: 2)
        #expect(
            RevisionText.text(list, width: nil, style: .plain) == """
                REVISION  SAVED                 NAME    WHO                                      NOTE
                       3  2026-03-03T10:00:00Z  Lapsed  has the tag “vip”                        present, restores 1, for automations
                       2  2026-03-02T10:00:00Z  Lapsed  has no meaning with today's field types

                2 of 3 revisions of Lapsed (s3); those before: --after 2

                """)
        let narrow = RevisionText.text(list, width: 80, style: .plain)
        #expect(narrow.split(separator: "\n").prefix(3).allSatisfy { TextWidth.columns(of: $0) <= 96 })
        #expect(narrow.contains("…"))
    }

    @Test("One revision is shown with its condition, and a comparison names both")
    func comparison() {
        #expect(
            RevisionText.text(revision(1, "has the tag “vip”", isPresent: false), style: .plain) == """
                Revision  1
                Name      Lapsed
                Who       has the tag “vip”
                Saved     2026-03-01T10:00:00Z

                {
                  "tag": "vip"
                }

                """)
        var answer = RevisionComparisonAnswer(
            frontier: "F", segment: Self.name, earlier: revision(1, "a", isPresent: false),
            later: revision(3, "b", isPresent: true), changes: DefinitionChangesAnswer(),
            onlyEarlier: MemberSampleAnswer(count: 0, sample: []),
            onlyLater: MemberSampleAnswer(count: 1, sample: [ContactLine(contact: "ada")]),
            both: MemberSampleAnswer(count: 0, sample: []))
        #expect(
            RevisionText.text(answer, width: nil, style: .plain) == """
                Segment     Lapsed (s3)
                Revisions   1 of 2026-03-01T10:00:00Z, 3 of 2026-03-03T10:00:00Z
                Definition  the same in both
                Only in 1   nobody
                Only in 3   1: ada
                In both     nobody
                Frontier    F

                """)
        (answer.onlyEarlier, answer.onlyLater, answer.both) = (nil, nil, nil)
        answer.membersMissing = "Revision 1 refers to s9."
        #expect(RevisionText.text(answer, width: nil, style: .plain).contains("Members     Revision 1 refers to s9.\n"))
    }

    @Test("A recomputation says that there is no difference, or names each")
    func rerun() {
        var answer = RerunAnswer(
            frontier: "F", segment: Self.name, revision: 1, checked: 20_000, members: 12_345, missing: [],
            missingCount: 0, unexpected: [], unexpectedCount: 0, durationMilliseconds: 5)
        #expect(
            RerunText.text(answer) == "Recomputed s3 \"Lapsed\" from the log: 12,345 members, 0 differences at F\n")
        (answer.missing, answer.missingCount) = (["ada"], 2)
        (answer.unexpected, answer.unexpectedCount) = (["bob"], 1)
        #expect(
            RerunText.text(answer) == """
                Recomputed s3 "Lapsed" from the log: 12,345 members, 3 differences at F
                  ada is a member by the log, and not in the live segment
                  … and 1 more
                  bob is in the live segment, and no member by the log

                """)
        let progress = RerunProgressAnswer(segment: "Lapsed", eventsDone: 420, events: 1_000)
        #expect(RerunText.sentence(progress) == "“Lapsed” is being recomputed: 42.0 %, 420 of 1,000 events read")
        #expect(RerunText.line(progress) == "[########------------]  42.0 %  of “Lapsed” recomputed")
    }

    @Test("Deleting asks about each segment by name and size")
    func deleting() {
        func segment(_ id: String, _ count: Int) -> SegmentAnswer {
            SegmentAnswer(
                id: id, name: "N " + id, where: JSONTree(.object([])), sentence: "", revision: 1, createdAt: "",
                changedAt: "", count: count, frontier: "F")
        }
        #expect(
            SegmentDeleteCommand.question([segment("s1", 1)])
                == "Delete s1 \"N s1\" with 1 member? The contacts stay.")
        #expect(
            SegmentDeleteCommand.question([segment("s1", 1), segment("s2", 2_000)])
                == "Delete 2 segments: s1 \"N s1\" with 1 member, s2 \"N s2\" with 2,000 members? The contacts stay.")
        let deletion = DeletionAnswer(frontier: "F", deleted: [DeletedSegmentAnswer(id: "s1", name: "A", count: 1)])
        #expect(SegmentDeleteCommand.text(deletion) == "Deleted s1 \"A\".\n")
    }

    @Test("The mark for automations is shown where there is one, and filtered by")
    func automations() {
        func segment(_ name: String, _ automation: Bool) -> SegmentAnswer {
            SegmentAnswer(
                id: "s", name: name, where: JSONTree(.object([])), sentence: "", automation: automation, revision: 1,
                createdAt: "C", changedAt: "C", count: 0, frontier: "F")
        }
        let all = [segment("A", true), segment("B", false)]
        func text(_ segments: [SegmentAnswer], _ automation: Bool) -> String {
            SegmentListCommand.text(
                segments, automation: automation, contacts: 9, frontier: "F", width: nil, style: .plain)
        }
        #expect(text(all, false).hasPrefix("ID  NAME  MEMBERS  SHARE  REVISION  CHANGED  AUTOMATION\n"))
        #expect(text(all, true).hasSuffix("\n1 of 2 segments over 9 contacts at F\n"))
        #expect(!text(Array(all.dropFirst()), false).contains("AUTOMATION"))
        #expect(text(Array(all.dropFirst()), true) == "None of 1 segment is marked for automations.\n")
        #expect(SegmentText.text(segment("A", true), style: .plain).contains("Automations  may use it\n"))
    }
}
