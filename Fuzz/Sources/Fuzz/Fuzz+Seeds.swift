import Admission
import Glibc
import SegmentModel

@testable import EventLog

extension Fuzz {
    /// Writes binary seeds made of the lines of NDJSON on standard input: each event, and blocks of all of them.
    static func writeSeeds(to directory: String) {
        let admission = NDJSONAdmission()
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(STDIN_FILENO, &piece, piece.count)
            guard count > 0 else { break }
            admission.feed(Array(piece[..<count]))
        }
        var body: [UInt8] = []
        var tail = LogTail(sequence: 8, recordedAt: Instant(microseconds: 1), visibleAt: Instant(microseconds: 2))
        let start = tail
        for admitted in admission.finish().events {
            guard let bytes = try? admitted.event.encoded else { continue }
            let before = tail
            tail.sequence += 1
            bytes.withUnsafeBytes { BlockBody.append($0, at: tail, after: before, to: &body) }
            save(bytes, to: "\(directory)/event/\(tail.sequence)")
        }
        let count = Int(tail.sequence - start.sequence)
        for (name, compressor) in [("plain", nil), ("frame", BlockCompressor())] {
            let record = body.withUnsafeBytes {
                try? EventBlock.encode($0, compressor, count: count, start: start)
            }
            if let record { save(record, to: "\(directory)/block/\(name)") }
        }
    }

    private static func save(_ bytes: [UInt8], to path: String) {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        guard file >= 0 else { return }
        _ = bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
        close(file)
    }
}
