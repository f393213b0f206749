import ControlAPI
import Imports

extension LineChunk {
    /// What a part of the input became: the chunk's bytes, and what makes no event.
    struct Conversion: Equatable, Sendable {
        /// For each line of the bytes where in the input it comes from.
        var places: [Int]
        var problems: [IngestProblem]
        /// Whether places are numbers of elements, and not of lines.
        var countsElements: Bool
    }

    /// Events that were made of what follows a place in the input.
    init(_ events: ConvertedEvents, after place: Int, endOffset: Int, countsElements: Bool) {
        let problems = events.problems.map { problem in
            IngestProblem(
                line: problem.place, pointer: problem.pointer, code: problem.code, message: problem.message)
        }
        self.init(
            bytes: events.bytes, firstLine: place + 1, lines: max(events.lastPlace - place, 0), endOffset: endOffset,
            conversion: Conversion(places: events.places, problems: problems, countsElements: countsElements))
    }

    /// Whether there is anything to send.
    var hasEvents: Bool { conversion.map { !$0.places.isEmpty } ?? true }

    /// The daemon's receipt in terms of the input: its places, and with the problems of the conversion.
    func told(_ receipt: IngestAnswer, isWhole: Bool = true) -> IngestAnswer {
        guard let conversion else { return receipt }
        let last = isWhole ? lastLine : lastAnswered(receipt)
        let own = conversion.problems.filter { isWhole || $0.line <= last }
        var told = receipt
        told.lines = max(last - firstLine + 1, 0)
        told.rejected += own.count
        for index in told.problems.indices {
            let line = told.problems[index].line
            if conversion.places.indices.contains(line - 1) { told.problems[index].line = conversion.places[line - 1] }
        }
        told.problems = (told.problems + own).enumerated()
            .sorted { ($0.element.line, $0.offset) < ($1.element.line, $1.offset) }.map(\.element)
        return told
    }

    /// The last line of the input all of which is answered for by a receipt of the chunk's beginning.
    func lastAnswered(_ receipt: IngestAnswer) -> Int {
        guard let conversion else { return min(firstLine + receipt.lines, firstLine + lines) - 1 }
        return receipt.lines < conversion.places.count ? conversion.places[receipt.lines] - 1 : lastLine
    }

    /// Without the lines before that one; nil if none is left.
    func from(line: Int) -> LineChunk? {
        guard conversion == nil, line > firstLine else { return self }
        guard line <= lastLine else { return nil }
        var start = bytes.startIndex
        for _ in firstLine..<line {
            start = bytes[start...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.endIndex
        }
        return LineChunk(
            bytes: Array(bytes[start...]), firstLine: line, lines: lastLine - line + 1, endOffset: endOffset)
    }
}
