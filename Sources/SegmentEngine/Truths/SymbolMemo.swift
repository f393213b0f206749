/// What holds for each symbol of one dimension, worked out once per symbol. Grows with the vocabulary.
struct SymbolMemo {
    /// Per symbol where its entry begins in `entries`, plus one; 0 as long as nobody asked.
    private var places: [UInt32] = []
    /// Per entry its length and then that many payloads.
    private var entries: [UInt32] = []

    /// Where the symbol's payloads lie; nil if they have not been worked out yet.
    func range(of symbol: Symbol) -> Range<Int>? {
        let index = Int(symbol.rawValue)
        guard index < places.count, places[index] != 0 else { return nil }
        let place = Int(places[index])
        return place..<(place + Int(entries[place - 1]))
    }

    /// A payload in one of the ranges.
    subscript(index: Int) -> UInt32 { entries[index] }

    /// The payloads of one of the ranges.
    subscript(range: Range<Int>) -> ArraySlice<UInt32> { entries[range] }

    /// Keeps what was worked out for a symbol.
    mutating func insert(_ payloads: [UInt32], for symbol: Symbol) -> Range<Int> {
        let index = Int(symbol.rawValue)
        if index >= places.count {
            places.append(contentsOf: repeatElement(0, count: max(index + 1, places.count * 2) - places.count))
        }
        entries.append(UInt32(payloads.count))
        places[index] = UInt32(entries.count)
        entries.append(contentsOf: payloads)
        return Int(places[index])..<entries.count
    }
}
