/// The hash of short byte strings for `HashIndex`: in the manner of wyhash (Wang Yi), 16 bytes per multiplication.
///
/// Both factors of every multiplication depend on the seed, so whoever does not know the seed cannot make one of them
/// zero and choose strings with equal hashes. Made for tables in memory: it may change from version to version and must
/// not be stored.
enum ByteHash {
    private static let constants: (UInt64, UInt64) = (0xA076_1D64_78BD_642F, 0xE703_7ED1_A0B4_28DB)

    /// 64 well-mixed bits. Choose the seed at random for each process.
    static func hash(_ bytes: UnsafeRawBufferPointer, seed: UInt64) -> UInt64 {
        let key = fold(seed ^ constants.0, constants.1)
        var state = seed ^ constants.1
        var offset = 0
        while bytes.count - offset > 16 {
            state = fold(word(bytes, offset) ^ key, word(bytes, offset + 8) ^ state)
            offset += 16
        }
        let (low, high) = tail(bytes, from: offset)
        state = fold(low ^ key, high ^ state)
        return fold(state ^ constants.0, UInt64(bytes.count) ^ key)
    }

    /// The exclusive or of both halves of the product.
    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }

    private static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    private static func half(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
        UInt64(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
    }

    /// The last 0 to 16 bytes as two words; the reads may overlap, as the length is hashed too.
    private static func tail(_ bytes: UnsafeRawBufferPointer, from offset: Int) -> (UInt64, UInt64) {
        let count = bytes.count - offset
        switch count {
        case 8...: return (word(bytes, offset), word(bytes, bytes.count - 8))
        case 4...: return (half(bytes, offset), half(bytes, bytes.count - 4))
        case 1...:
            let middle = UInt64(bytes[offset + count / 2])
            return (UInt64(bytes[offset]) << 16 | middle << 8 | UInt64(bytes[bytes.count - 1]), 0)
        default: return (0, 0)
        }
    }
}
