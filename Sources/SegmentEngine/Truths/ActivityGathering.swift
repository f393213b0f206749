/// Scratch memory in which one contact's activities are sorted into series.
struct ActivityGathering: BitwiseCopyable {
    /// An activity that belongs to a series.
    struct Hit: BitwiseCopyable {
        let time: Int64
        let amount: Int64
        /// The series' hit before it; -1 for none.
        let previous: Int32
        /// What its lines add up to, in `lines`; -1 for nothing.
        var lines: Int32 = -1
    }

    /// What the lines of a hit add up to.
    struct HitLines: BitwiseCopyable {
        var quantity: Int128 = 0
        var lineTotal: Int128 = 0
        /// The first of its products among `products`; -1 for none.
        var firstProduct: Int32 = -1
    }

    /// A product of a hit, and where its next one is; -1 at the end.
    struct HitProduct: BitwiseCopyable {
        let symbol: UInt32
        let next: Int32
    }

    /// A series as far as it has been gathered.
    struct SeriesState: BitwiseCopyable {
        var hitCount: Int32 = 0
        /// -1: nothing asks for it yet; -2: it is evaluated although it has no hits.
        var lastHit: Int32 = -1
    }

    /// An activity to be gathered.
    struct Place: BitwiseCopyable {
        let time: Int64
        let index: Int32
        let group: Int32
    }

    /// Where hits and what belongs to them lie.
    struct HitTables {
        let hits: UnsafeMutablePointer<Hit>
        let lines: UnsafeMutablePointer<HitLines>
        let products: UnsafeMutablePointer<HitProduct>
    }

    /// In time order for each series.
    private var hits = ScratchTable<Hit>(capacity: 64)
    private(set) var hitCount = 0
    private var lines = ScratchTable<HitLines>(capacity: 16)
    private var lineCount = 0
    private var products = ScratchTable<HitProduct>(capacity: 16)
    private var productCount = 0
    /// Series that have hits, and others asked for, those of each kind side by side.
    private let active: ScratchTable<UInt32>
    private let activeCounts = ScratchTable<Int>(repeating: 0, count: SeriesTraits.kindCount)
    private let traits: PlainTable<SeriesTraits>
    /// The latest of all places.
    private(set) var lastTime = Int64.min
    let states: ScratchTable<SeriesState>

    /// Filters that hold for the activity or line at hand carry its stamp.
    private let marks: ScratchTable<UInt64>
    private(set) var stamp: UInt64 = 0
    /// Filters that hold for a number at hand.
    var holding: NumberSink
    /// Series whose access holds and that ask for other filters besides.
    var conditional: NumberSink
    private(set) var places = ScratchTable<Place>(capacity: 16)
    private(set) var placeCount = 0
    private var arePlacesSorted = true

    init(_ program: SeriesTables) {
        traits = program.traits
        active = ScratchTable(capacity: program.series.count * SeriesTraits.kindCount)
        states = ScratchTable(repeating: SeriesState(), count: program.series.count)
        marks = ScratchTable(repeating: 0, count: program.filters.accesses.count)
        holding = NumberSink(capacity: 16)
        conditional = NumberSink(capacity: 16)
    }

    func deallocate() {
        hits.deallocate()
        lines.deallocate()
        products.deallocate()
        active.deallocate()
        activeCounts.deallocate()
        states.deallocate()
        marks.deallocate()
        holding.deallocate()
        conditional.deallocate()
        places.deallocate()
    }

    /// The hits as they lie now.
    var tables: HitTables { HitTables(hits: hits.start, lines: lines.start, products: products.start) }

    /// Forgets the contact.
    mutating func reset() {
        for kind in 0..<SeriesTraits.kindCount {
            for series in active(kind) { states[Int(series)] = SeriesState() }
            activeCounts[kind] = 0
        }
        hitCount = 0
        lineCount = 0
        productCount = 0
        lastTime = .min
    }

