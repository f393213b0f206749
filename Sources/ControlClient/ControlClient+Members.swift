import ControlAPI
import NIOCore
import NIOHTTP1

/// How a member list is streamed.
public enum MemberFormat: String, CaseIterable, Sendable {
    case csv
    case ndjson

    var mediaType: String {
        switch self {
        case .csv: MediaType.csv
        case .ndjson: MediaType.ndjson
        }
    }
}

/// All members of a segment as they arrive.
public struct MemberStream {
    /// The frontier the list was computed at.
    public let frontier: String?
    /// How many members it has, if the daemon says so.
    public let count: Int?
    /// Pieces of the text, cut anywhere.
    public let body: AnswerBody

    /// Hands the text over piece by piece; while `take` works, the daemon waits.
    public func forEachPiece(_ take: ([UInt8]) throws -> Void) async throws {
        for try await buffer in body { try take(Array(buffer.readableBytesView)) }
    }
}

extension ControlClient {
    /// Lends all members of a segment as a stream of text; the connection ends with the closure.
    ///
    /// A list that is cut off throws, so what was read until then must not be taken for the whole.
    public func withMembers<Result: Sendable>(
        of reference: String, in audience: String, format: MemberFormat,
        _ read: (MemberStream) async throws -> Result
    ) async throws -> Result {
        let call = ControlCall<Void>(
            method: .get, target: Routes.members(of: reference, in: audience), body: .none, contentType: nil,
            accept: format.mediaType, decode: { _ in })
        return try await withAnswer(to: call) { head, body in
            try await read(
                MemberStream(
                    frontier: head.headers[HeaderName.frontier].first,
                    count: head.headers[HeaderName.count].first.flatMap { Int($0) }, body: body))
        }
    }
}
