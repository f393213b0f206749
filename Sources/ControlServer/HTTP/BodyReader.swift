import ControlAPI
import HTTPTypes
import Hummingbird
import NIOCore

/// Reads a request's body and knows whether it came to its end.
///
/// A body whose connection was lost must not be taken for a shorter one: its last line may be half a line.
struct BodyReader {
    private var iterator: RequestBody.AsyncIterator
    private let announced: Int?
    private var received = 0

    init(_ request: Request) {
        iterator = request.body.makeAsyncIterator()
        announced = request.headers[.contentLength].flatMap { Int($0) }
    }

    /// The next piece; nil at the end.
    mutating func next() async throws(Problem) -> ByteBuffer? {
        let piece: ByteBuffer?
        do {
            piece = try await iterator.next(isolation: #isolation)
        } catch is Silence {
            throw Problem.requestTimeout("After \(received) bytes the body stood still for", Bounds.bodySecondsMax)
        } catch {
            throw cutOff
        }
        guard let piece else {
            // The stream also ends when the task is cancelled.
            guard !Task.isCancelled, received == announced ?? received else { throw cutOff }
            return nil
        }
        received += piece.readableBytes
        return piece
    }

    /// The whole body, at most that many bytes of it.
    ///
    /// - Parameter share: what is counted as held; nil where bodies are small.
    mutating func collect(bytesMax: Int, share: BodyRoom.Share? = nil) async throws(Problem) -> [UInt8] {
        guard announced ?? 0 <= bytesMax else { throw Problem.bodyTooLarge(bytesMax: bytesMax) }
        var bytes: [UInt8] = []
        while let piece = try await next() {
            guard bytes.count + piece.readableBytes <= bytesMax else { throw Problem.bodyTooLarge(bytesMax: bytesMax) }
            guard share?.hold(piece.readableBytes) ?? true else { throw Problem.noRoomForBody }
            bytes.append(contentsOf: piece.readableBytesView)
        }
        return bytes
    }

    private var cutOff: Problem {
        Problem(
            code: .bodyCutOff, status: 400, title: "Body cut off",
            detail: "The connection was lost after \(received) bytes of the body.")
    }
}
