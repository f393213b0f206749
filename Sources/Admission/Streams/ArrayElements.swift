/// Cuts a JSON array into the bytes of its elements, without looking into them.
///
/// So each element is parsed on its own, with the memory of one, and a bad one does not take the others with it. What
/// is checked here: brackets match, strings are closed, elements are separated by commas, nothing follows the array.
struct ArrayElements {
    private let bytes: UnsafeRawBufferPointer
    private var at = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// Where each element is.
    mutating func ranges() throws(JSONDocumentError) -> [Range<Int>] {
        skipSpace()
        guard at < bytes.count, bytes[at] == UInt8(ascii: "[") else { throw failure("an array of events is expected") }
        at += 1
        skipSpace()
        var ranges: [Range<Int>] = []
        if !take("]") {
            repeat {
                guard ranges.count < AdmissionLimits.batchEventsMax else {
                    throw failure("the array has more than \(AdmissionLimits.batchEventsMax) events")
                }
                ranges.append(try element())
            } while take(",")
            guard take("]") else { throw failure("',' or ']' is expected after an event") }
        }
        skipSpace()
        guard at == bytes.count else { throw failure("there is more after the end of the array") }
        return ranges
    }

    /// One element, up to the comma or bracket behind it that is not inside it.
    private mutating func element() throws(JSONDocumentError) -> Range<Int> {
        skipSpace()
        let start = at
        var end = at
        var closing: [UInt8] = []
        while at < bytes.count {
            let byte = bytes[at]
            switch byte {
            case UInt8(ascii: "\""): try skipString()
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                guard closing.count < AdmissionLimits.depthMax + 1 else {
                    throw failure("the JSON is nested too deeply")
                }
                closing.append(byte + 2)
                at += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ","):
                if closing.isEmpty { return try checked(start..<end) }
                if byte != UInt8(ascii: ",") {
                    guard closing.popLast() == byte else { throw failure("a bracket does not match the one it closes") }
                }
                at += 1
            default: at += 1
            }
            if !byte.isJSONSpace { end = at }
        }
        throw failure("the array is not closed")
    }

    private func checked(_ range: Range<Int>) throws(JSONDocumentError) -> Range<Int> {
        guard !range.isEmpty else { throw failure("an event is expected") }
        return range
    }

    private mutating func skipString() throws(JSONDocumentError) {
        at += 1
        while at < bytes.count, bytes[at] != UInt8(ascii: "\"") {
            at += bytes[at] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard at < bytes.count else {
            at = bytes.count
            throw failure("a string is not closed")
        }
        at += 1
    }

    private mutating func skipSpace() {
        while at < bytes.count, bytes[at].isJSONSpace { at += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard at < bytes.count, bytes[at] == UInt8(ascii: character) else { return false }
        at += 1
        return true
    }

    private func failure(_ message: String) -> JSONDocumentError {
        JSONDocumentError(in: bytes, offset: at, message: message)
    }
}
