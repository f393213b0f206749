/// Numbers for distinct texts, dense, in order of insertion: a table while it is being made.
struct TextTable: Sendable {
    private var numbers: [[UInt8]: Int] = [:]
    private var texts: [[UInt8]] = []

    /// Texts in the table.
    var count: Int { texts.count }

    /// The text's number, given to it now if it is new. Compared byte by byte.
    mutating func insert(_ text: String) -> Int {
        let bytes = Array(text.utf8)
        if let known = numbers[bytes] { return known }
        numbers[bytes] = texts.count
        texts.append(bytes)
        return texts.count - 1
    }

    /// The numbers of the texts, to be looked up in the hot path.
    func index(_ builder: inout TextCompiler) -> TextIndex {
        guard !texts.isEmpty else { return TextIndex() }
        var size = 8
        while size < texts.count * 2 { size *= 2 }
        var places = [UInt32](repeating: 0, count: size)
        for (number, text) in texts.enumerated() {
            var place = Int(truncatingIfNeeded: text.withUnsafeBytes { TextIndex.hash($0) }) & (size - 1)
            while places[place] != 0 { place = (place + 1) & (size - 1) }
            places[place] = UInt32(number + 1)
        }
        let start = UInt32(builder.texts.count)
        for text in texts { builder.texts.append(TableSlice(text, in: &builder.bytes)) }
        return TextIndex(places: TableSlice(places, in: &builder.places), texts: start)
    }
}

/// The texts of a program while it is being made.
struct TextCompiler {
    /// All texts, one after the other.
    var bytes: [UInt8] = []
    /// Where each lies.
    var texts: [TableSlice] = []
    /// Per place of a hash table: the number of the text that lies there plus one, 0 if none does.
    var places: [UInt32] = []

    func tables(_ builder: inout TableBuilder) -> TextTables {
        TextTables(bytes: builder.table(bytes), texts: builder.table(texts), places: builder.table(places))
    }
}

/// Where the hash table of a `TextTable` lies.
struct TextIndex: BitwiseCopyable, Sendable {
    /// A power of two, at most half full.
    fileprivate var places = TableSlice()
    fileprivate var texts: UInt32 = 0

    fileprivate init() {}

    fileprivate init(places: TableSlice, texts: UInt32) {
        (self.places, self.texts) = (places, texts)
    }

    /// FNV-1a over the bytes, with its upper half mixed into the lower that chooses the place.
    fileprivate static func hash(_ text: UnsafeRawBufferPointer) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return hash ^ (hash >> 32)
    }
}

/// The texts of a program.
struct TextTables: BitwiseCopyable, Sendable {
    let bytes: PlainTable<UInt8>
    fileprivate let texts: PlainTable<TableSlice>
    fileprivate let places: PlainTable<UInt32>

    /// The text's number; nil if it is not in the table.
    func number(of text: UnsafeRawBufferPointer, in index: TextIndex) -> Int? {
        guard !index.places.isEmpty else { return nil }
        let places = places.pointer(index.places.start)
        let mask = Int(index.places.count) - 1
        var place = Int(truncatingIfNeeded: TextIndex.hash(text)) & mask
        while places[place] != 0 {
            let number = Int(places[place]) - 1
            if isText(texts[Int(index.texts) + number], text) { return number }
            place = (place + 1) & mask
        }
        return nil
    }

    /// Whether a text of the table has exactly these bytes.
    func isText(_ slice: TableSlice, _ text: UnsafeRawBufferPointer) -> Bool {
        slice.count == text.count && isPart(slice, of: text, at: 0)
    }

    /// Whether a text of the table stands in another at an offset.
    func isPart(_ slice: TableSlice, of text: UnsafeRawBufferPointer, at offset: Int) -> Bool {
        let count = Int(slice.count)
        guard offset >= 0, offset + count <= text.count else { return false }
        let part = bytes.pointer(slice.start)
        for index in 0..<count where part[index] != text[offset + index] { return false }
        return true
    }
}
