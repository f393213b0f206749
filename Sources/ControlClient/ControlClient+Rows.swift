import ControlAPI
import NIOCore
import NIOHTTP1

/// How rows are streamed.
public enum RowFormat: String, CaseIterable, Sendable {
    case csv
    case ndjson

    var mediaType: String {
        switch self {
        case .csv: MediaType.csv
        case .ndjson: MediaType.ndjson
        }
    }
}

/// Members or recipients as they arrive, a line each.
public struct RowStream {
    /// The frontier the rows are of.
    public let frontier: String?
    /// How many rows there are, if the daemon says so.
    public let count: Int?
    let format: RowFormat
    let body: AnswerBody

    /// Hands the text over piece by piece, cut anywhere, with the number of rows that have come; while `take` works, the
    /// daemon waits.
    ///
    /// Throws if the stream ends before the last row.
    public func forEachPiece(_ take: (_ piece: [UInt8], _ rows: Int) throws -> Void) async throws {
        var counter = RowCounter(format: format)
        for try await buffer in body {
            let piece = Array(buffer.readableBytesView)
            counter.count(piece)
            try take(piece, counter.rows)
        }
        if let count, counter.rows != count { throw ControlClientError.incomplete(rows: counter.rows, of: count) }
    }
}

/// Counts rows in text that comes in pieces.
struct RowCounter {
    private let isCSV: Bool
    private var lines: Int
    private var isQuoted = false

    init(format: RowFormat) {
        isCSV = format == .csv
        // The header line is no row.
        lines = isCSV ? -1 : 0
    }

    var rows: Int { max(lines, 0) }

    /// In CSV a line break between quotes ends no row.
    mutating func count(_ piece: [UInt8]) {
        // A quote inside quotes is written twice, and leaves the state as it was.
        for byte in piece {
            if byte == UInt8(ascii: "\""), isCSV { isQuoted.toggle() }
            if byte == UInt8(ascii: "\n"), !isQuoted { lines += 1 }
        }
    }
}

extension ControlClient {
    /// Lends all members of a segment as a stream of text; the connection ends with the closure.
    ///
    /// A list that is cut off throws, so what was read until then must not be taken for the whole.
    ///
    /// - Parameter columns: names of columns; contact and e-mail address if nil.
    public func withMembers<Result: Sendable>(
        of reference: String, in audience: String, columns: [String]? = nil, format: RowFormat,
        _ read: (RowStream) async throws -> Result
    ) async throws -> Result {
        try await withRows(at: Routes.members(of: reference, in: audience, columns: columns), format, read)
    }

    /// Lends all recipients of a list as a stream of text, likewise.
    public func withRecipients<Result: Sendable>(
        of campaign: String, in audience: String, format: RowFormat, _ read: (RowStream) async throws -> Result
    ) async throws -> Result {
        try await withRows(at: Routes.recipients(of: campaign, in: audience), format, read)
    }

    private func withRows<Result: Sendable>(
        at target: String, _ format: RowFormat, _ read: (RowStream) async throws -> Result
    ) async throws -> Result {
        let call = ControlCall<Void>(
            method: .get, target: target, body: .none, contentType: nil, accept: format.mediaType, decode: { _ in })
        return try await withAnswer(to: call) { head, body in
            try await read(
                RowStream(
                    frontier: head.headers[HeaderName.frontier].first,
                    count: head.headers[HeaderName.count].first.flatMap { Int($0) }, format: format, body: body))
        }
    }
}
