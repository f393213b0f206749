internal import CPlatform

/// A key under which identifiers become digests (HMAC-SHA-256, RFC 2104): who has the digests and not the key cannot
/// find out, by trying, which identifiers they are of.
public struct DigestKey: Sendable {
    private let prepared: platform_hmac_key

    /// Bytes of a digest.
    public static let digestSize = 32

    /// A key of any bytes; 32 random ones are good.
    public init(_ bytes: [UInt8]) {
        var prepared = platform_hmac_key()
        bytes.withUnsafeBytes { platform_hmac_prepare(&prepared, $0.baseAddress, $0.count) }
        self.prepared = prepared
    }

    /// The digest of a message. Cost: about a microsecond.
    public func digest(of message: [UInt8]) -> [UInt8] {
        withUnsafePointer(to: prepared) { key in
            message.withUnsafeBytes { message in
                [UInt8](unsafeUninitializedCapacity: Self.digestSize) { buffer, count in
                    guard let code = buffer.baseAddress else { return }
                    platform_hmac(key, message.baseAddress, message.count, code)
                    count = Self.digestSize
                }
            }
        }
    }

    /// A key of its own for one purpose, which says nothing about this one.
    public func derived(for purpose: String) -> DigestKey {
        DigestKey(digest(of: Array(purpose.utf8)))
    }
}

extension [UInt8] {
    /// Two hexadecimal digits for each byte.
    public var hexadecimal: String {
        reduce(into: "") { text, byte in
            text += byte < 16 ? "0" : ""
            text += String(byte, radix: 16)
        }
    }
}
