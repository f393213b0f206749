/// The columns of all series of one contact, in memory that is used again for contact after contact.
///
/// Plain memory instead of arrays, since every window of every series reads it: no reference counts, no checks of
/// exclusive access. Whatever is handed out is good until the next `lay`.
final class HistoryColumns {
    /// One column each; sums take one place more than there are hits.
    fileprivate struct Memory {
        let times: UnsafeMutablePointer<Int64>
        let amounts: UnsafeMutablePointer<Int64>
        let amountSums: UnsafeMutablePointer<Int128>
        let quantitySums: UnsafeMutablePointer<Int128>
        let lineTotalSums: UnsafeMutablePointer<Int128>
        let firstProducts: UnsafeMutablePointer<Int32>

        init(capacity: Int) {
            times = .allocate(capacity: capacity)
            amounts = .allocate(capacity: capacity)
            amountSums = .allocate(capacity: capacity)
            quantitySums = .allocate(capacity: capacity)
            lineTotalSums = .allocate(capacity: capacity)
            firstProducts = .allocate(capacity: capacity)
        }

        func deallocate() {
            times.deallocate()
            amounts.deallocate()
            amountSums.deallocate()
            quantitySums.deallocate()
            lineTotalSums.deallocate()
            firstProducts.deallocate()
        }
    }

    fileprivate private(set) var memory = Memory(capacity: 64)
    private var capacity = 64
    private var products: [(symbol: UInt32, next: Int32)] = []
    /// Per series where its columns begin, and how many hits have been laid there.
    private let starts: UnsafeMutablePointer<Int>
    private let lengths: UnsafeMutablePointer<Int>
    /// Product symbols seen in the range at hand carry its generation.
    private var generations: [UInt64] = []
    private var generation: UInt64 = 0

    init(seriesCount: Int) {
        starts = .allocate(capacity: seriesCount)
        lengths = .allocate(capacity: seriesCount)
    }

    deinit {
        memory.deallocate()
        starts.deallocate()
        lengths.deallocate()
    }

    /// Lays out the hits of the active series, each series side by side.
    func lay(_ gathering: borrowing ActivityGathering) {
        reserve(gathering.hits.count + gathering.active.count)
        let memory = memory
        var end = 0
        for index in gathering.active.indices {
            let series = gathering.active[index]
            starts[series] = end
            lengths[series] = 0
            memory.amountSums[end] = 0
            memory.quantitySums[end] = 0
            memory.lineTotalSums[end] = 0
            end += gathering.counts[series] + 1
        }
        for index in gathering.hits.indices { put(gathering.hits[index], memory) }
        products.removeAll(keepingCapacity: true)
        if !gathering.products.isEmpty { products.append(contentsOf: gathering.products) }
    }

    private func put(_ hit: ActivityGathering.Hit, _ memory: Memory) {
        let place = starts[hit.series] + lengths[hit.series]
        lengths[hit.series] += 1
        memory.times[place] = hit.time
        memory.amounts[place] = hit.amount
        memory.firstProducts[place] = hit.firstProduct
        memory.amountSums[place + 1] = memory.amountSums[place] + Int128(hit.amount)
        memory.quantitySums[place + 1] = memory.quantitySums[place] + hit.quantity
        // Past what any operand reaches, sums stand still instead of overflowing.
        let (sum, isOverflow) = memory.lineTotalSums[place].addingReportingOverflow(hit.lineTotal)
        memory.lineTotalSums[place + 1] = isOverflow ? memory.lineTotalSums[place] : sum
    }

    /// The columns of one series.
    func history(of series: Int) -> LightHistory {
        LightHistory(columns: self, start: starts[series], count: lengths[series])
    }

    private func reserve(_ count: Int) {
        guard count > capacity else { return }
        capacity = max(count, capacity * 2)
        memory.deallocate()
        memory = Memory(capacity: capacity)
    }

    /// Begins to count distinct products.
    fileprivate func resetProducts() { generation += 1 }

    /// How many products of a hit have not been counted since the last reset.
    fileprivate func countProducts(_ first: Int32) -> Int {
        var count = 0
        var next = first
        while next >= 0 {
            let (symbol, following) = products[Int(next)]
            if Int(symbol) >= generations.count {
                let missing = max(Int(symbol) + 1, generations.count * 2) - generations.count
                generations.append(contentsOf: repeatElement(0, count: missing))
            }
            if generations[Int(symbol)] != generation {
                generations[Int(symbol)] = generation
                count += 1
            }
            next = following
        }
        return count
    }
}

/// The history of one series of a contact with few activities: measures walk over it.
struct LightHistory: SeriesHistory {
    private let columns: HistoryColumns
    private let times: UnsafeMutablePointer<Int64>
    private let amounts: UnsafeMutablePointer<Int64>
    private let amountSums: UnsafeMutablePointer<Int128>
    private let quantitySums: UnsafeMutablePointer<Int128>
    private let lineTotalSums: UnsafeMutablePointer<Int128>
    private let firstProducts: UnsafeMutablePointer<Int32>
    let count: Int

    fileprivate init(columns: HistoryColumns, start: Int, count: Int) {
        self.columns = columns
        self.count = count
        let memory = columns.memory
        times = memory.times + start
        amounts = memory.amounts + start
        amountSums = memory.amountSums + start
        quantitySums = memory.quantitySums + start
        lineTotalSums = memory.lineTotalSums + start
        firstProducts = memory.firstProducts + start
    }

    func time(_ index: Int) -> Int64 { times[index] }
    func amountSum(_ count: Int) -> Int128 { amountSums[count] }
    func quantitySum(_ count: Int) -> Int128 { quantitySums[count] }
    func lineTotalSum(_ count: Int) -> Int128 { lineTotalSums[count] }

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

    func productCount(_ range: Range<Int>) -> Int {
        columns.resetProducts()
        return range.reduce(0) { $0 + columns.countProducts(firstProducts[$1]) }
    }

    func lastIndex(of range: Range<Int>, withProducts count: Int) -> Int? {
        columns.resetProducts()
        var found = 0
        for index in range.reversed() {
            found += columns.countProducts(firstProducts[index])
            if found >= count { return index }
        }
        return nil
    }
}
