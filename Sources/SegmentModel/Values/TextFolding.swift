@_spi(_Unicode) import Swift

/// The form in which texts are compared without regard to case.
public enum TextFolding {
    /// The text in NFC, with each scalar then replaced by its Unicode lowercase mapping.
    ///
    /// Not normalised again, and mapped without context (a final sigma is an ordinary one), so that the result depends
    /// on the scalars alone. Compare results scalar by scalar, which is by UTF-8 bytes; `==` on strings is not that.
    /// Text in ASCII is folded without look-ups, and returned as it is if it has no capitals.
    public static func folded(_ text: String) -> String {
        var text = text
        let ascii: String?? = text.withUTF8 { bytes in
            guard bytes.allSatisfy({ $0 < 0x80 }) else { return nil }
            return .some(foldedASCII(bytes))
        }
        guard let ascii else { return foldedByScalar(text) }
        return ascii ?? text
    }

    /// The text in lower case, or nil if it is that already.
    private static func foldedASCII(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
        guard bytes.contains(where: isCapital) else { return nil }
        return String(unsafeUninitializedCapacity: bytes.count) { lowercase in
            for (index, byte) in bytes.enumerated() {
                lowercase[index] = isCapital(byte) ? byte | 0x20 : byte
            }
            return bytes.count
        }
    }

    private static func isCapital(_ byte: UInt8) -> Bool {
        byte &- 0x41 < 26
    }

    private static func foldedByScalar(_ text: String) -> String {
        // Combining marks begin at U+0300, and every scalar before them is its own NFC.
        guard text.unicodeScalars.contains(where: { $0.value >= 0x300 }) else {
            return lowercased(text.unicodeScalars)
        }
        return lowercased(text._nfc)
    }

    private static func lowercased(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var lowercase = String.UnicodeScalarView()
        for scalar in scalars {
            if scalar.isASCII {
                let byte = UInt8(truncatingIfNeeded: scalar.value)
                lowercase.append(Unicode.Scalar(isCapital(byte) ? byte | 0x20 : byte))
            } else {
                lowercase.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
            }
        }
        return String(lowercase)
    }
}
