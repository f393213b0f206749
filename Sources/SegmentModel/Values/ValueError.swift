/// Why a text is no value of the type that was asked for.
public struct ValueError: Error, Equatable, Sendable {
    /// A full sentence: the text, what is wrong with it, and what is expected instead.
    public var message: String

    /// Makes an error from its sentence.
    public init(message: String) {
        self.message = message
    }
}

extension ValueError: CustomStringConvertible {
    public var description: String { message }
}

extension ValueError {
    /// The longest piece of a faulty text that a message repeats.
    static let quotedBytesMax = 64

    /// An error that quotes the text. Kept out of line: parsers pay for words only when they fail.
    @inline(never)
    init(_ text: UnsafeRawBufferPointer, isNot kind: String, because reason: String, expected: String) {
        let quote = ValueError.quoted(text)
        message = "\(quote) is not \(kind): \(reason). Expected \(expected)."
    }

    /// The text in quotes, cut to a bound, with control characters and broken UTF-8 made visible.
    static func quoted(_ text: UnsafeRawBufferPointer) -> String {
        let isCut = text.count > quotedBytesMax
        var quote = "\""
        for scalar in String(decoding: text.prefix(quotedBytesMax), as: UTF8.self).unicodeScalars {
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            quote.unicodeScalars.append(isControl ? "\u{FFFD}" : scalar)
        }
        return quote + (isCut ? "…\"" : "\"")
    }
}

/// Lends the UTF-8 of a string to a parser of bytes.
///
/// `String.withUTF8` forgets the type of what its closure throws; this keeps it.
func withBytes<Value>(
    of text: String, _ body: (UnsafeRawBufferPointer) throws(ValueError) -> Value
) throws(ValueError) -> Value {
    var text = text
    let outcome: Result<Value, ValueError> = text.withUTF8 { bytes in
        do throws(ValueError) {
            return .success(try body(UnsafeRawBufferPointer(bytes)))
        } catch {
            return .failure(error)
        }
    }
    return try outcome.get()
}
