import ControlAPI
import Testing

@testable import segmentctl

@Suite("Contacts and forecasts as text")
struct ContactTextTests {
    private let contact = ContactAnswer(
        id: "c17", frontier: "2026-03-01T10:00:00Z", firstSeenAt: "2026-01-01T00:00:00Z",
        segments: [
            ContactSegmentAnswer(
                id: "s1", name: "Buyers", since: "2026-02-28T10:00:00Z", because: .event, sequence: 1_204),
            ContactSegmentAnswer(id: "s2", name: "Lapsed", since: "2026-03-01T09:00:00Z", because: .time),
        ],
        segmentCount: 3, segmentsNext: "s2",
        pending: [
            PendingEventAnswer(
                sequence: 7, type: "order.placed", contact: "c17", source: "shop", id: "e1",
                recordedAt: "2026-03-01T09:00:00Z", visibleAt: "2026-03-01T11:00:00Z")
        ],
        pendingCount: 2,
        coming: [
            ComingChangeAnswer(
                at: "2026-03-01T11:00:00Z", segment: SegmentName(id: "s2", name: "Lapsed"), becomes: .left,
                because: .event, sequence: 7)
        ])

    @Test("A contact's segments say since when and why, its pending events what they will do")
    func contactText() {
        #expect(
            ContactText(contact: contact, width: nil, style: .plain).text == """
                Contact     c17
                First seen  2026-01-01T00:00:00Z
                Segments    3
                Frontier    2026-03-01T10:00:00Z

                SEGMENT  ID  SINCE                          BECAUSE
                Buyers   s1  2026-02-28T10:00:00Z  1 d ago  event 1,204
                Lapsed   s2  2026-03-01T09:00:00Z  1 h ago  time
                … of 3 segments; the next page: --segments-after s2

                SEQUENCE  TYPE          CONTACT  VISIBLE                       SOURCE  ID
                       7  order.placed  c17      2026-03-01T11:00:00Z  in 1 h  shop    e1
                … and 1 more

                WILL   SEGMENT  AT                            BECAUSE
                leave  Lapsed   2026-03-01T11:00:00Z  in 1 h  event 7

                """)
    }

    @Test("A narrow terminal cuts names, not instants")
    func narrow() {
        var contact = contact
        contact.segments[0].name = String(repeating: "Very long name ", count: 8)
        let lines = ContactText(contact: contact, width: 60, style: .plain).text.split(separator: "\n")
        let segment = lines.first { $0.contains("2026-02-28T10:00:00Z") }
        #expect(segment.map { TextWidth.columns(of: $0) <= 60 && $0.contains("…") } == true)
    }

    @Test("A forecast is a line for each minute and segment")
    func forecast() {
        let buyers = SegmentName(id: "s1", name: "Buyers")
        var forecast = ForecastAnswer(
            frontier: "2026-03-01T10:00:00Z", through: "2026-03-01T12:00:00Z", pending: 312, examined: 312,
            changes: [ForecastLineAnswer(at: "2026-03-01T11:05:00Z", segment: buyers, entered: 1_312, left: 4)],
            changeCount: 2, totals: [ForecastTotalAnswer(segment: buyers, entered: 1_320, left: 4)])
        #expect(
            ForecastText(forecast: forecast, width: nil, style: .plain).text == """
                Pending          312 events
                Looked ahead to  2026-03-01T12:00:00Z (in 2 h)
                Frontier         2026-03-01T10:00:00Z

                AT                                  SEGMENT  ENTER  LEAVE
                2026-03-01T11:05:00Z  in 1 h 5 min  Buyers   1,312      4
                … and 1 more

                """)
        #expect(
            ForecastText(forecast: forecast, width: nil, style: .plain).totals == """

                SEGMENT  WILL ENTER  WILL LEAVE
                Buyers        1,320           4
                until 2026-03-01T12:00:00Z (in 2 h); when: --forecast

                """)
        (forecast.examined, forecast.changes, forecast.totals) = (100, [], [])
        let text = ForecastText(forecast: forecast, width: nil, style: .plain).text
        #expect(text.contains("312 events, of which the first 100 are in this"))
        #expect(text.hasSuffix("change no segment.\n"))
    }
}
