internal import CPlatform

/// CRC-32C (Castagnoli), as in RFC 3720: finds every error burst of up to 32 bits.
package enum CRC32C {
    /// The checksum of the bytes, or of what came before followed by the bytes.
    package static func checksum(_ bytes: UnsafeRawBufferPointer, continuing before: UInt32 = 0) -> UInt32 {
        platform_crc32c(before, bytes.baseAddress, bytes.count)
    }
}
