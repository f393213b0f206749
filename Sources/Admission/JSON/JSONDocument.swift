public import SegmentModel

/// Why bytes are not a JSON document.
public struct JSONDocumentError: Error, Equatable, Sendable {
    /// Bytes from the start of the document.
    public var offset: Int
    /// Line of the document, from 1.
    public var line: Int
    /// Character of the line, from 1.
    public var column: Int
    /// What is wrong there; no sentence end, no place.
    public var message: String

    init(in bytes: UnsafeRawBufferPointer, offset: Int, message: String) {
        let before = bytes.prefix(offset)
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        self.offset = offset
        self.message = message
        line = 1 + before.count { $0 == UInt8(ascii: "\n") }
        // Characters are counted by the bytes that begin one.
        column = 1 + before[lineStart...].count { $0 & 0xC0 != 0x80 }
    }
}

extension JSONDocumentError: CustomStringConvertible {
    public var description: String { "line \(line), column \(column): \(message)" }
}

/// JSON of the control plane: definitions, settings, request bodies.
public enum JSONDocument {
    /// Parses a document of at most 4 GiB, nested at most `AdmissionLimits.depthMax` deep.
    ///
    /// Numbers stay as they are written. A key twice in one object is an error: readers differ in which one they
    /// believe. The caller bounds the bytes; the value takes some 20 times as many.
    public static func parse(_ bytes: UnsafeRawBufferPointer) throws(JSONDocumentError) -> JSONValue {
        let parser = JSONParser()
        defer { withExtendedLifetime(parser) {} }
        let tokens: JSONTokens
        do throws(JSONSyntaxError) { tokens = try parser.parse(bytes) } catch {
            throw JSONDocumentError(in: bytes, offset: error.offset, message: error.message)
        }
        do throws(RepeatedKey) { return try tokens.value(at: JSONTokens.root) } catch {
            let key = tokens[error.token]
            throw JSONDocumentError(
                in: bytes, offset: key.offset, message: "the key \(quoted(key.text)) stands twice in one object")
        }
    }

    /// Parses a document.
    public static func parse(_ bytes: [UInt8]) throws(JSONDocumentError) -> JSONValue {
        try bytes.withUnsafeBufferPointer { (buffer) throws(JSONDocumentError) in
            try parse(UnsafeRawBufferPointer(buffer))
        }
    }

    /// Parses a document.
    public static func parse(_ text: String) throws(JSONDocumentError) -> JSONValue {
        try parse(Array(text.utf8))
    }
}
