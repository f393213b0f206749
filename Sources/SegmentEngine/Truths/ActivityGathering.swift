/// Scratch memory in which one contact's activities are sorted into series.
struct ActivityGathering {
    /// An activity that belongs to a series.
    struct Hit {
        var series: Int
        var time: Int64
        var amount: Int64 = 0
        var quantity: Int128 = 0
        var lineTotal: Int128 = 0
        /// The first of its products among `products`; -1 for none.
        var firstProduct: Int32 = -1
    }

    /// In time order for each series.
    private(set) var hits: [Hit] = []
    /// A product of a hit, and where its next one is; -1 at the end.
    private(set) var products: [(symbol: UInt32, next: Int32)] = []
    /// Series that have hits, and others asked for.
    private(set) var active: [Int] = []
    /// Per series the number of its hits; zero between contacts.
    private(set) var counts: [Int]
    private var lastHits: [Int]
    /// Filters that hold for the activity or line at hand carry its stamp.
    private var marks: [UInt64]
    private var stamp: UInt64 = 0
    /// What holds for a symbol, by dimension.
    var memos: [SymbolMemo]
    /// Filters that hold for the activity or line at hand.
    var holding: [UInt32] = []
    /// Places of activities by time.
    var places: [(time: Int64, index: Int)] = []
    /// Groups of recorded activities by the symbol of their name, and properties by that of theirs: 0 not asked yet,
    /// 1 none, else number plus two.
    var recordedGroups: [UInt32] = []
    var properties: [UInt32] = []

    init(program: SeriesPrograms) {
        counts = Array(repeating: 0, count: program.series.count)
        lastHits = Array(repeating: -1, count: program.series.count)
        marks = Array(repeating: 0, count: program.filters.accesses.count)
        memos = Array(repeating: SymbolMemo(), count: program.filters.dimensions.count)
    }

    /// Forgets the contact.
    mutating func reset() {
        for series in active {
            counts[series] = 0
            lastHits[series] = -1
        }
        active.removeAll(keepingCapacity: true)
        hits.removeAll(keepingCapacity: true)
        products.removeAll(keepingCapacity: true)
    }

    /// Has the series evaluated, with or without hits.
    mutating func activate(_ series: Int) {
        guard lastHits[series] == -1 else { return }
        lastHits[series] = -2
        active.append(series)
    }

    mutating func append(_ hit: Hit) {
        activate(hit.series)
        counts[hit.series] += 1
        lastHits[hit.series] = hits.count
        hits.append(hit)
    }

    /// The hit of a series from the number `first` on, if it has one: that of the order at hand.
    func hit(of series: Int, from first: Int) -> Int? {
        lastHits[series] >= first ? lastHits[series] : nil
    }

    /// Adds a line to a hit.
    mutating func add(_ line: DecodedLine, to hit: Int, _ columns: SeriesPrograms.Columns) {
        if columns.contains(.quantities) { hits[hit].quantity += Int128(line.quantity) }
        if columns.contains(.lineTotals) { hits[hit].lineTotal += Int128(line.quantity) * Int128(line.price) }
        if columns.contains(.products) {
            products.append((line.product.rawValue, hits[hit].firstProduct))
            hits[hit].firstProduct = Int32(products.count - 1)
        }
    }

    /// The products of a hit, in no particular order and with repetitions.
    func products(of hit: Hit) -> some Sequence<UInt32> {
        sequence(first: hit.firstProduct) { [products] in products[Int($0)].next }
            .prefix { $0 >= 0 }
            .map { products[Int($0)].symbol }
    }

    /// Marks the filters in `holding` as true of something new; returns its stamp.
    mutating func markHolding() -> UInt64 {
        stamp += 1
        for filter in holding { marks[Int(filter)] = stamp }
        return stamp
    }

    /// Whether all the filters carry the stamp.
    func areMarked(_ filters: [Int], _ stamp: UInt64) -> Bool {
        for filter in filters where marks[filter] != stamp { return false }
        return true
    }

    /// Puts `places` in order of time. Records mostly come so.
    mutating func sortPlaces() {
        guard places.count <= 32 else {
            places.sort { $0.time < $1.time }
            return
        }
        for index in places.indices.dropFirst() {
            let place = places[index]
            var gap = index
            while gap > 0, places[gap - 1].time > place.time {
                places[gap] = places[gap - 1]
                gap -= 1
            }
            places[gap] = place
        }
    }
}
