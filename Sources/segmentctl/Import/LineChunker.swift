import Glibc

/// What a read brought.
enum ReadOutcome: Equatable {
    case bytes(Int)
    /// Nothing at this moment: what is there may as well be sent.
    case idle
    case end
    /// Somebody asked to stop.
    case interrupted
}

/// Whole lines that go out in one request.
struct LineChunk: Equatable, Sendable {
    var bytes: [UInt8]
    /// The number of its first line in the input, from 1.
    var firstLine: Int
    var lines: Int
    /// Bytes of the input up to its end.
    var endOffset: Int
    /// Where its events come from, if they are not the lines of the input themselves.
    var conversion: Conversion?

    var lastLine: Int { firstLine + lines - 1 }
}

/// Cuts an input into chunks at ends of lines.
///
/// In: bytes as reads bring them. Out: chunks that together are the input, line by line, in order. A chunk never ends
/// within a line, except at the end of the input. A line longer than a whole chunk is sent alone and cut off there;
/// the daemon refuses it by its length, so that it is reported under its number and the lines after it still count.
struct LineChunker: Sendable {
    let bytesMax: Int
    /// Bytes of the line that the previous chunk had no room for.
    private var carry: [UInt8] = []
    private var nextLine = 1
    private var offset = 0
    private var skipsToLineEnd = false
    private var isAtEnd = false

    init(bytesMax: Int) {
        precondition(bytesMax >= 2)
        self.bytesMax = bytesMax
        carry.reserveCapacity(bytesMax)
    }

    /// The next chunk, or nil at the end or after an interruption.
    ///
    /// Reads until the chunk is full, or the source is idle and a whole line is there. Cost: a copy of the last,
    /// unfinished line, and one pass to count lines.
    mutating func next<Fault: Error>(
        reading read: (UnsafeMutableRawBufferPointer) throws(Fault) -> ReadOutcome
    ) throws(Fault) -> LineChunk? {
        var bytes = blankBuffer()
        var count = carry.count
        var lineEnd = 0
        fill: while count < bytesMax, !isAtEnd {
            switch try Self.read(into: &bytes, from: count, read) {
            case .interrupted: return nil
            case .end: isAtEnd = true
            case .idle: if lineEnd > 0 { break fill }
            case .bytes(let more):
                offset += more
                let fresh = skipRestOfCutLine(&bytes, from: count, count: more)
                if let newline = Self.lastNewline(in: bytes, from: count, to: count + fresh) { lineEnd = newline + 1 }
                count += fresh
            }
        }
        return take(&bytes, count: count, lineEnd: lineEnd)
    }

    /// A buffer of full length that begins with the unfinished line.
    private func blankBuffer() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: bytesMax) { buffer, count in
            buffer.initialize(repeating: 0)
            _ = buffer.update(fromContentsOf: carry)
            count = bytesMax
        }
    }

    private static func read<Fault: Error>(
        into bytes: inout [UInt8], from start: Int,
        _ read: (UnsafeMutableRawBufferPointer) throws(Fault) -> ReadOutcome
    ) throws(Fault) -> ReadOutcome {
        var result = Result<ReadOutcome, Fault>.success(.end)
        bytes.withUnsafeMutableBytes { all in
            do throws(Fault) {
                result = .success(try read(UnsafeMutableRawBufferPointer(rebasing: all[start...])))
            } catch {
                result = .failure(error)
            }
        }
        return try result.get()
    }

    /// While within a line that was cut: drops what belongs to it. Returns how many bytes are left of the read.
    private mutating func skipRestOfCutLine(_ bytes: inout [UInt8], from start: Int, count: Int) -> Int {
        guard skipsToLineEnd else { return count }
        guard let newline = bytes[start..<start + count].firstIndex(of: UInt8(ascii: "\n")) else { return 0 }
        skipsToLineEnd = false
        let kept = start + count - (newline + 1)
        bytes.replaceSubrange(start..<start + kept, with: Array(bytes[newline + 1..<start + count]))
        return kept
    }

    private mutating func take(_ bytes: inout [UInt8], count: Int, lineEnd: Int) -> LineChunk? {
        let isWhole = lineEnd > 0
        let end = isAtEnd || !isWhole ? count : lineEnd
        carry.removeAll(keepingCapacity: true)
        carry.append(contentsOf: bytes[end..<count])
        bytes.removeLast(bytes.count - end)
        guard !bytes.isEmpty else { return nil }
        if !isWhole, !isAtEnd { skipsToLineEnd = true }
        var lines = Self.newlines(in: bytes)
        if bytes.last != UInt8(ascii: "\n") {
            lines += 1
            if skipsToLineEnd { bytes.append(UInt8(ascii: "\n")) }
        }
        defer { nextLine += lines }
        return LineChunk(bytes: bytes, firstLine: nextLine, lines: lines, endOffset: offset - carry.count)
    }

    private static func lastNewline(in bytes: [UInt8], from start: Int, to end: Int) -> Int? {
        bytes.withUnsafeBufferPointer { $0[start..<end].lastIndex(of: UInt8(ascii: "\n")) }
    }

    private static func newlines(in bytes: [UInt8]) -> Int {
        bytes.withUnsafeBytes { all in
            var count = 0
            var start = all.baseAddress
            let end = start.map { $0 + all.count }
            while let from = start, let end, let newline = memchr(from, Int32(UInt8(ascii: "\n")), end - from) {
                count += 1
                start = UnsafeRawPointer(newline) + 1
            }
            return count
        }
    }
}
