/// The numbers by which the index knows sources: 1, 2, 3 … in the order in which they first came.
struct SourceNumbers {
    /// Further sources get none and are spelled out: numbers stay short, and this table small.
    static let numberMax: UInt16 = 16_383

    private var numbers: [[UInt8]: UInt16] = [:]
    /// The sources asked for last, as few take turns; spares most look-ups the making of a dictionary's key.
    private var recent: [(source: [UInt8], number: UInt16)] = []
    private var oldest = 0
    private static let recentMax = 8

    /// The source's number, nil if it has none.
    mutating func number(of source: UnsafeRawBufferPointer) -> UInt16? {
        for entry in recent where entry.source.elementsEqual(source) { return entry.number }
        let key = [UInt8](source)
        guard let number = numbers[key] else { return nil }
        remember(key, number)
        return number
    }

    /// The number for a source that has none; nil when all are given away.
    func next() -> UInt16? {
        numbers.count < Int(Self.numberMax) ? UInt16(numbers.count + 1) : nil
    }

    mutating func set(_ number: UInt16, for source: [UInt8]) {
        numbers[source] = number
    }

    private mutating func remember(_ source: [UInt8], _ number: UInt16) {
        if recent.count < Self.recentMax {
            recent.append((source, number))
        } else {
            recent[oldest] = (source, number)
            oldest = (oldest + 1) % Self.recentMax
        }
    }
}
