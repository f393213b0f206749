/// Symbols side by side: the distinct ones, and for each place which of them it is.
///
/// Good as long as the `TableMemory` it was made in.
struct PackedSymbols: BitwiseCopyable, Sendable {
    let distinct: PlainTable<UInt32>
    private let codes: PackedNumbers

    init(_ symbols: [UInt32], _ builder: inout TableBuilder) {
        var numbers = SymbolNumbers()
        codes = PackedNumbers(symbols.map { Int64(numbers.number(of: $0)) }, &builder)
        distinct = builder.table(numbers.distinct)
    }

    var count: Int { codes.count }

    /// Memory it takes, in bytes.
    var byteCount: Int { codes.byteCount + distinct.count * 4 }

    /// The place of a symbol among the distinct ones.
    @inline(__always)
    func code(_ index: Int) -> Int { Int(truncatingIfNeeded: codes[index]) }

    /// Clears the marks of symbols that do not pass the test, which is asked once for each distinct one.
    func keep(in marks: UnsafeMutablePointer<UInt8>, where passes: (Symbol) -> Bool) {
        let truths: [UInt8] = (0..<distinct.count).map { passes(Symbol(rawValue: distinct[$0])) ? 1 : 0 }
        let passingCount = truths.count { $0 != 0 }
        if passingCount == truths.count { return }
        if passingCount == 0 { return marks.update(repeating: 0, count: count) }
        if passingCount == 1, let code = truths.firstIndex(of: 1) {
            return codes.keep(RangeTest(low: Int64(code), high: Int64(code)), in: marks)
        }
        truths.withUnsafeBufferPointer { truths in
            if let truths = truths.baseAddress { codes.keep(truths, in: marks) }
        }
    }
}

/// Numbers symbols in the order in which they come.
struct SymbolNumbers {
    /// The symbols by number.
    private(set) var distinct: [UInt32] = []
    /// Numbers by symbol; -1 for those that have not come.
    private var numbers: [Int32] = []

    /// The number of a symbol, given to it now if it is new.
    mutating func number(of symbol: UInt32) -> Int {
        if symbol < numbers.count, numbers[Int(symbol)] >= 0 { return Int(numbers[Int(symbol)]) }
        if symbol >= numbers.count {
            numbers.append(
                contentsOf: repeatElement(-1, count: max(Int(symbol) + 1, numbers.count * 2) - numbers.count))
        }
        numbers[Int(symbol)] = Int32(distinct.count)
        distinct.append(symbol)
        return distinct.count - 1
    }
}