    /// The active series of a kind.
    @inline(__always)
    func active(_ kind: Int) -> UnsafeBufferPointer<UInt32> {
        UnsafeBufferPointer(start: active.start + kind &* traits.count, count: activeCounts.start[kind])
    }

    /// Calls the body with each active series.
    func forEachActive(_ body: (Int) -> Void) {
        for kind in 0..<SeriesTraits.kindCount {
            for series in active(kind) { body(Int(series)) }
        }
    }

    /// Has the series evaluated, with or without hits.
    func activate(_ series: Int) {
        guard states[series].lastHit == -1 else { return }
        states[series].lastHit = -2
        addActive(UInt32(series))
    }

    @inline(__always)
    private func addActive(_ series: UInt32) {
        let kind = Int(traits[Int(series)].kind.rawValue)
        let count = activeCounts.start[kind]
        active[kind &* traits.count &+ count] = series
        activeCounts.start[kind] = count &+ 1
    }

    @inline(__always)
    mutating func append(time: Int64, amount: Int64, to series: UInt32) {
        let state = states.start + Int(series)
        let last = state.pointee.lastHit
        if last == -1 { addActive(series) }
        hits.reserve(hitCount + 1)
        hits[hitCount] = Hit(time: time, amount: amount, previous: max(last, -1))
        state.pointee = SeriesState(hitCount: state.pointee.hitCount &+ 1, lastHit: Int32(truncatingIfNeeded: hitCount))
        hitCount &+= 1
    }

    /// Adds a line to the last hit of a series.
    mutating func add(_ line: UnsafePointer<DecodedLine>, to series: UInt32, _ columns: SeriesColumns) {
        let hit = hits.start + Int(states[Int(series)].lastHit)
        if hit.pointee.lines < 0 {
            lines.reserve(lineCount + 1)
            lines[lineCount] = HitLines()
            hit.pointee.lines = Int32(lineCount)
            lineCount += 1
        }
        let sums = lines.start + Int(hit.pointee.lines)
        sums.pointee.quantity += Int128(line.pointee.quantity)
        if columns.contains(.lineTotals) {
            sums.pointee.lineTotal += Int128(line.pointee.quantity) * Int128(line.pointee.price)
        }
        if columns.contains(.products) {
            products.reserve(productCount + 1)
            products[productCount] = HitProduct(symbol: line.pointee.product.rawValue, next: sums.pointee.firstProduct)
            sums.pointee.firstProduct = Int32(productCount)
            productCount += 1
        }
    }

    // MARK: Filters

    /// Begins with an activity or line of which no filter is known to hold yet.
    mutating func beginMarking() {
        stamp += 1
        conditional.removeAll()
    }

    func mark(_ filter: UInt32) { marks[Int(filter)] = stamp }

    /// Whether all the filters carry the stamp.
    func areMarked(_ filters: TableSlice, in table: PlainTable<UInt32>, _ stamp: UInt64) -> Bool {
        for place in filters.places where marks[Int(table[place])] != stamp { return false }
        return true
    }

    // MARK: The order of time

    mutating func beginPlaces() {
        placeCount = 0
        arePlacesSorted = true
    }

    mutating func addPlace(_ time: Int64, index: Int, group: Int) {
        lastTime = max(lastTime, time)
        places.reserve(placeCount + 1)
        if placeCount > 0, places[placeCount - 1].time > time { arePlacesSorted = false }
        places[placeCount] = Place(time: time, index: Int32(index), group: Int32(group))
        placeCount += 1
    }

    /// Puts the places in order of time. Records mostly come so.
    func sortPlaces() {
        if arePlacesSorted { return }
        guard placeCount <= 32 else {
            var unsorted = UnsafeMutableBufferPointer(start: places.start, count: placeCount)
            unsorted.sort { $0.time < $1.time }
            return
        }
        for index in 1..<placeCount {
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
