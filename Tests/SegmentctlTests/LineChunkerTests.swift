import TestSupport
import Testing

@testable import segmentctl

/// Hands a text out in reads of given sizes.
private struct ScriptedSource {
    enum Step {
        case bytes(String)
        case idle
        case interrupted
    }

    var steps: [Step]

    mutating func read(into buffer: UnsafeMutableRawBufferPointer) -> ReadOutcome {
        guard let step = steps.first else { return .end }
        steps.removeFirst()
        switch step {
        case .idle: return .idle
        case .interrupted: return .interrupted
        case .bytes(let text):
            let bytes = Array(text.utf8)
            let count = min(bytes.count, buffer.count)
            buffer.copyBytes(from: bytes[..<count])
            if count < bytes.count {
                steps.insert(.bytes(String(decoding: bytes[count...], as: UTF8.self)), at: 0)
            }
            return .bytes(count)
        }
    }
}

@Suite("Cutting an input into chunks of whole lines")
struct LineChunkerTests {
    private func chunks(_ steps: [ScriptedSource.Step], bytesMax: Int) -> [LineChunk] {
        var chunker = LineChunker(bytesMax: bytesMax)
        var source = ScriptedSource(steps: steps)
        var chunks: [LineChunk] = []
        while let chunk = chunker.next(reading: { source.read(into: $0) }) { chunks.append(chunk) }
        return chunks
    }

    private func texts(_ chunks: [LineChunk]) -> [String] {
        chunks.map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    @Test("A chunk ends at the last end of line that fits")
    func wholeLines() {
        let chunks = chunks([.bytes("one\ntwo\nthree\nfour\n")], bytesMax: 10)
        #expect(texts(chunks) == ["one\ntwo\n", "three\n", "four\n"])
        #expect(chunks.map(\.firstLine) == [1, 3, 4])
        #expect(chunks.map(\.lines) == [2, 1, 1])
        #expect(chunks.map(\.endOffset) == [8, 14, 19])
    }

    @Test("The last line needs no end")
    func lastLine() {
        let chunks = chunks([.bytes("one\ntwo")], bytesMax: 100)
        #expect(texts(chunks) == ["one\ntwo"])
        #expect(chunks.first?.lines == 2)
    }

    @Test("Empty lines are lines")
    func emptyLines() {
        #expect(chunks([.bytes("\n\n\n")], bytesMax: 2).map(\.firstLine) == [1, 3])
    }

    @Test("An empty input has no chunk")
    func empty() {
        #expect(chunks([], bytesMax: 10).isEmpty)
    }

    @Test("A line longer than a chunk is cut, and the lines after it keep their numbers")
    func hugeLine() {
        let chunks = chunks([.bytes("a\n" + String(repeating: "x", count: 25) + "\nb\nc\n")], bytesMax: 8)
        #expect(texts(chunks) == ["a\n", "xxxxxxxx\n", "b\nc\n"])
        #expect(chunks.map(\.firstLine) == [1, 2, 3])
        #expect(chunks.last?.endOffset == 32)
    }

    @Test("A huge last line is cut as well")
    func hugeLastLine() {
        #expect(texts(chunks([.bytes(String(repeating: "x", count: 25))], bytesMax: 8)) == ["xxxxxxxx\n"])
    }

    @Test("A line that just fills a chunk is whole")
    func exactFit() {
        #expect(texts(chunks([.bytes("abc\nabc\n")], bytesMax: 4)) == ["abc\n", "abc\n"])
        #expect(texts(chunks([.bytes("abcd")], bytesMax: 4)).first?.hasPrefix("abcd") == true)
    }

    @Test("An idle source lets whole lines go and keeps the unfinished one")
    func idle() {
        let chunks = chunks([.bytes("one\ntw"), .idle, .idle, .bytes("o\n"), .idle], bytesMax: 100)
        #expect(texts(chunks) == ["one\n", "two\n"])
    }

    @Test("An interruption ends the chunks without the unfinished line")
    func interruption() {
        #expect(chunks([.bytes("one\ntw"), .interrupted], bytesMax: 100).isEmpty)
    }

    @Test("Whatever the reads and the chunk size, the chunks are the input", arguments: 0..<30)
    func anyReads(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let lines = (0..<Int.random(in: 0...60, using: &random)).map { line in
            String(repeating: "ab", count: Int.random(in: 0...10, using: &random)) + "\(line)\n"
        }
        var steps: [ScriptedSource.Step] = []
        var rest = Substring(lines.joined())
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...20, using: &random))
            steps.append(.bytes(String(piece)))
            if Bool.random(using: &random) { steps.append(.idle) }
            rest = rest.dropFirst(piece.count)
        }
        let chunks = chunks(steps, bytesMax: Int.random(in: 32...90, using: &random))
        #expect(texts(chunks).joined() == lines.joined(), "seed \(seed)")
        #expect(texts(chunks).allSatisfy { $0.hasSuffix("\n") }, "seed \(seed)")
        var next = 1
        for chunk in chunks {
            #expect(chunk.firstLine == next, "seed \(seed)")
            next += chunk.lines
        }
        #expect(next == lines.count + 1, "seed \(seed)")
    }
}
