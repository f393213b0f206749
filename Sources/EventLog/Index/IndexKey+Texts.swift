extension IndexKey {
    /// The source and the id that a key stands for; nil if it is none.
    ///
    /// - Parameter sources: the sources that have numbers, by number.
    static func texts(
        of key: UnsafeRawBufferPointer, _ sources: [UInt64: String]
    ) -> (source: String, id: String)? {
        var offset = 0
        guard let source = source(in: key, at: &offset, sources), let id = id(in: key, at: offset) else { return nil }
        return (source, id)
    }

    private static func source(
        in key: UnsafeRawBufferPointer, at offset: inout Int, _ sources: [UInt64: String]
    ) -> String? {
        guard key.count >= 2 else { return nil }
        if key[0] == 0 {
            offset = 2 + Int(key[1])
            return offset <= key.count ? String(decoding: key[2..<offset], as: UTF8.self) : nil
        }
        offset = key[0] < 0x80 ? 1 : 2
        return sources[key[0] < 0x80 ? UInt64(key[0]) : UInt64(key[0] & 0x7F) | UInt64(key[1]) << 7]
    }

    private static func id(in key: UnsafeRawBufferPointer, at offset: Int) -> String? {
        guard offset < key.count else { return nil }
        let (kind, rest) = (key[offset], key[(offset + 1)...])
        switch kind {
        case ...200: return rest.count == Int(kind) ? String(decoding: rest, as: UTF8.self) : nil
        case 201...208:
            guard rest.count == Int(kind - 200) else { return nil }
            return String(rest.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
        case 216: return rest.count == 16 ? uuidText(rest) : nil
        default: return nil
        }
    }

    private static func uuidText(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
        var text = ""
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { text += "-" }
            text += byte < 16 ? "0" : ""
            text += String(byte, radix: 16)
        }
        return text
    }
}
