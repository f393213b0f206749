/// A fingerprint of content: FNV-1a of 64 bits (draft-eastlake-fnv).
///
/// It tells versions of one row apart within the id of an event. Should two versions ever share one, the log reports a
/// conflict; nothing is lost in silence.
struct Digest: Hashable {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ text: String) {
        for byte in text.utf8 { add(byte) }
        // No text contains this byte, so that none runs over into the next.
        add(0xFF)
    }

    private mutating func add(_ byte: UInt8) {
        value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }

    /// Sixteen hexadecimal digits.
    var text: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

/// Remembers the last keys it was given, as fingerprints, in bounded memory.
struct RecentKeys {
    /// The last so many keys are known for certain; older ones are forgotten in bulk.
    static let rememberedMin = 2_000_000

    private var young: Set<UInt64> = []
    private var old: Set<UInt64> = []

    /// Notes a key. Returns false if it was noted before.
    mutating func insert(_ key: String) -> Bool {
        var digest = Digest()
        digest.add(key)
        if young.contains(digest.value) || old.contains(digest.value) { return false }
        if young.count >= Self.rememberedMin {
            old = young
            young = []
        }
        young.insert(digest.value)
        return true
    }
}
