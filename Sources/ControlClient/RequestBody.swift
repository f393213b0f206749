public import NIOCore

/// What a request carries.
public enum RequestBody: Sendable {
    case none
    /// Sent with its length.
    case bytes([UInt8])
    /// Sent piece by piece as the daemon takes it, of unknown length: the sequence is asked for a piece when the
    /// one before it is under way. If it throws, the connection is closed and the call fails with `bodyFailed`.
    case stream(any AsyncSequence<ByteBuffer, any Error> & Sendable)

    /// Bytes go out in pieces of that size, so that sending never holds a second copy of the whole.
    static let pieceBytesMax = 262_144

    var contentLength: Int? {
        switch self {
        case .none: 0
        case .bytes(let bytes): bytes.count
        case .stream: nil
        }
    }

    /// Hands the body over in pieces.
    func forEachPiece(_ send: (ByteBuffer) async throws -> Void) async throws {
        switch self {
        case .none: return
        case .bytes(let bytes):
            var start = 0
            while start < bytes.count {
                let end = min(start + Self.pieceBytesMax, bytes.count)
                try await send(ByteBuffer(bytes: bytes[start..<end]))
                start = end
            }
        case .stream(let pieces):
            for try await piece in pieces where piece.readableBytes > 0 { try await send(piece) }
        }
    }
}
