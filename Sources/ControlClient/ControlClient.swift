import ControlAPI
import NIOCore
import NIOHTTP1

/// The control API from the other side: calls go in, answers or `ControlClientError`s come out.
///
/// A value to be copied freely; calls may run side by side. Each makes a connection of its own, so there is nothing
/// to close.
public struct ControlClient: Sendable {
    /// The socket that calls go to.
    public let socketPath: String
    /// How long calls wait.
    public let timeouts: ControlTimeouts

    /// The longest answer that is read as a whole; streams have no such bound.
    static let answerBytesMax = 268_435_456

    /// Makes a client; nothing is connected before the first call.
    public init(socketPath: String, timeouts: ControlTimeouts = ControlTimeouts()) {
        self.socketPath = socketPath
        self.timeouts = timeouts
    }

    /// The answer to a call.
    public func answer<Answer>(to call: ControlCall<Answer>) async throws(ControlClientError) -> Answer {
        try call.answer(from: await bytes(of: call))
    }

    /// The answer to a call as the daemon wrote it: JSON, or nothing.
    public func bytes<Answer>(of call: ControlCall<Answer>) async throws(ControlClientError) -> [UInt8] {
        do {
            return try await withAnswer(to: call) { _, body in
                try await body.collect(bytesMax: Self.answerBytesMax)
            }
        } catch let error as ControlClientError {
            throw error
        } catch {
            throw .notUnderstood("\(error).")
        }
    }

    /// Calls, and lends head and body of a good answer; everything else is thrown.
    func withAnswer<Answer, Result: Sendable>(
        to call: ControlCall<Answer>, _ receive: (HTTPResponseHead, AnswerBody) async throws -> Result
    ) async throws -> Result {
        try await Exchange(socketPath: socketPath, timeouts: timeouts)
            .run(head(of: call), body: call.body) { head, body in
                guard (200..<300).contains(head.status.code) else { throw try await Self.refusal(head, body) }
                return try await receive(head, body)
            }
    }

    private func head<Answer>(of call: ControlCall<Answer>) -> HTTPRequestHead {
        var head = HTTPRequestHead(
            version: .http1_1, method: HTTPMethod(rawValue: call.method.rawValue), uri: call.target)
        head.headers.add(name: "host", value: "localhost")
        head.headers.add(name: "connection", value: "close")
        head.headers.add(name: "user-agent", value: "segmentd-client/" + Release.version)
        head.headers.add(name: "accept", value: call.accept + ", " + MediaType.problem)
        if let contentType = call.contentType { head.headers.add(name: "content-type", value: contentType) }
        if let length = call.body.contentLength {
            if call.contentType != nil { head.headers.add(name: "content-length", value: String(length)) }
        } else {
            head.headers.add(name: "transfer-encoding", value: "chunked")
        }
        return head
    }
}

extension ControlClient {
    /// A refusal is read up to that length.
    private static let refusalBytesMax = 8_388_608

    /// What the daemon says instead of an answer.
    private static func refusal(_ head: HTTPResponseHead, _ body: AnswerBody) async throws -> ControlClientError {
        let bytes = try await body.collect(bytesMax: refusalBytesMax)
        let mediaType = head.headers["content-type"].first ?? ""
        if mediaType.hasPrefix(MediaType.problem), let problem = try? WireCoding.decode(Problem.self, from: bytes) {
            return .problem(problem)
        }
        return .problem(unexplained(head.status, text: String(decoding: bytes.prefix(500), as: UTF8.self)))
    }

    /// A problem for a refusal that came without one, from a proxy or another program.
    private static func unexplained(_ status: HTTPResponseStatus, text: String) -> Problem {
        let reason = "\(status.code) \(status.reasonPhrase)"
        return Problem(
            code: ProblemCode(rawValue: "http_\(status.code)"), status: Int(status.code),
            title: status.reasonPhrase, detail: text.isEmpty ? "The answer was \(reason)." : "\(reason): \(text)")
    }
}
