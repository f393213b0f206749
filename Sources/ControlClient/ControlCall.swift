import ControlAPI

/// One request of the control API and the type of its answer.
///
/// Every route has one; programs that want the JSON itself ask for `ControlClient.bytes(of:)`.
public struct ControlCall<Answer: Sendable>: Sendable {
    /// The HTTP method.
    public let method: ControlMethod
    /// Path and query.
    public let target: String
    /// What is sent.
    public let body: RequestBody
    /// The media type of the body, if there is one.
    public let contentType: String?
    /// The media type wanted for the answer.
    public let accept: String
    let decode: @Sendable ([UInt8]) throws -> Answer

    /// The answer in the bytes that `ControlClient.bytes(of:)` gave.
    public func answer(from bytes: [UInt8]) throws(ControlClientError) -> Answer {
        do {
            return try decode(bytes)
        } catch {
            throw .notUnderstood("\(method.rawValue) \(target) gave other JSON than expected (\(error)).")
        }
    }
}

extension ControlCall where Answer: Decodable {
    init(
        _ method: ControlMethod, _ target: String, body: RequestBody = .none, contentType: String? = nil
    ) {
        self.method = method
        self.target = target
        self.body = body
        self.contentType = contentType
        self.accept = MediaType.json
        self.decode = { try WireCoding.decode(Answer.self, from: $0) }
    }

    init(_ method: ControlMethod, _ target: String, json: [UInt8]) {
        self.init(method, target, body: .bytes(json), contentType: MediaType.json)
    }

    init(_ method: ControlMethod, _ target: String, json: some Encodable) throws(ControlClientError) {
        do {
            try self.init(method, target, json: WireCoding.encode(json))
        } catch {
            throw .notUnderstood("The request cannot be written as JSON: \(error).")
        }
    }
}

extension ControlCall where Answer == Void {
    init(_ method: ControlMethod, _ target: String) {
        self.method = method
        self.target = target
        self.body = .none
        self.contentType = nil
        self.accept = MediaType.json
        self.decode = { _ in }
    }
}

/// The HTTP methods of the control API.
public enum ControlMethod: String, Sendable {
    case get = "GET"
    case post = "POST"
    case patch = "PATCH"
    case delete = "DELETE"
}
