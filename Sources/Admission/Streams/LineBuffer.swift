internal import Glibc

/// The bytes of a stream that were not yet read as lines: at most one chunk and one unfinished line.
struct LineBuffer {
    private var bytes: [UInt8] = []
    /// Everything before it was taken.
    private var start = 0
    /// Between `start` and here there is no line feed.
    private var searched = 0

    /// Bytes not yet taken.
    var count: Int { bytes.count - start }

    mutating func append(_ chunk: UnsafeRawBufferPointer) {
        // What was taken leaves before more comes in, so the buffer grows to the largest need and no further.
        if start > 0 {
            bytes.removeSubrange(..<start)
            searched -= start
            start = 0
        }
        bytes.append(contentsOf: chunk)
    }

    /// Takes the next line that has a line feed, without it; nil when there is none.
    mutating func takeLine() -> Range<Int>? {
        guard let lineFeed = bytes.firstLineFeed(from: searched) else {
            searched = bytes.count
            return nil
        }
        let line = start..<lineFeed
        start = lineFeed + 1
        searched = start
        return line
    }

    /// Takes everything that is left.
    mutating func takeRest() -> Range<Int> {
        let rest = start..<bytes.count
        start = bytes.count
        searched = start
        return rest
    }

    /// Lends bytes that were taken; valid until the next `append`.
    func withBytes<Value>(of range: Range<Int>, _ body: (UnsafeRawBufferPointer) -> Value) -> Value {
        bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[range])) }
    }
}

extension [UInt8] {
    /// Where the first line feed at or after `from` stands.
    fileprivate func firstLineFeed(from: Int) -> Int? {
        withUnsafeBytes { bytes in
            guard from < bytes.count, let start = bytes.baseAddress,
                let found = memchr(start + from, CInt(UInt8(ascii: "\n")), bytes.count - from)
            else { return nil }
            return UnsafeRawPointer(found) - start
        }
    }
}
