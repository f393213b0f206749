internal import CPlatform

/// SHA-256 (FIPS 180-4).
enum SHA256 {
    /// The digest of the bytes: 32 bytes.
    static func digest(of message: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { digest, count in
            guard let place = digest.baseAddress else { return }
            message.withUnsafeBytes { platform_sha256($0.baseAddress, $0.count, place) }
            count = 32
        }
    }
}
