import ControlAPI
import NIOCore
import NIOPosix

/// A client that sends bytes as they are, good or bad.
struct Connection {
    typealias Channel = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    /// Connects, lends the connection's two halves, and closes it.
    static func open<Value>(
        _ path: String,
        _ body: (NIOAsyncChannelInboundStream<ByteBuffer>, NIOAsyncChannelOutboundWriter<ByteBuffer>) async throws ->
            Value
    ) async throws -> Value {
        let channel: Channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
            .connect(unixDomainSocketPath: path) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try Channel(
                        wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
                }
            }
        return try await channel.executeThenClose { inbound, outbound in try await body(inbound, outbound) }
    }

    /// Sends the text, reads until the server closes, and takes that for the answer.
    static func exchange(_ text: String, thenClosingOutput isClosing: Bool = false, path: String) async throws -> Answer
    {
        try await open(path) { inbound, outbound in
            // The server may answer and close before it has read everything.
            try? await outbound.write(ByteBuffer(string: text))
            if isClosing { outbound.finish() }
            return try await Answer(inbound)
        }
    }
}

/// The last answer that stands in a server's bytes.
struct Answer {
    let status: Int
    let headers: [String: String]
    let body: [UInt8]

    struct NoAnswer: Error {
        let bytes: Int
    }

    init(_ inbound: NIOAsyncChannelInboundStream<ByteBuffer>) async throws {
        var bytes: [UInt8] = []
        do {
            for try await piece in inbound { bytes += piece.readableBytesView }
        } catch {
            guard !bytes.isEmpty else { throw error }
        }
        try self.init(bytes)
    }

    init(_ bytes: [UInt8]) throws {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { throw NoAnswer(bytes: bytes.count) }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
        let code = lines.first.map { $0.split(separator: " ") }.flatMap { $0.count > 1 ? Int($0[1]) : nil }
        guard let code else { throw NoAnswer(bytes: bytes.count) }
        // An interim answer stands in front of the real one.
        guard code >= 200 else {
            self = try Answer(Array(bytes[end.upperBound...]))
            return
        }
        status = code
        headers = Dictionary(
            lines.dropFirst().compactMap { line in
                let parts = line.split(separator: ":", maxSplits: 1)
                return parts.count == 2 ? (parts[0].lowercased(), String(parts[1].drop { $0 == " " })) : nil
            }, uniquingKeysWith: { $1 })
        let rest = Array(bytes[end.upperBound...])
        body = headers["transfer-encoding"] == "chunked" ? Self.joined(chunks: rest) : rest
    }

    private static func joined(chunks: [UInt8]) -> [UInt8] {
        var joined: [UInt8] = []
        var rest = chunks[...]
        while let end = rest.firstRange(of: Array("\r\n".utf8)),
            let size = Int(String(decoding: rest[..<end.lowerBound], as: UTF8.self), radix: 16), size > 0
        {
            joined += rest[end.upperBound...].prefix(size)
            rest = rest[end.upperBound...].dropFirst(size + 2)
        }
        return joined
    }

    var text: String { String(decoding: body, as: UTF8.self) }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try WireCoding.decode(type, from: body)
    }

    /// The problem, if the answer is one in the right media type whose status agrees with the head's.
    func problem() throws -> Problem {
        let problem = try decode(Problem.self)
        guard headers["content-type"] == MediaType.problem, problem.status == status else {
            throw NoAnswer(bytes: body.count)
        }
        return problem
    }
}
