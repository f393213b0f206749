#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// An opaque name given by a source: of a contact, an order, a product, a campaign, an event.
///
/// Compared and ordered as UTF-8 bytes. Swift's own `==` on strings calls "é" and "e\u{301}" equal,
/// which would make two stored keys one.
public struct Identifier: Hashable, Comparable, Sendable {
    /// The identifier as it was sent.
    public let text: String

    /// Takes the text as it is; bounds are checked at admission.
    public init(_ text: String) {
        self.text = text
    }

    public static func == (left: Identifier, right: Identifier) -> Bool {
        left.text.utf8.count == right.text.utf8.count && left.compare(right) == 0
    }

    public static func < (left: Identifier, right: Identifier) -> Bool {
        let order = left.compare(right)
        return order < 0 || (order == 0 && left.text.utf8.count < right.text.utf8.count)
    }

    public func hash(into hasher: inout Hasher) {
        withBytes { hasher.combine(bytes: $0) }
        // No identifier contains this byte, so that none runs over into the value hashed after it.
        hasher.combine(0xFF as UInt8)
    }

    /// The sign of the first difference over the length of the shorter; 0 if there is none.
    private func compare(_ other: Identifier) -> Int32 {
        withBytes { bytes in
            other.withBytes { otherBytes in
                let count = min(bytes.count, otherBytes.count)
                guard count > 0, let start = bytes.baseAddress, let otherStart = otherBytes.baseAddress else {
                    return 0
                }
                return memcmp(start, otherStart, count)
            }
        }
    }

    /// Lends the UTF-8 bytes; without a copy for every string that was made in Swift.
    private func withBytes<Value>(_ body: (UnsafeRawBufferPointer) -> Value) -> Value {
        if let value = text.utf8.withContiguousStorageIfAvailable({ body(UnsafeRawBufferPointer($0)) }) {
            return value
        }
        var copy = text
        return copy.withUTF8 { body(UnsafeRawBufferPointer($0)) }
    }
}

extension Identifier: ExpressibleByStringLiteral, CustomStringConvertible {
    public init(stringLiteral value: String) {
        self.init(value)
    }

    public var description: String { text }
}
