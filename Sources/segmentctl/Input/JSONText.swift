import ArgumentParser
import ControlAPI
import FoundationEssentials

/// A JSON document kept as it was written.
///
/// It goes to the daemon byte for byte, so that the daemon sees repeated keys and the spelling of numbers, and its
/// complaints point into what the user wrote.
struct JSONText: Equatable {
    let bytes: [UInt8]

    /// Checks that the text is one JSON document; `name` is what a complaint calls it.
    init(_ bytes: [UInt8], name: String) throws(Failure) {
        do {
            _ = try WireCoding.decode(JSONTree.self, from: bytes)
        } catch {
            throw Failure("\(name) is not JSON\(Self.reason(error)).", exitCode: .refused)
        }
        self.bytes = bytes
    }

    private init(checked bytes: ArraySlice<UInt8>) {
        self.bytes = Array(bytes)
    }

    private static func reason(_ error: any Error) -> String {
        guard case DecodingError.dataCorrupted(let context)? = error as? DecodingError else { return "" }
        // The context itself only says that the JSON is not valid; where and why is in the error below it.
        guard let below = context.underlyingError else { return ": " + trimmed(context.debugDescription) }
        if let cocoa = below as? CocoaError, let text = cocoa.userInfo["NSDebugDescription"] as? String {
            return ": " + trimmed(text)
        }
        return ": " + trimmed("\(below)")
    }

    private static func trimmed(_ sentence: String) -> String {
        sentence.last == "." ? String(sentence.dropLast()) : sentence
    }

    /// The texts of a list's elements; nil if this is no list.
    var elements: [JSONText]? {
        guard bytes.first(where: { !Self.isBlank($0) }) == UInt8(ascii: "[") else { return nil }
        var elements: [JSONText] = []
        var start: Int?
        var depth = 0
        var isInString = false
        var isEscaped = false
        for (index, byte) in bytes.enumerated() {
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                continue
            }
            let endsElement = depth == 1 && (byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]"))
            if endsElement, let from = start {
                elements.append(JSONText(checked: bytes[from..<index]))
                start = nil
            }
            switch byte {
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            case UInt8(ascii: "\""): isInString = true
            default: break
            }
            let beginsElement = depth > 1 || (depth == 1 && !endsElement && byte != UInt8(ascii: "["))
            if start == nil, beginsElement, !Self.isBlank(byte) { start = index }
        }
        return elements
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
            || byte == UInt8(ascii: "\t")
    }

    /// An object of these members; absent values are left out.
    static func object(_ members: [(key: String, value: JSONText?)]) -> JSONText {
        let pairs = members.compactMap { member in
            member.value.map { Array("\"\(member.key)\":".utf8) + $0.bytes }
        }
        return JSONText(checked: (Array("{".utf8) + pairs.joined(separator: [UInt8(ascii: ",")]) + Array("}".utf8))[...])
    }

    /// A string as JSON.
    static func string(_ text: String) throws -> JSONText {
        JSONText(checked: try WireCoding.encode(text)[...])
    }
}
