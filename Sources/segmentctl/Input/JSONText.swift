import ArgumentParser
import ControlAPI

/// A JSON document kept as it was written.
///
/// It goes to the daemon byte for byte, so that the daemon sees repeated keys and the spelling of numbers, and its
/// complaints point into what the user wrote.
struct JSONText: Equatable {
    let bytes: [UInt8]
    private let parts: [JSONScanner.Part]

    /// Checks that the text is one JSON document; `name` is what a complaint calls it.
    init(_ bytes: [UInt8], name: String) throws(Failure) {
        var scanner = JSONScanner(bytes)
        do {
            parts = try scanner.document()
        } catch {
            throw Failure(
                "\(name) is not JSON: \(Self.place(error.offset, in: bytes)), \(error.reason).", exitCode: .refused)
        }
        self.bytes = bytes
    }

    /// The texts of a list's elements; nil if this is no list.
    func elements() throws(Failure) -> [JSONText]? {
        guard isArray else { return nil }
        var elements: [JSONText] = []
        for part in parts { elements.append(try JSONText(Array(bytes[part.value]), name: "an element")) }
        return elements
    }

    /// The text of an object's member; nil if this is no object or has no such key.
    func member(_ key: String) throws(Failure) -> JSONText? {
        guard let part = parts.first(where: { isKey($0.key, key) }) else { return nil }
        return try JSONText(Array(bytes[part.value]), name: key)
    }

    /// Keys spelt with escapes are not recognised: nobody writes `name` so.
    private func isKey(_ range: Range<Int>?, _ key: String) -> Bool {
        guard let range else { return false }
        return bytes[range].dropFirst().dropLast().elementsEqual(key.utf8)
    }

    private var isArray: Bool {
        bytes.first { ![0x20, 0x0A, 0x0D, 0x09].contains($0) } == UInt8(ascii: "[")
    }

    private static func place(_ offset: Int, in bytes: [UInt8]) -> String {
        let before = bytes[..<offset]
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let column = String(decoding: before[start...], as: UTF8.self).count + 1
        return "line \(line), column \(column)"
    }

    /// An object of these members; absent values are left out.
    static func object(_ members: [(key: String, value: JSONText?)]) throws(Failure) -> JSONText {
        let pairs = members.compactMap { member in
            member.value.map { Array("\"\(member.key)\":".utf8) + $0.bytes }
        }
        let text = Array("{".utf8) + pairs.joined(separator: [UInt8(ascii: ",")]) + Array("}".utf8)
        return try JSONText(text, name: "the request")
    }

    /// A string as JSON.
    static func string(_ text: String) throws -> JSONText {
        try JSONText(WireCoding.encode(text), name: "the text")
    }

    /// A truth as JSON.
    static func boolean(_ truth: Bool) throws(Failure) -> JSONText {
        try JSONText(Array("\(truth)".utf8), name: "the truth")
    }

    /// A whole number as JSON.
    static func number(_ number: Int) throws(Failure) -> JSONText {
        try JSONText(Array("\(number)".utf8), name: "the number")
    }
}
