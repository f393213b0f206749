import Testing

@testable import segmentctl

@Suite("Tables")
struct TableTests {
    private func table() -> Table {
        var table = Table([.text("ID"), .text("NAME", shrinks: true), .number("MEMBERS")])
        table.add(["s1", "Recent customers", "1,204"])
        table.add(["s12", "VIP", "7"])
        return table
    }

    @Test("Columns are as wide as their contents and numbers stand at the right")
    func wide() {
        #expect(
            table().text(width: nil) == """
                ID   NAME              MEMBERS
                s1   Recent customers    1,204
                s12  VIP                     7

                """)
    }

    @Test("A narrow terminal cuts the texts that may be cut, and nothing else")
    func narrow() {
        #expect(
            table().text(width: 26) == """
                ID   NAME          MEMBERS
                s1   Recent cust…    1,204
                s12  VIP                 7

                """)
    }

    @Test("A column keeps eight places however narrow the terminal is")
    func veryNarrow() {
        let longest = table().text(width: 5).split(separator: "\n").map(\.count).max()
        #expect(longest == 3 + 2 + 8 + 2 + 7)
    }

    @Test("Wide characters count two columns, combining marks none")
    func widths() {
        #expect(TextWidth.columns(of: "日本") == 4)
        #expect(TextWidth.columns(of: "e\u{301}te\u{301}") == 3)
        #expect(TextWidth.columns(of: "👩‍👩‍👧") == 2)
        #expect(TextWidth.columns(of: "🇫🇷") == 2)
        #expect(TextWidth.columns(of: "✓ a") == 3)
    }

    @Test("Wide text is cut at whole characters")
    func truncation() {
        #expect(TextWidth.truncated("日本語", to: 6) == "日本語")
        #expect(TextWidth.truncated("日本語", to: 5) == "日本…")
        #expect(TextWidth.truncated("日本語", to: 4) == "日…")
        #expect(TextWidth.truncated("abc", to: 1) == "…")
    }

    @Test("Rows with wide characters keep their columns under each other")
    func alignment() {
        var table = Table([.text("A"), .text("B")])
        table.add(["日本", "x"])
        table.add(["ab", "y"])
        #expect(table.text(width: nil) == "A     B\n日本  x\nab    y\n")
    }

    @Test("Control characters never reach the terminal")
    func control() {
        var table = Table([.text("A")])
        table.add(["a\u{1B}[31mb\nc\u{202E}"])
        #expect(table.text(width: nil) == "A\na\u{FFFD}[31mb\u{FFFD}c\u{FFFD}\n")
    }

    @Test("Colour is put around the heading only where it is wanted")
    func colour() {
        #expect(table().text(width: nil, style: Style(isColoured: true)).hasPrefix("\u{1B}[1mID"))
        #expect(!table().text(width: nil, style: .plain).contains("\u{1B}"))
    }
}

@Suite("Quantities and spans")
struct QuantityTests {
    @Test(
        "Digits stand in groups of three",
        arguments: [
            (0, "0"), (999, "999"), (1_000, "1,000"), (-1_234_567, "-1,234,567"),
            (Int.min, "-9,223,372,036,854,775,808"),
        ])
    func grouped(number: Int, text: String) {
        #expect(Quantities.grouped(number) == text)
    }

    @Test("One is singular", arguments: [(0, "0 events"), (1, "1 event"), (2_000, "2,000 events")])
    func count(number: Int, text: String) {
        #expect(Quantities.count(number, "event") == text)
    }

    @Test(
        "Bytes take the unit in which they are readable",
        arguments: [(999, "999 B"), (1_000, "1.0 kB"), (999_960, "1.0 MB"), (8_388_608, "8.4 MB")])
    func bytes(number: Int, text: String) {
        #expect(Quantities.bytes(number) == text)
    }

    @Test("Decimals are rounded and keep their zeros")
    func decimals() {
        #expect(Quantities.decimal(0.05, digits: 2) == "0.05")
        #expect(Quantities.decimal(1_234.5, digits: 0) == "1,235")
        #expect(Quantities.decimal(-0.25, digits: 1) == "-0.3")
        #expect(Quantities.percent(0.123) == "12.3 %")
        #expect(Quantities.decimal(.infinity, digits: 1) == "–")
    }

    @Test(
        "A span names its two largest units",
        arguments: [(0, "0 s"), (59, "59 s"), (7_140, "1 h 59 min"), (3_600, "1 h"), (273_600, "3 d 4 h")])
    func spans(seconds: Int, text: String) {
        #expect(Spans.text(seconds: Int64(seconds)) == text)
    }

    @Test("An instant is related to now in both directions")
    func relation() {
        let now = "2026-03-01T10:00:00Z"
        #expect(Spans.dated("2026-03-01T11:59:00Z", now: now) == "2026-03-01T11:59:00Z (in 1 h 59 min)")
        #expect(Spans.relation(of: "2026-02-26T06:00:00Z", to: now) == "3 d 4 h ago")
        #expect(Spans.relation(of: now, to: now) == "now")
        #expect(Spans.dated("soon", now: now) == "soon")
    }
}
