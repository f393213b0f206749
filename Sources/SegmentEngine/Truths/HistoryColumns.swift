/// The columns of one series of one contact, in memory that is used again for series after series.
///
/// Whatever is handed out is good until the next `lay`.
struct HistoryColumns: BitwiseCopyable {
    fileprivate var times = ScratchTable<Int64>(capacity: 16)
    fileprivate var amounts = ScratchTable<Int64>(capacity: 16)
    /// Sums take one place more than there are hits; the first is always zero.
    fileprivate var amountSums = ScratchTable<Int128>(repeating: 0, count: 17)
    fileprivate var narrowSums = ScratchTable<Int64>(repeating: 0, count: 17)
    fileprivate var quantitySums = ScratchTable<Int128>(repeating: 0, count: 17)
    fileprivate var lineTotalSums = ScratchTable<Int128>(repeating: 0, count: 17)
    fileprivate var firstProducts = ScratchTable<Int32>(capacity: 16)
    private let seen = ScratchTable<SeenProducts>(repeating: SeenProducts(), count: 1)

    func deallocate() {
        times.deallocate()
        amounts.deallocate()
        amountSums.deallocate()
        narrowSums.deallocate()
        quantitySums.deallocate()
        lineTotalSums.deallocate()
        firstProducts.deallocate()
        seen[0].deallocate()
        seen.deallocate()
    }

    /// Lays out the hits of a series.
    @inline(__always)
    mutating func lay(
        _ state: ActivityGathering.SeriesState, _ columns: SeriesColumns,
        _ tables: ActivityGathering.HitTables
    ) -> LightHistory {
        let count = Int(state.hitCount)
        times.reserve(count)
        var place = count
        var next = state.lastHit
        while place > 0 {
            place &-= 1
            times[place] = tables.hits[Int(next)].time
            next = tables.hits[Int(next)].previous
        }
        let isNarrow = columns.contains(.amounts) && layAmounts(state, tables.hits)
        if !columns.isDisjoint(with: .lines) { layLines(state, tables) }
        return LightHistory(
            times: times.start, amounts: amounts.start, amountSums: amountSums.start,
            narrowSums: isNarrow ? narrowSums.start : nil, quantitySums: quantitySums.start,
            lineTotalSums: lineTotalSums.start, firstProducts: firstProducts.start,
            products: tables.products, seen: seen.start, count: count)
    }

    /// Lays out the amounts; returns whether an `Int64` holds all their sums.
    private mutating func layAmounts(
        _ state: ActivityGathering.SeriesState, _ hits: UnsafeMutablePointer<ActivityGathering.Hit>
    ) -> Bool {
        let count = Int(state.hitCount)
        amounts.reserve(count)
        amountSums.reserve(count + 1)
        var next = state.lastHit
        for place in stride(from: count - 1, through: 0, by: -1) {
            amounts[place] = hits[Int(next)].amount
            next = hits[Int(next)].previous
        }
        narrowSums.reserve(count + 1)
        var isNarrow = count <= WindowTest.countMax
        for place in 0..<count {
            amountSums[place + 1] = amountSums[place] &+ Int128(amounts[place])
            let (sum, isOverflow) = narrowSums[place].addingReportingOverflow(amounts[place])
            narrowSums[place + 1] = sum
            if isOverflow { isNarrow = false }
        }
        return isNarrow
    }

    private mutating func layLines(
        _ state: ActivityGathering.SeriesState, _ tables: ActivityGathering.HitTables
    ) {
        let count = Int(state.hitCount)
        quantitySums.reserve(count + 1)
        lineTotalSums.reserve(count + 1)
        firstProducts.reserve(count)
        var next = state.lastHit
        for place in stride(from: count - 1, through: 0, by: -1) {
            let lines = Int(tables.hits[Int(next)].lines)
            let sums = lines < 0 ? ActivityGathering.HitLines() : tables.lines[lines]
            quantitySums[place + 1] = sums.quantity
            lineTotalSums[place + 1] = sums.lineTotal
            firstProducts[place] = sums.firstProduct
            next = tables.hits[Int(next)].previous
        }
        for place in 0..<count {
            quantitySums[place + 1] += quantitySums[place]
            // Past what any operand reaches, sums stand still instead of overflowing.
            let (sum, isOverflow) = lineTotalSums[place].addingReportingOverflow(lineTotalSums[place + 1])
            lineTotalSums[place + 1] = isOverflow ? lineTotalSums[place] : sum
        }
    }
}

