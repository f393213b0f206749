import ControlAPI
import Testing

/// Hands bad input to a daemon and looks at what comes back.
struct BadInput {
    let corpus: Corpus
    let endpoints: [Endpoint]
    let socket: String

    init(socket: String) throws {
        corpus = try Corpus()
        endpoints = try Endpoint.all()
        self.socket = socket
    }

    /// What an input was answered with.
    struct Reply {
        let status: Int
        let problem: Problem?
        let body: [UInt8]

        /// Status, code and pointer in a line.
        var summary: String { BadInput.summary(["\(status)", problem?.code, problem?.pointer]) }

        /// Whether it is a refusal that says in one word why.
        var isRefusal: Bool {
            (400..<500).contains(status) && problem?.status == status && problem?.code.isEmpty == false
        }
    }

    /// The words in one line of letters; long ones are cut.
    static func summary(_ words: [String?]) -> String {
        words.compactMap { $0.map { String($0.prefix(60)).debugDescription.dropFirst().dropLast() } }
            .joined(separator: " ")
    }

    func ask(_ method: String, _ target: String, body: [UInt8] = [], type: String? = nil) throws -> Reply {
        var head = "\(method) \(target) HTTP/1.1\r\nHost: segmentd\r\nConnection: close\r\n"
        if let type { head += "Content-Type: \(type)\r\nContent-Length: \(body.count)\r\n" }
        let replies = try Self.replies(in: RawConnection.exchange(Array((head + "\r\n").utf8) + body, at: socket))
        return try #require(replies.last, "\(method) \(target.prefix(200)): no answer")
    }

    /// The answers that stand one behind the other in what a connection brought.
    static func replies(in text: String) throws -> [Reply] {
        var replies: [Reply] = []
        var rest = text[...]
        while !rest.isEmpty {
            let answer = try HTTPAnswer(String(rest))
            let head = rest.firstRange(of: "\r\n\r\n").map { rest[..<$0.lowerBound].lowercased() } ?? ""
            let length =
                head.split(separator: "\r\n").compactMap { line in
                    line.hasPrefix("content-length: ") ? Int(line.dropFirst("content-length: ".count)) : nil
                }.first ?? 0
            let body = Array(answer.body.prefix(length))
            let problem =
                head.contains("application/problem+json") ? try WireCoding.decode(Problem.self, from: body) : nil
            if answer.status >= 200 { replies.append(Reply(status: answer.status, problem: problem, body: body)) }
            rest = String(decoding: answer.body.dropFirst(length), as: UTF8.self)[...]
        }
        return replies
    }
}

extension BadInput {
    /// Every content in the body of every route that takes JSON: always refused.
    func bodies() async throws {
        for endpoint in endpoints where endpoint.mediaTypes == ["application/json"] {
            for file in corpus.contents {
                let reply = try ask(
                    endpoint.method, endpoint.target(), body: file.bytes, type: endpoint.mediaTypes[0])
                check(reply, file, endpoint)
                await Task.yield()
            }
        }
    }

    /// Every content as events of every media type: refused, or answered with what is wrong with each; none is taken.
    func events() async throws {
        for endpoint in endpoints {
            for type in endpoint.mediaTypes where type != "application/json" {
                for file in corpus.contents {
                    let isBatch = type.hasSuffix("batch+json")
                    let body = isBatch ? Array("[".utf8) + file.bytes + Array("]".utf8) : file.bytes
                    let reply = try ask(endpoint.method, endpoint.target(), body: body, type: type)
                    guard reply.status == 200 else {
                        check(reply, file, endpoint)
                        continue
                    }
                    let answer = try WireCoding.decode(IngestAnswer.self, from: reply.body)
                    #expect(answer.appended == 0 && answer.duplicates == 0 && answer.conflicts == 0, "\(file.name)")
                    #expect(answer.rejected == answer.problems.count, "\(file.name)")
                    #expect(answer.problems.filter(\.code.isEmpty).isEmpty, "\(file.name)")
                    await Task.yield()
                }
            }
        }
    }

    /// Every definition in every place of one: refused, and the place is named.
    func definitions() async throws {
        for template in ["segments", "segments/{segment}", "segments/{segment}/difference", "review"] {
            let endpoint = try #require(
                endpoints.first { $0.template.hasSuffix("/" + template) && $0.mediaTypes == ["application/json"] })
            for file in corpus.definitions {
                let body = Self.definition(file, isNamed: template == "segments")
                let reply = try ask(endpoint.method, endpoint.target(), body: body, type: "application/json")
                check(reply, file, endpoint)
                #expect(reply.problem?.pointer?.hasPrefix("/where") == true, "\(file.name): \(reply.summary)")
                await Task.yield()
            }
        }
    }

    /// Every target in every place of a path, as every list's length, and as the name of a query parameter.
    func targets() async throws {
        for endpoint in endpoints where endpoint.method == "GET" {
            for file in corpus.targets {
                let text = String(decoding: file.bytes, as: UTF8.self)
                let paths = endpoint.parameters.map { endpoint.target([$0: text]) }
                for target in paths + [endpoint.target() + "?limit=" + text, endpoint.target() + "?\(text)=1"] {
                    check(try ask(endpoint.method, target), file, endpoint)
                }
                await Task.yield()
            }
        }
    }

    /// Every sequence of bytes: answered with refusals only, or not at all where no request came to its end.
    func requests() async throws {
        for file in corpus.requests {
            let replies = try Self.replies(in: RawConnection.exchange(file.bytes, at: socket))
            let served = replies.filter { !$0.isRefusal }.map(\.summary)
            #expect(served.isEmpty, "\(file.name): \(served)")
            await Task.yield()
        }
    }

    static func definition(_ file: CorpusFile, isNamed: Bool) -> [UInt8] {
        Array((isNamed ? #"{"name":"bad","where":"# : #"{"where":"#).utf8) + file.bytes + Array("}".utf8)
    }

    private func check(_ reply: Reply, _ file: CorpusFile, _ endpoint: Endpoint) {
        #expect(reply.isRefusal, "\(file.name) at \(endpoint.method) \(endpoint.template): \(reply.summary)")
    }
}
