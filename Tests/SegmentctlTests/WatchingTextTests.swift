import ArgumentParser
import ControlAPI
import Testing

@testable import segmentctl

@Suite("Watching as text")
struct WatchingTextTests {
    private func audience(
        _ id: String = "shop", appended: Int = 0, ticks: Int = 0, tickSeconds: Double = 0,
        reports: [StateDifferenceAnswer] = [], used: Int = 12, failed: Int = 0
    ) -> AudienceStatusAnswer {
        AudienceStatusAnswer(
            id: id, name: "Shop", frontier: "2026-03-01T10:00:00Z", lastSequence: 1_204, appliedSequence: 1_200,
            pending: 4, contacts: 321, segments: 3,
            figures: AudienceFiguresAnswer(
                appended: appended, duplicates: 2, conflicts: 0, rejected: 1, frontierLagSeconds: 0.12, ticks: ticks,
                tickSeconds: tickSeconds, ticksFailed: failed, commits: 0, commitSeconds: 0, leaves: 5, gates: 2,
                wakes: 7, columnBytes: 1_000,
                stores: [
                    StoreAnswer(name: "log", usedBytes: used, mapBytes: 1_000),
                    StoreAnswer(name: "index", usedBytes: 5, mapBytes: 1_000),
                ],
                audit: AuditAnswer(contacts: 80, differences: reports.count, failures: 0, reports: reports)))
    }

    private func status(
        _ audiences: [AudienceStatusAnswer], uptime: Int64 = 100, requests: Int = 0
    ) -> StatusAnswer {
        StatusAnswer(
            version: "0.1.0", now: "2026-03-01T10:00:00Z", uptimeSeconds: uptime, dataDirectory: "/data", sockets: [],
            audiences: audiences,
            figures: DaemonFiguresAnswer(
                ownMemoryBytes: 312_400_000, diskFreeBytes: 120_000_000_000, connections: 1, requests: requests,
                requestSeconds: 0, requestsFailed: 0))
    }

    private static let difference = StateDifferenceAnswer(
        digest: "d34db33f00000000", kind: "segment", segment: SegmentName(id: "s1", name: "VIP"), byLog: true,
        frontier: "2026-03-01T09:00:00Z")

