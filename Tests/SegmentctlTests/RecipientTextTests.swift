import ControlAPI
import FoundationEssentials
import SegmentModel
import TestSupport
import Testing

@testable import segmentctl

@Suite("Exports and recipient lists as text")
struct RecipientTextTests {
    private let list = RecipientListAnswer(
        campaign: "spring", segment: SegmentName(id: "s3", name: "VIP"), revision: 2, sentAt: "2026-03-01T10:00:01Z",
        frontier: "2026-03-01T10:00:00Z", sequence: 17, members: 1_260, recipients: 1_200, notSubscribed: 50,
        withoutEmail: 10, digest: "00ab12cd")

    @Test("A new list says who is in it and who was left out; one that was there says so")
    func sent() {
        #expect(
            RecipientsText.sent(list, isNew: true, style: .plain) == """
                Sent "VIP" (s3) as spring: 1,200 recipients

                Campaign        spring
                Segment         VIP (s3), revision 2
                Sent            2026-03-01T10:00:01Z
                Members         1,260
                Recipients      1,200
                Not subscribed  50
                Without e-mail  10
                Digest          00ab12cd
                Frontier        2026-03-01T10:00:00Z

                """)
        let again = RecipientsText.sent(list, isNew: false, style: .plain)
        #expect(again.hasPrefix("spring was sent already, at 2026-03-01T10:00:01Z: the same 1,200 recipients\n"))
    }

    @Test("Lists are a table that says how to go on")
    func table() {
        let page = RecipientListPageAnswer(count: 3, lists: [list], next: "spring")
        #expect(
            RecipientsText.table(page, width: nil, style: .plain) == """
                CAMPAIGN  SEGMENT   REVISION  RECIPIENTS  SENT
                spring    VIP (s3)         2       1,200  2026-03-01T10:00:01Z

                1 of 3 lists; the next page: --after spring

                """)
        let none = RecipientsText.table(RecipientListPageAnswer(count: 0, lists: []), width: nil, style: .plain)
        #expect(none.contains("Nothing was sent yet"))
    }

    @Test("A comparison counts and samples both differences")
    func comparison() {
        let comparison = RecipientComparisonAnswer(
            list: list, segment: SegmentName(id: "s3", name: "Very VIP"), frontier: "2026-03-02T10:00:00Z",
            members: 1_210, inBoth: 1_190, onlyInList: 10, onlyInSegment: 20, reachable: 4,
            onlyInListSample: [ContactLine(contact: "ann", email: "a@x.test")],
            onlyInSegmentSample: [ContactLine(contact: "bob")])
        #expect(
            RecipientsText.comparison(comparison, style: .plain) == """
                List                 spring: 1,200 recipients at 2026-03-01T10:00:00Z
                Segment              Very VIP (s3): 1,210 members at 2026-03-02T10:00:00Z
                In both              1,190
                Only in the list     10
                Only in the segment  20, of whom 4 could be sent to now

                Only in the list
                  ann  a@x.test
                  … and 9 more

                Only in the segment
                  bob
                  … and 19 more

                """)
    }

    @Test("A segment says when it was last sent")
    func lastSent() {
        var segment = SegmentAnswer(
            id: "s1", name: "VIP", where: JSONTree(.object([])), sentence: "", revision: 1, createdAt: "C",
            changedAt: "C", count: 0, frontier: "F")
        segment.lastSent = LastSentAnswer(campaign: "spring", sentAt: "S", recipients: 1)
        #expect(SegmentText.text(segment, style: .plain).contains("Last sent  S as spring to 1 recipient\n"))
        let list = SegmentListCommand.text([segment], contacts: 1, frontier: "F", width: nil, style: .plain)
        #expect(list.hasPrefix("ID  NAME  MEMBERS  SHARE  REVISION  CHANGED  LAST SENT\n"))
    }

    @Test("The history of settings has a row for each setting that changed")
    func history() {
        let history = SettingsHistoryAnswer(changes: [
            SettingsChangeAnswer(
                at: "2026-01-01T00:00:00Z", settings: [SettingAnswer(setting: "plan", after: "free")]),
            SettingsChangeAnswer(
                at: "2026-02-01T00:00:00Z",
                settings: [
                    SettingAnswer(setting: "fields.points", before: "number"),
                    SettingAnswer(setting: "plan", before: "free", after: "premium"),
                ]),
        ])
        #expect(
            AudienceCommand.text(history, width: nil, style: .plain) == """
                CHANGED               SETTING        FROM    TO
                2026-01-01T00:00:00Z  plan           –       free
                2026-02-01T00:00:00Z  fields.points  number  –
                                      plan           free    premium

                """)
    }

    @Test("Progress says how far the rows are")
    func progress() {
        var progress = RowProgress(isShown: false, count: 1_000, noun: "member")
        progress.show(rows: 420, moreBytes: 12_300)
        #expect(progress.line(rows: 420) == "[########------------]  42.0 %  420 of 1,000 members  12.3 kB")
        #expect(RowProgress(isShown: false, count: nil, noun: "member").line(rows: 2) == "2 members  0 B")
    }

    @Test("A file has its name only when it is complete")
    func pendingFile() throws {
        let place = try TemporaryDirectory()
        let path = place.path("members.csv")
        let files = FileManager.default
        do {
            let file = try PendingFile(path: path)
            try file.output.write("half")
            #expect(!files.fileExists(atPath: path))
        }
        #expect(try files.contentsOfDirectory(atPath: place.path).isEmpty)
        try {
            let file = try PendingFile(path: path)
            try file.output.write("whole")
            try file.finish()
        }()
        #expect(try files.contentsOfDirectory(atPath: place.path) == ["members.csv"])
    }
}
