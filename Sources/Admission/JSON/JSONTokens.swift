import CSimdJSON

/// One token of a document; what CSimdJSON wrote, in words of this module.
struct JSONToken {
    fileprivate let token: csj_token

    /// What a token is.
    enum Kind {
        case object, array, key, string, number, `true`, `false`, null
    }

    @inline(__always) var kind: Kind {
        switch token.kind {
        case .object: .object
        case .array: .array
        case .key: .key
        case .string: .string
        case .number: .number
        case .true: .true
        case .false: .false
        case .null: .null
        }
    }

    /// Where the token begins in the document, in bytes.
    var offset: Int { Int(token.offset) }

    /// The text of a key, string, number or literal.
    var text: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: token.bytes, count: Int(token.length))
    }

    /// The text as parsers of values take it.
    var raw: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(text)
    }

    /// The text as a stored value.
    var string: String {
        String(decoding: text, as: UTF8.self)
    }
}

/// The tokens of one parsed document. Valid until the parser's next document, and no longer than the document's bytes.
struct JSONTokens {
    private let tokens: UnsafeBufferPointer<csj_token>

    fileprivate init(_ outcome: csj_outcome) {
        tokens = UnsafeBufferPointer(start: outcome.tokens, count: Int(outcome.token_count))
    }

    /// Index of the document's value; no member or element has it.
    static let root = 0

    subscript(index: Int) -> JSONToken {
        JSONToken(token: tokens[index])
    }

    /// Index behind the token at `index` and everything in it.
    func next(after index: Int) -> Int {
        Int(tokens[index].next)
    }

    /// Number of elements of the array at `index`.
    func elementCount(of index: Int) -> Int {
        var count = 0
        var element = index + 1
        let end = next(after: index)
        while element < end {
            count += 1
            element = next(after: element)
        }
        return count
    }

    /// Number of members of the value at `index`, none if it is no object.
    func memberCount(of index: Int) -> Int {
        guard self[index].kind == .object else { return 0 }
        var count = 0
        var key = index + 1
        let end = next(after: index)
        while key < end {
            count += 1
            key = next(after: key + 1)
        }
        return count
    }
}

/// Why a document is not JSON.
struct JSONSyntaxError: Error {
    let kind: Kind
    /// Bytes from the start of the document.
    let offset: Int
    /// The document ended where more was needed.
    let isAtEnd: Bool
    let message: String

    /// What it falls short of.
    enum Kind {
        case grammar, encoding, depth, memory
    }
}

/// Parses one document after the other with the same memory.
final class JSONParser {
    private let handle: OpaquePointer?

    init() {
        handle = csj_parser_create()
    }

    deinit {
        if let handle { csj_parser_destroy(handle) }
    }

    /// Parses a document completely. Cost: one pass over the bytes; no allocation once a larger document was seen.
    func parse(_ bytes: UnsafeRawBufferPointer) throws(JSONSyntaxError) -> JSONTokens {
        guard let handle else {
            throw JSONSyntaxError(kind: .memory, offset: 0, isAtEnd: false, message: "there is no memory for a parser")
        }
        guard let start = bytes.assumingMemoryBound(to: UInt8.self).baseAddress else {
            throw JSONSyntaxError(kind: .grammar, offset: 0, isAtEnd: true, message: "there is no JSON value")
        }
        let outcome = csj_parse(handle, start, bytes.count, UInt32(AdmissionLimits.depthMax))
        let kind: JSONSyntaxError.Kind
        switch outcome.status {
        case .success: return JSONTokens(outcome)
        case .syntax: kind = .grammar
        case .encoding: kind = .encoding
        case .depth: kind = .depth
        case .capacity: kind = .memory
        }
        throw JSONSyntaxError(
            kind: kind, offset: Int(outcome.offset), isAtEnd: outcome.at_end, message: String(cString: outcome.message))
    }
}
