/// The history of one series of a contact with very many activities, kept between events.
struct HeavySeries: SeriesHistory {
    private var times: [Int64] = []
    private var amountSums: [Int128] = [0]
    private var quantitySums: [Int128] = [0]
    private var lineTotalSums: [Int128] = [0]
    private var amounts = RangeMaxima()
    private var negatedAmounts = RangeMaxima()
    private var products = DistinctProducts()
    private let columns: SeriesPrograms.Columns

    /// What held when it was last evaluated, and from when until when; nothing after something was added.
    var truths: [UInt32] = []
    var validity: Range<Int64> = 0..<0

    init(columns: SeriesPrograms.Columns) {
        self.columns = columns
    }

    var count: Int { times.count }

    /// The last occurrence's time; nil without any.
    var lastTime: Int64? { times.last }

    /// Adds an occurrence that is not before the last; logarithmic.
    mutating func append(_ hit: ActivityGathering.Hit, products added: some Sequence<UInt32>) {
        validity = 0..<0
        times.append(hit.time)
        if columns.contains(.amounts) {
            amountSums.append(amountSums[count - 1] + Int128(hit.amount))
            amounts.append(hit.amount)
            negatedAmounts.append(-hit.amount)
        }
        if columns.contains(.quantities) { quantitySums.append(quantitySums[count - 1] + hit.quantity) }
        if columns.contains(.lineTotals) {
            let (sum, isOverflow) = lineTotalSums[count - 1].addingReportingOverflow(hit.lineTotal)
            lineTotalSums.append(isOverflow ? lineTotalSums[count - 1] : sum)
        }
        if columns.contains(.products) { products.append(added) }
    }

    func time(_ index: Int) -> Int64 { times[index] }
    func amountSum(_ count: Int) -> Int128 { amountSums[count] }
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