    @Test("The status says in words what each audience has done")
    func figures() {
        let text = StatusCommand.text(
            status([audience(appended: 1_204)], requests: 77), socket: "/s", width: nil, .plain)
        #expect(text.contains("Memory    312.4 MB\nDisk      120.0 GB free\nRequests  77\n"))
        #expect(
            text.hasSuffix(
                """

                shop: 1,204 events appended, 2 duplicates, 1 refused; frontier 0.1 s behind the clock; log 1.2 % full; \
                80 contacts audited, no difference

                """))
    }

    @Test("What is wrong stands below its audience, with what to do")
    func alarms() {
        let wrong = audience(reports: [Self.difference], used: 810, failed: 2)
        let text = StatusCommand.text(status([wrong]), socket: "/s", width: nil, .plain)
        #expect(
            text.contains(
                """
                80 contacts audited, 1 difference
                  ! the live state differs from the log. Run: segmentctl verify --audience shop
                  ! contact d34db33f00000000 is in s1 “VIP” by the log, and not in the live segment at 2026-03-01T09:00:00Z
                  ! 2 moves of the frontier failed; the log says why
                  ! the log is 81.0 % full: raise mapSize and restart

                """))
    }

    @Test("A daemon that tells no figures has a status all the same")
    func withoutFigures() {
        var old = status([audience()])
        old.figures = nil
        old.audiences[0].figures = nil
        let text = StatusCommand.text(old, socket: "/s", width: nil, .plain)
        #expect(text.hasSuffix("2026-03-01T10:00:00Z (now)\n"))
        #expect(!text.contains("Memory"))
    }

    // MARK: top

    private func samples(uptimes: (Int64, Int64) = (100, 102)) -> (TopSample, TopSample) {
        let start = ContinuousClock.now
        let first = status([audience(appended: 100, ticks: 10, tickSeconds: 1)], uptime: uptimes.0, requests: 10)
        let second = status([audience(appended: 2_100, ticks: 30, tickSeconds: 1.05)], uptime: uptimes.1, requests: 15)
        return (TopSample(status: first, at: start), TopSample(status: second, at: start + .seconds(2)))
    }

    @Test("Between two looks there are rates and means, on a wide screen all of them")
    func rates() {
        let (before, now) = samples()
        #expect(
            TopText(now, since: before).text(width: 200, .plain) == """
                segmentd 0.1.0  up 1 min 42 s  2026-03-01T10:00:00Z  memory 312.4 MB  120.0 GB free  1 connection  2.5 requests/s

                AUDIENCE  EVENTS/S    LAG  PENDING  CONTACTS    TICK  SYNC  DUP/S  BAD/S   FULL  AUDITED  SEGMENTS
                shop         1,000  0.1 s        4       321  2.5 ms     –      0      0  1.2 %       80         3

                """)
    }

    @Test("A narrow screen keeps the columns that matter most", arguments: [40, 60, 80])
    func narrow(width: Int) {
        let (before, now) = samples()
        let lines = TopText(now, since: before).text(width: width, .plain).split(separator: "\n")
        #expect(lines.allSatisfy { TextWidth.columns(of: $0) <= width })
        #expect(lines.contains { $0.hasPrefix("AUDIENCE  EVENTS/S    LAG") })
        #expect(!lines.contains { $0.contains("SEGMENTS") })
    }

    @Test("The first look, and one at a daemon that was started anew, have no rates")
    func noRates() {
        let (before, now) = samples(uptimes: (100, 2))
        for text in [TopText(now, since: nil), TopText(now, since: before)] {
            #expect(text.text(width: 200, .plain).contains("shop             –  0.1 s        4       321     –"))
        }
    }

    @Test("A difference is an alarm there too")
    func topAlarm() {
        let sample = TopSample(status: status([audience(reports: [Self.difference])]), at: .now)
        let text = TopText(sample, since: nil).text(width: 200, .plain)
        #expect(text.hasSuffix("\nshop: the live state differs from the log; see segmentctl status\n"))
    }

    // MARK: verify

    private func verification(_ differences: [StateDifferenceAnswer], count: Int) -> VerificationAnswer {
        VerificationAnswer(
            frontier: "2026-03-01T10:00:00Z", contacts: 1_000, segments: 1, leaves: 2, differences: differences,
            differenceCount: count, wrongCounts: [], durationMilliseconds: 5)
    }

    @Test("A verification says what was compared, and that there is no difference")
    func sound() {
        #expect(
            VerificationText.text(verification([], count: 0))
                == """
                Compared 1,000 contacts, each in 1 segment and 2 conditions, with the log: no difference \
                at 2026-03-01T10:00:00Z

                """)
    }

    @Test("Every kind of difference is a sentence that names the contact")
    func differences() {
        func difference(_ kind: String, segment: Bool = false, leaf: String? = nil, byLog: Bool)
            -> StateDifferenceAnswer
        {
            StateDifferenceAnswer(
                digest: "00", contact: "c17", kind: kind, segment: segment ? SegmentName(id: "s1", name: "VIP") : nil,
                leaf: leaf, byLog: byLog, frontier: "2026-03-01T10:00:00Z")
        }
        var answer = verification(
            [
                difference("contact", byLog: true), difference("contact", byLog: false),
                difference("record", byLog: true), difference("segment", segment: true, byLog: true),
                difference("segment", segment: true, byLog: false),
                difference("leaf", leaf: "has the tag “a\nb”", byLog: false),
            ], count: 8)
        answer.wrongCounts = [WrongCountAnswer(segment: SegmentName(id: "s1", name: "VIP"), count: 1, members: 2)]
        #expect(
            VerificationText.text(answer) == """
                Compared 1,000 contacts, each in 1 segment and 2 conditions, with the log: 9 differences \
                at 2026-03-01T10:00:00Z
                  c17 is in the log, and not live
                  c17 is live, and not in the log
                  c17 has other data by the log than in its record
                  c17 is in s1 “VIP” by the log, and not in the live segment
                  c17 is in the live segment s1 “VIP”, and not by the log
                  c17 “has the tag “a\u{FFFD}b”” is false by the log, and the opposite in its column
                  s1 “VIP” counts 1 member and has 2
                  … and 2 more

                """)
    }

    @Test("Metrics are no JSON, and an interval has its bounds")
    func options() throws {
        #expect(throws: (any Error).self) { try MetricsCommand.parse(["--json"]) }
        #expect(throws: (any Error).self) { try TopCommand.parse(["--interval", "0"]) }
        #expect(try TopCommand.parse(["--once"]).interval == 1)
        #expect(try MetricsCommand.parse(["--output", "/x.prom"]).output == "/x.prom")
    }
}
