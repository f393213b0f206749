import Glibc
import SegmentModel

/// What is wrong with a value while a line is being read; becomes a `Rejection` when the line is given up.
struct Refusal: Error {
    /// The token at fault: a value, or a key that should not be there.
    let token: Int
    /// The member of the object at `token` that is missing.
    var missing: String?
    let code: RejectionCode
    let message: String

    /// Kept out of line: readers pay for words only when they fail.
    @inline(never)
    init(_ token: Int, _ code: RejectionCode, _ message: String, missing: String? = nil) {
        self.token = token
        self.missing = missing
        self.code = code
        self.message = message
    }
}

/// A text from outside in quotes, cut to a bound, with control characters made visible.
func quoted(_ text: UnsafeBufferPointer<UInt8>) -> String {
    let charactersMax = 40
    var quote = "\""
    // A character has at least one byte, so what is cut off below is never needed.
    let scalars = String(decoding: text.prefix(charactersMax * 4), as: UTF8.self).unicodeScalars
    for scalar in scalars.prefix(charactersMax) {
        let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
        quote.unicodeScalars.append(isControl ? "\u{FFFD}" : scalar)
    }
    return quote + (scalars.count > charactersMax ? "…\"" : "\"")
}

extension JSONTokens {
    /// The value at a token in a few words, for messages.
    func described(_ index: Int) -> String {
        let token = self[index]
        switch token.kind {
        case .object: return "an object"
        case .array: return "an array"
        case .string, .key: return "the text " + quoted(token.text)
        case .number: return "the number " + quoted(token.text).filter { $0 != "\"" }
        case .true: return "true"
        case .false: return "false"
        case .null: return "null"
        }
    }

    func wrongType(_ index: Int, expected: String) -> Refusal {
        Refusal(index, .wrongType, "\(described(index)) where \(expected) is expected.".capitalizedFirst)
    }
}

extension String {
    var capitalizedFirst: String {
        prefix(1).uppercased() + dropFirst()
    }
}

extension UnsafeBufferPointer<UInt8> {
    func equals(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount, let baseAddress else { return false }
        return memcmp(baseAddress, text.utf8Start, count) == 0
    }
}
