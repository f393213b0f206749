import ControlAPI
import Hummingbird

extension ControlContext {
    /// A parameter of the path, percent-decoded.
    func pathParameter(_ name: String) throws(Problem) -> String {
        let raw = parameters.get(name) ?? ""
        guard let text = percentDecoded(raw[...]), !text.isEmpty else {
            throw Problem.badParameter("The \(name) in the path, “\(raw)”, is not percent-encoded UTF-8.")
        }
        return text
    }
}

extension QueryParameters {
    /// Those of a request.
    init(_ request: Request, allowed: [String] = []) throws(Problem) {
        try self.init(request.uri.query, allowed: allowed)
    }
}
