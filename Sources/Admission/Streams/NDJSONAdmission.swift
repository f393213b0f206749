/// Turns a stream of NDJSON into events and rejections, line by line.
///
/// In: chunks of any size, cut anywhere. Out: batches of lines, in order. How the stream is cut into chunks changes
/// nothing in what comes out. Memory: one chunk and one line, if `next` is called until it is nil after each chunk.
///
/// A line ends with LF or CRLF; the last one may lack it. Blank lines are counted and skipped. A byte order mark at the
/// start is skipped. A line beyond `AdmissionLimits.lineBytesMax` is rejected and skipped to its end, unbuffered.
public final class NDJSONAdmission {
    private let decoder = EventDecoder()
    private var buffer = LineBuffer()
    /// Number of the next line.
    private var line: Int
    private var isAtStart = true
    /// Inside a line that is too long: everything up to its end is dropped.
    private var isSkipping = false

    /// - Parameter firstLine: the number of the stream's first line, when it continues another.
    public init(firstLine: Int = 1) {
        line = firstLine
    }

    /// Takes the next bytes of the stream.
    public func feed(_ chunk: UnsafeRawBufferPointer) {
        guard isSkipping else { return buffer.append(chunk) }
        guard let lineFeed = chunk.firstIndex(of: UInt8(ascii: "\n")) else { return }
        isSkipping = false
        buffer.append(UnsafeRawBufferPointer(rebasing: chunk[(lineFeed + 1)...]))
    }

    /// Takes the next bytes of the stream.
    public func feed(_ chunk: [UInt8]) {
        chunk.withUnsafeBytes { feed($0) }
    }

    /// The next complete lines, until they make `maxEvents` events and rejections; nil when no line is complete.
    public func next(maxEvents: Int) -> AdmittedBatch? {
        var batch = AdmittedBatch()
        while batch.events.count + batch.rejections.count < maxEvents {
            if let range = buffer.takeLine() {
                admit(range, isUnterminated: false, into: &batch)
            } else if isLineTooLong {
                skipLine(into: &batch)
            } else {
                break
            }
        }
        return batch.lineCount == 0 ? nil : batch
    }

    /// All that is left, with a last line that has no line end. The stream is over.
    public func finish() -> AdmittedBatch {
        var batch = next(maxEvents: Int.max) ?? AdmittedBatch()
        if buffer.count > 0 { admit(buffer.takeRest(), isUnterminated: true, into: &batch) }
        return batch
    }

    /// Whether the line in the buffer is too long whatever follows; a CR and a byte order mark do not count.
    private var isLineTooLong: Bool {
        buffer.count > AdmissionLimits.lineBytesMax + 1 + (isAtStart ? NDJSONAdmission.byteOrderMark.count : 0)
    }

    private func skipLine(into batch: inout AdmittedBatch) {
        _ = buffer.takeRest()
        isSkipping = true
        isAtStart = false
        batch.rejections.append(EventDecoder.tooLong(line: line))
        batch.lineCount += 1
        line += 1
    }

    private func admit(_ range: Range<Int>, isUnterminated: Bool, into batch: inout AdmittedBatch) {
        let rejection = buffer.withBytes(of: range) { bytes -> Rejection? in
            let content = content(of: bytes)
            // Beyond the bound even white space is too long, or the size of the chunks would show in the answer.
            let isBlank = content.count <= AdmissionLimits.lineBytesMax && content.allSatisfy(\.isJSONSpace)
            if isBlank { return nil }
            return decoder.read(content, line: line, isUnterminated: isUnterminated, into: &batch.events)
        }
        if let rejection { batch.rejections.append(rejection) }
        batch.lineCount += 1
        line += 1
        isAtStart = false
    }

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// The line without a CR at its end, and without a byte order mark at the start of the stream.
    private func content(of line: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        var content = line[...]
        if content.last == UInt8(ascii: "\r") { content = content.dropLast() }
        if isAtStart, content.starts(with: NDJSONAdmission.byteOrderMark) {
            content = content.dropFirst(NDJSONAdmission.byteOrderMark.count)
        }
        return UnsafeRawBufferPointer(rebasing: content)
    }
}

extension UInt8 {
    /// White space between the tokens of JSON.
    var isJSONSpace: Bool { self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0D }
}
