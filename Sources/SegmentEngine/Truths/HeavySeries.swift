/// The history of one series of a contact with very many activities, kept between events.
struct HeavySeries: SeriesHistory {
    private var times: [Int64] = []
    private var amountSums: [Int128] = [0]
    private var quantitySums: [Int128] = [0]
    private var lineTotalSums: [Int128] = [0]
    private var amounts = RangeMaxima()
    private var negatedAmounts = RangeMaxima()
    private var products = DistinctProducts()
    private let columns: SeriesColumns

    /// What held when it was last evaluated, and from when until when; nothing after something was added.
    var truths: [UInt32] = []
    var validity: Range<Int64> = 0..<0

    init(columns: SeriesColumns) {
        self.columns = columns
    }

    var count: Int { times.count }

    /// Adds occurrences that are not before the last; logarithmic each.
    mutating func append(_ added: LightHistory) {
        if added.count > 0 { validity = 0..<0 }
        for index in 0..<added.count {
            times.append(added.time(index))
            if columns.contains(.amounts) { append(amount: added.amount(index)) }
            if !columns.isDisjoint(with: .lines) { appendLines(of: added, index) }
        }
    }

    private mutating func append(amount: Int64) {
        amountSums.append(amountSums[count - 1] + Int128(amount))
        amounts.append(amount)
        negatedAmounts.append(-amount)
    }

    private mutating func appendLines(of added: LightHistory, _ index: Int) {
        if columns.contains(.quantities) {
            quantitySums.append(quantitySums[count - 1] + added.quantitySum(index + 1) - added.quantitySum(index))
        }
        if columns.contains(.lineTotals) {
            let lineTotal = added.lineTotalSum(index + 1) - added.lineTotalSum(index)
            let (sum, isOverflow) = lineTotalSums[count - 1].addingReportingOverflow(lineTotal)
            lineTotalSums.append(isOverflow ? lineTotalSums[count - 1] : sum)
        }
        if columns.contains(.products) {
            var found: [UInt32] = []
            added.forEachProduct(index) { found.append($0) }
            products.append(found)
        }
    }

    func time(_ index: Int) -> Int64 { times[index] }
    func amountSum(_ count: Int) -> Int128 { amountSums[count] }
    var narrowSums: UnsafePointer<Int64>? { nil }
    func quantitySum(_ count: Int) -> Int128 { quantitySums[count] }
    func lineTotalSum(_ count: Int) -> Int128 { lineTotalSums[count] }

    func largest(_ range: Range<Int>) -> (amount: Int64, index: Int) {
        let (value, index) = amounts.last(in: range)
        return (value, index)
    }

    func smallest(_ range: Range<Int>) -> (amount: Int64, index: Int) {
        let (value, index) = negatedAmounts.last(in: range)
        return (-value, index)
    }

    func productCount(_ range: Range<Int>) -> Int { products.count(in: range) }

    func lastIndex(of range: Range<Int>, withProducts count: Int) -> Int? {
        products.lastIndex(of: range, withProducts: count)
    }
}