/// Which products have been counted.
fileprivate struct SeenProducts: BitwiseCopyable {
    /// By symbol: the number of the count that saw it.
    private var generations = ScratchTable<UInt64>(repeating: 0, count: 64)
    private var generation: UInt64 = 0

    func deallocate() { generations.deallocate() }

    mutating func reset() { generation += 1 }

    /// Whether the product was not seen since the reset.
    mutating func insert(_ symbol: UInt32) -> Bool {
        generations.reserve(Int(symbol) + 1, filling: 0)
        if generations[Int(symbol)] == generation { return false }
        generations[Int(symbol)] = generation
        return true
    }
}

/// The history of one series of a contact with few activities: measures walk over it.
struct LightHistory: SeriesHistory {
    private let times: UnsafeMutablePointer<Int64>
    private let amounts: UnsafeMutablePointer<Int64>
    private let amountSums: UnsafeMutablePointer<Int128>
    private let narrowAmountSums: UnsafeMutablePointer<Int64>?
    private let quantitySums: UnsafeMutablePointer<Int128>
    private let lineTotalSums: UnsafeMutablePointer<Int128>
    private let firstProducts: UnsafeMutablePointer<Int32>
    private let products: UnsafeMutablePointer<ActivityGathering.HitProduct>
    private let seen: UnsafeMutablePointer<SeenProducts>
    let count: Int

    fileprivate init(
        times: UnsafeMutablePointer<Int64>, amounts: UnsafeMutablePointer<Int64>,
        amountSums: UnsafeMutablePointer<Int128>, narrowSums: UnsafeMutablePointer<Int64>?,
        quantitySums: UnsafeMutablePointer<Int128>,
        lineTotalSums: UnsafeMutablePointer<Int128>, firstProducts: UnsafeMutablePointer<Int32>,
        products: UnsafeMutablePointer<ActivityGathering.HitProduct>, seen: UnsafeMutablePointer<SeenProducts>,
        count: Int
    ) {
        (self.times, self.amounts, self.amountSums) = (times, amounts, amountSums)
        narrowAmountSums = narrowSums
        (self.quantitySums, self.lineTotalSums) = (quantitySums, lineTotalSums)
        (self.firstProducts, self.products, self.seen) = (firstProducts, products, seen)
        self.count = count
    }

    func time(_ index: Int) -> Int64 { times[index] }
    func amountSum(_ count: Int) -> Int128 { amountSums[count] }
    func quantitySum(_ count: Int) -> Int128 { quantitySums[count] }
    func lineTotalSum(_ count: Int) -> Int128 { lineTotalSums[count] }
    func amount(_ index: Int) -> Int64 { amounts[index] }
    var narrowSums: UnsafePointer<Int64>? { narrowAmountSums.map { UnsafePointer($0) } }

    func largest(_ range: Range<Int>) -> (amount: Int64, index: Int) {
        var best = range.lowerBound
        for index in range where amounts[index] >= amounts[best] { best = index }
        return (amounts[best], best)
    }

    func smallest(_ range: Range<Int>) -> (amount: Int64, index: Int) {
        var best = range.lowerBound
        for index in range where amounts[index] <= amounts[best] { best = index }
        return (amounts[best], best)
    }

    /// The products of an occurrence, with repetitions.
    func forEachProduct(_ index: Int, _ body: (UInt32) -> Void) {
        var next = firstProducts[index]
        while next >= 0 {
            body(products[Int(next)].symbol)
            next = products[Int(next)].next
        }
    }

    private func countNewProducts(_ index: Int) -> Int {
        var count = 0
        forEachProduct(index) { if seen.pointee.insert($0) { count += 1 } }
        return count
    }

    func productCount(_ range: Range<Int>) -> Int {
        seen.pointee.reset()
        var count = 0
        for index in range { count += countNewProducts(index) }
        return count
    }

    func lastIndex(of range: Range<Int>, withProducts count: Int) -> Int? {
        seen.pointee.reset()
        var found = 0
        for index in range.reversed() {
            found += countNewProducts(index)
            if found >= count { return index }
        }
        return nil
    }
}
