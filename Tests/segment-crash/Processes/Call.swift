import ControlAPI

/// One request of a step.
struct Call {
    var method: String
    var path: String
    var body: String
    var mediaType = "application/json"

    /// What the daemon is asked for a step; nil for one that is none of its calls.
    init?(_ step: Step) {
        let audience = Shop.audience
        switch step {
        case .create:
            self.init(method: "POST", path: Routes.audiences, body: Shop.settings)
        case .events(let lane, let first, let count):
            self.init(
                method: "POST", path: Routes.events(of: audience),
                body: Shop.lines(lane: lane, first: first, count: count), mediaType: "application/x-ndjson")
        case .save(let name, let condition):
            self.init(
                method: "POST", path: Routes.segments(of: audience),
                body: #"{"name":"\#(name)","where":\#(Shop.conditions[condition])}"#)
        case .edit(let name, let condition):
            self.init(
                method: "PATCH", path: Routes.segment(name, of: audience),
                body: #"{"where":\#(Shop.conditions[condition])}"#)
        case .delete(let name):
            self.init(method: "DELETE", path: Routes.segment(name, of: audience), body: "")
        case .send(let segment, let campaign):
            self.init(
                method: "POST", path: Routes.sends(of: segment, in: audience), body: #"{"campaign":"\#(campaign)"}"#)
        case .erase(let contact):
            self.init(
                method: "POST", path: Routes.erasure(of: Shop.erasable(contact), in: audience), body: "")
        case .pass: self.init(method: "POST", path: Routes.erasurePass(of: audience), body: "")
        case .restart: return nil
        }
    }

    init(method: String, path: String, body: String, mediaType: String = "application/json") {
        self.method = method
        self.path = path
        self.body = body
        self.mediaType = mediaType
    }

    static let status = Call(method: "GET", path: Routes.status, body: "")

    /// The request as it goes over the socket.
    var bytes: [UInt8] {
        let head =
            "\(method) \(path) HTTP/1.1\r\nHost: segmentd\r\nConnection: close\r\nContent-Type: \(mediaType)\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\r\n"
        return Array((head + body).utf8)
    }
}

/// What came back.
struct Answer {
    let status: Int
    let body: [UInt8]

    var isSuccess: Bool { (200..<300).contains(status) }

    /// How many erasures a step has worked off, by what it was answered.
    func workedOff(by step: Step) throws -> Int {
        guard step == .pass, isSuccess else { return 0 }
        return try WireCoding.decode(ErasurePassAnswer.self, from: body).erasures
    }

    /// Nil if it is not a whole answer.
    init?(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        let words = text.split(separator: " ", maxSplits: 2)
        guard words.count == 3, let status = Int(words[1]),
            let end = bytes.firstRange(of: Array("\r\n\r\n".utf8))
        else { return nil }
        let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).lowercased()
        let length = head.firstRange(of: "\r\ncontent-length: ").flatMap { range in
            Int(head[range.upperBound...].prefix { $0.isNumber })
        }
        let body = Array(bytes[end.upperBound...])
        guard body.count == length ?? 0 else { return nil }
        self.status = status
        self.body = body
    }
}
