public import NIOCore
import NIOHTTP1

/// The body of an answer, piece by piece, to be read once.
///
/// Not reading makes the daemon wait: no more than a few pieces are held.
public struct AnswerBody: AsyncSequence {
    /// A piece as it came from the connection.
    public typealias Element = ByteBuffer

    private let parts: Parts

    init(_ parts: NIOAsyncChannelInboundStream<HTTPClientResponsePart>.AsyncIterator) {
        self.parts = Parts(parts)
    }

    /// All iterators read from the same connection: what one has taken, no other gets.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(parts: parts)
    }

    /// Reads the body.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let parts: Parts

        /// The next piece, never empty; nil at the end. Throws if the answer is cut off.
        public mutating func next() async throws -> ByteBuffer? {
            while let part = try await parts.next() {
                switch part {
                case .head: continue
                case .body(let buffer): if buffer.readableBytes > 0 { return buffer }
                case .end: return nil
                }
            }
            throw Exchange.CutOff()
        }
    }

    /// The whole body, if it is not longer than that; otherwise it throws.
    func collect(bytesMax: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await buffer in self {
            guard bytes.count + buffer.readableBytes <= bytesMax else {
                throw ControlClientError.notUnderstood("It is longer than \(bytesMax) bytes.")
            }
            bytes.append(contentsOf: buffer.readableBytesView)
        }
        return bytes
    }
}

/// The one iterator that a connection has, shared by whoever reads from it.
private final class Parts {
    private var iterator: NIOAsyncChannelInboundStream<HTTPClientResponsePart>.AsyncIterator

    init(_ iterator: NIOAsyncChannelInboundStream<HTTPClientResponsePart>.AsyncIterator) {
        self.iterator = iterator
    }

    func next() async throws -> HTTPClientResponsePart? {
        try await iterator.next(isolation: #isolation)
    }
}
