import ControlAPI
import HTTPTypes
import Hummingbird

extension Request {
    /// The media type of the body, in lower case and without parameters; nil if the request names none.
    var contentMediaType: String? {
        headers[.contentType].map { bareMediaType($0[...]) }
    }

    /// Refuses a body in a content coding or in a charset other than UTF-8: bodies are read as they come.
    func requirePlainBody() throws(Problem) {
        let coding = headers[.contentEncoding]?.lowercased() ?? "identity"
        let charset = headers[.contentType].flatMap { type in
            type.split(separator: ";").dropFirst().map { $0.filter { $0 != " " && $0 != "\"" }.lowercased() }
                .first { $0.hasPrefix("charset=") }
        }
        guard coding == "identity", ["charset=utf-8", "charset=us-ascii"].contains(charset ?? "charset=utf-8") else {
            throw Problem(
                code: .unsupportedMediaType, status: 415, title: "Unsupported media type",
                detail: "Bodies are taken in UTF-8 and without a content coding; send this one so.")
        }
    }

    /// The first of the offered media types that the client takes most gladly (RFC 9110, 12.5.1).
    func accepted(of offered: [String]) throws(Problem) -> String {
        guard let accept = headers[.accept], let first = offered.first else { return offered.first ?? MediaType.json }
        let ranges = accept.split(separator: ",").map(MediaRange.init)
        let weighed = offered.map { type in (type, weight: ranges.weight(of: type)) }
        let best = weighed.reduce((first, weight: 0)) { $1.weight > $0.weight ? $1 : $0 }
        guard best.weight > 0 else {
            throw Problem(
                code: .notAcceptable, status: 406, title: "Not acceptable",
                detail: "This is available as \(offered.joined(separator: ", ")); the request accepts \(accept).")
        }
        return best.0
    }

    /// Checks that the client takes JSON.
    func requireJSONAccepted() throws(Problem) {
        _ = try accepted(of: [MediaType.json])
    }
}

/// One element of an `Accept` field.
private struct MediaRange {
    let name: String
    /// In thousandths.
    let weight: Int

    init(_ element: Substring) {
        name = bareMediaType(element)
        let parameters = element.split(separator: ";").dropFirst().map { $0.filter { $0 != " " } }
        let quality = parameters.first { $0.lowercased().hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) }
        weight = Int((min(max(quality ?? 1, 0), 1)) * 1_000)
    }

    /// How exactly the range names the type: 3 itself, 2 `text/*`, 1 `*/*`, 0 not at all.
    func precision(for type: String) -> Int {
        if name == type { return 3 }
        if name == "*/*" { return 1 }
        return name.hasSuffix("/*") && type.hasPrefix(name.dropLast()) ? 2 : 0
    }
}

extension [MediaRange] {
    /// The weight of the range that names the type most exactly.
    fileprivate func weight(of type: String) -> Int {
        let fitting = filter { $0.precision(for: type) > 0 }
        return fitting.max { $0.precision(for: type) < $1.precision(for: type) }?.weight ?? 0
    }
}

private func bareMediaType(_ value: Substring) -> String {
    let bare = value.split(separator: ";", omittingEmptySubsequences: false).first ?? ""
    return bare.filter { $0 != " " && $0 != "\t" }.lowercased()
}
