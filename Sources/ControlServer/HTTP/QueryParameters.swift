import ControlAPI

/// The parameters after the `?` of a request.
///
/// Percent-encoded; a `+` is a plus sign, as in any URI outside HTML forms.
struct QueryParameters {
    private var values: [String: String] = [:]

    /// Refuses parameters that the route does not know, repeated ones and broken encoding.
    init(_ query: String?, allowed: [String]) throws(Problem) {
        guard let query else { return }
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = percentDecoded(parts[0]), let value = percentDecoded(parts.count > 1 ? parts[1] : "")
            else {
                throw Problem.badParameter("The query parameter “\(pair)” is not percent-encoded UTF-8.")
            }
            guard allowed.contains(name) else { throw Problem.unknownParameter(name, allowed: allowed) }
            guard values.updateValue(value, forKey: name) == nil else {
                throw Problem.badParameter("The query parameter \(name) is given twice.")
            }
        }
    }

    func text(_ name: String) -> String? {
        values[name]
    }

    func requiredText(_ name: String) throws(Problem) -> String {
        guard let value = values[name], !value.isEmpty else {
            throw Problem.badParameter("The query parameter \(name) is missing.")
        }
        return value
    }

    func whole(_ name: String, in range: ClosedRange<Int>, default fallback: Int) throws(Problem) -> Int {
        guard let text = values[name] else { return fallback }
        guard let value = wholeNumber(text), range.contains(value) else {
            throw Problem.badParameter(
                "\(name) is “\(text)”; expected a number from \(range.lowerBound) to \(range.upperBound).")
        }
        return value
    }

    /// False where it is not given.
    func flag(_ name: String) throws(Problem) -> Bool {
        switch values[name] {
        case nil, "false": return false
        case "true": return true
        case let text?: throw Problem.badParameter("\(name) is “\(text)”; expected true or false.")
        }
    }

    /// How many elements a list is to have.
    func limit(default fallback: Int = Bounds.pageDefault) throws(Problem) -> Int {
        try whole("limit", in: 1...Bounds.pageMax, default: fallback)
    }
}

extension Problem {
    fileprivate static func unknownParameter(_ name: String, allowed: [String]) -> Problem {
        guard !allowed.isEmpty else {
            return badParameter("There is no query parameter \(name) here; this route takes none.")
        }
        return badParameter(
            "There is no query parameter \(name) here; this route takes \(allowed.joined(separator: ", ")).")
    }
}

/// The number that decimal digits stand for; nil for anything else, a sign in front too.
func wholeNumber(_ text: String) -> Int? {
    text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int(text) : nil
}

/// The text that percent-encoding stands for; nil if an escape is broken or the bytes are not UTF-8.
func percentDecoded(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
        guard byte == UInt8(ascii: "%") else {
            bytes.append(byte)
            continue
        }
        guard let high = rest.popFirst().flatMap(hexDigit), let low = rest.popFirst().flatMap(hexDigit) else {
            return nil
        }
        bytes.append(high << 4 | low)
    }
    return String(validating: bytes, as: UTF8.self)
}

private func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
}
