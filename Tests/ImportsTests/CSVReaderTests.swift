import TestSupport
import Testing

@testable import Imports

@Suite("Reading rows of comma-separated values")
struct CSVReaderTests {
    private func read(_ text: [UInt8], piece: Int, delimiter: Character = ",") -> [CSVReader.Finding] {
        var reader = CSVReader(delimiter: delimiter.asciiValue ?? 0)
        var found: [CSVReader.Finding] = []
        var start = 0
        while start < text.count {
            let end = min(start + piece, text.count)
            text[start..<end].withUnsafeBytes { reader.feed($0) }
            while let finding = reader.next(isAtEnd: false) { found.append(finding) }
            start = end
        }
        while let finding = reader.next(isAtEnd: true) { found.append(finding) }
        return found
    }

    private func rows(_ text: String, piece: Int = 1_000) -> [[String]] {
        read(Array(text.utf8), piece: piece).compactMap { finding in
            guard case .row(let row) = finding else { return nil }
            return row.cells.map { String(decoding: $0, as: UTF8.self) }
        }
    }

    private func lines(_ text: String, piece: Int = 1_000) -> [Int] {
        read(Array(text.utf8), piece: piece).map { finding in
            switch finding {
            case .row(let row): row.line
            case .fault(let line, _): -line
            }
        }
    }

    @Test("Quotes hold delimiters, line ends and doubled quotes")
    func quotes() {
        #expect(
            rows("a,\"b,c\",\"d\r\ne\",\"f\"\"g\"\r\n1,,\"\",4") == [
                ["a", "b,c", "d\r\ne", "f\"g"], ["1", "", "", "4"],
            ])
        #expect(rows("12\" vinyl,x\n") == [["12\" vinyl", "x"]])
    }

    @Test("LF, CRLF, a missing last line end and a byte order mark make no difference")
    func lineEnds() {
        for text in ["a,b\n1,2\n", "a,b\r\n1,2\r\n", "a,b\n1,2", "\u{FEFF}a,b\n1,2", "\u{FEFF}\"a\",b\r\n\"1\",\"2\""] {
            for piece in 1...4 { #expect(rows(text, piece: piece) == [["a", "b"], ["1", "2"]]) }
        }
    }

    @Test("Rows name the line of the file on which they begin, blank lines and quoted line ends counted")
    func lineNumbers() {
        #expect(lines("a\n\n\"b\nc\"\n\nd") == [1, 3, 6])
    }

    @Test("What follows a closing quote is a fault of that line, and the next rows are read")
    func stray() {
        #expect(lines("a,b\n\"x\"y,2\n3,4\n") == [1, -2, 3])
        #expect(rows("a,b\n\"x\"y,2\n3,4\n").last == ["3", "4"])
    }

    @Test("A quote that is never closed costs its own line and no other")
    func unclosed() {
        let text = "a,b\n\"x,2\n3,4\n5,6\n"
        for piece in [1, 7, 1_000] {
            #expect(lines(text, piece: piece) == [1, -2, 3, 4])
        }
    }

    @Test("A row beyond the bound is a fault, and those after it are read")
    func tooLong() {
        let text = "a\n\"" + String(repeating: "x", count: CSVReader.rowBytesMax + 10) + "\nb\n"
        #expect(lines(text, piece: 65_536) == [1, -2, 3])
    }

    @Test("Whatever is written is read back, however the file is cut", arguments: 0..<200)
    func roundTrip(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let delimiter = random.pick([",", ";", "\t"] as [Character])
        let alphabet: [Character] = ["a", "é", "\"", ",", ";", "\n", "\r\n", " ", "\t", "'", "𝄞"]
        let width = Int.random(in: 1...5, using: &random)
        let table = (0..<Int.random(in: 1...8, using: &random)).map { _ in
            (0..<width).map { _ in
                String((0..<Int.random(in: 0...6, using: &random)).map { _ in random.pick(alphabet) })
            }
        }
        let end = random.pick(["\n", "\r\n"])
        var text = ""
        for row in table {
            // A lone empty cell without quotes would be a blank line.
            let cells = row.map { cell in
                let needsQuotes = width == 1 || cell.contains { $0 == delimiter || $0 == "\"" || $0.isNewline }
                return needsQuotes
                    ? "\"" + cell.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
                        + "\"" : cell
            }
            text += cells.joined(separator: String(delimiter)) + end
        }
        let piece = Int.random(in: 1...40, using: &random)
        let found = read(Array(text.utf8), piece: piece, delimiter: delimiter).map { finding -> [String] in
            guard case .row(let row) = finding else { return ["fault"] }
            return row.cells.map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(found.map { $0.map { Array($0.utf8) } } == table.map { $0.map { Array($0.utf8) } }, "seed \(seed)")
    }

    @Test("Bytes of any kind are read to the end, the same however they are cut", arguments: 0..<200)
    func noise(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed) + 1_000)
        let bytes = (0..<Int.random(in: 0...200, using: &random)).map { _ in random.pick(Array("ab,\"\"\n\r ".utf8)) }
        let whole = read(bytes, piece: 1_000)
        #expect(read(bytes, piece: 1) == whole)
        #expect(read(bytes, piece: 7) == whole)
    }
}
