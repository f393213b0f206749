/// Goes over every page that the trees of a data file lead to, without LMDB, which believes what pages say of themselves:
/// a garbage page would make it read beyond the map, give rows that never were, or end the process.
///
/// Invariants that it checks: every page is of the kind and number its parent says and belongs to one tree only, free
/// pages to none; nodes lie inside their page; keys rise, and stay within what branches say of them; the numbers of
/// pages and rows are those that were counted when they were written. It does not see whether a value is what was
/// written: that is for the record's own checksum.
struct FileWalk {
    /// What is told of a row; `bytes` is nil where the value lies in pages of its own and is not read.
    typealias RowVisit = (_ table: String, _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer?) throws ->
        Void

    let file: DataFile
    let head: FileHead
    /// Whether values outside of their leaf are read, and their pages' own heads compared.
    let readsValues: Bool
    let visit: RowVisit
    /// Told of damage; who throws ends the walk, else it goes on without what lies behind the damage.
    let report: (FileDamage) throws -> Void
    private(set) var summary = FileSummary()
    /// A bit for each page that was reached, or is free.
    private(set) var seen: PageSet
    private var counted = TreeHead()
    private var lastRuns: [Run] = []

    /// A tree deeper than that is none: LMDB's own bound.
    private static let depthMax = 32
    private static let mainName = "(tables)"
    private static let freeName = "(free pages)"

    init(
        file: DataFile, head: FileHead, readsValues: Bool, visit: @escaping RowVisit,
        report: @escaping (FileDamage) throws -> Void
    ) {
        self.file = file
        self.head = head
        self.readsValues = readsValues
        self.visit = visit
        self.report = report
        seen = PageSet(count: Int(min(file.pageCount, UInt64(Int32.max))))
        summary.pageCount = Int(file.pageCount)
    }

    /// Walks over all tables, then over the free pages.
    mutating func run() throws {
        var tables: [(name: String, tree: TreeHead)] = []
        try walk(Self.mainName, head.main) { nodes, row, _ in
            guard row.isTable, let place = row.inline, place.count == TreeHead.byteCount else { return false }
            tables.append(
                (String(decoding: nodes.bytes[row.key], as: UTF8.self), TreeHead(nodes.bytes, at: place.lowerBound)))
            return true
        }
        let (readsValues, visit) = (readsValues, visit)
        for (name, tree) in tables {
            summary.tables[name] = Int(clamping: tree.entries)
            try walk(name, tree) { nodes, row, overflow in
                guard !row.isTable else { return false }
                try nodes.bytes.withUnsafeBytes { page in
                    let key = UnsafeRawBufferPointer(rebasing: page[row.key])
                    if let place = row.inline {
                        try visit(name, key, UnsafeRawBufferPointer(rebasing: page[place]))
                    } else if readsValues, let overflow {
                        let start = PageNodes.headerSize
                        try overflow.withUnsafeBytes {
                            try visit(name, key, UnsafeRawBufferPointer(rebasing: $0[start..<start + row.byteCount]))
                        }
                    } else {
                        try visit(name, key, nil)
                    }
                }
                return true
            }
        }
        summary.usedPageCount = seen.memberCount + 2
        try checkEnd(freeBeyond: try freePages())
    }

    // MARK: Trees

    /// Calls the body for each row of a tree; false from it: the row is not one of such a table.
    private mutating func walk(
        _ name: String, _ tree: TreeHead, _ body: (PageNodes, PageNodes.Row, [UInt8]?) throws -> Bool
    ) throws {
        let isFree = name == Self.freeName
        guard tree.flags == (isFree ? TreeHead.numericKeys : 0) else {
            return try report(file.damage(nil, "has a table of another kind", table: name))
        }
        guard tree.root != TreeHead.noRoot else {
            if tree.entries != 0 || tree.depth != 0 {
                try report(file.damage(nil, "counts rows in a table that has none", table: name))
            }
            return
        }
        guard (1...Self.depthMax).contains(Int(tree.depth)) else {
            return try report(file.damage(nil, "has a table of depth \(tree.depth)", table: name))
        }
        counted = TreeHead()
        var place = Place(table: name, isNumeric: isFree, levelsBelow: Int(tree.depth) - 1)
        try follow(tree.root, &place, body)
        try checkLastRuns()
        var expected = tree
        if !readsValues, counted.overflowPages < expected.overflowPages {
            // Runs that are longer than their values are not looked at then.
            expected.overflowPages = counted.overflowPages
        }
        (expected.flags, expected.depth, expected.root) = (0, 0, TreeHead.noRoot)
        if counted != expected {
            try report(
                file.damage(
                    nil, "counts \(tree.entries) rows and has \(counted.entries), or other pages than it counts",
                    table: name))
        }
    }

    /// Where in a tree the walk is.
    private struct Place {
        let table: String
        let isNumeric: Bool
        var levelsBelow: Int
        var lower: [UInt8]?
        var upper: [UInt8]?
    }

    private mutating func follow(
        _ number: UInt64, _ place: inout Place, _ body: (PageNodes, PageNodes.Row, [UInt8]?) throws -> Bool
    ) throws {
        let nodes: PageNodes
        do throws(FileDamage) {
            nodes = try read(number, place)
        } catch {
            return try report(error)
        }
        if nodes.isLeaf {
            counted.leafPages += 1
            try visitRows(of: nodes, number, place, body)
        } else {
            counted.branchPages += 1
            let saved = place
            for index in 0..<nodes.count {
                place.levelsBelow = saved.levelsBelow - 1
                place.lower = index == 0 ? saved.lower : Array(nodes.bytes[nodes.key(index)])
                place.upper = index + 1 < nodes.count ? Array(nodes.bytes[nodes.key(index + 1)]) : saved.upper
                try follow(nodes.child(index), &place, body)
            }
            place = saved
        }
    }

    /// The nodes of a page, after all checks that need no other page.
    private mutating func read(_ number: UInt64, _ place: Place) throws(FileDamage) -> PageNodes {
        func damage(_ reason: String) -> FileDamage {
            file.damage(number, reason, table: place.table, from: place.lower, to: place.upper)
        }
        try claim(number, place)
        guard let bytes = file.pages(number) else { throw damage("lies beyond the file's end or cannot be read") }
        let nodes: PageNodes
        do throws(PageNodes.Refusal) {
            nodes = try PageNodes(bytes, page: number)
        } catch {
            throw damage(error.reason)
        }
        guard nodes.isLeaf == (place.levelsBelow == 0) else { throw damage("is of another kind than its depth says") }
        // What the first key of a branch is does not matter.
        let first = nodes.isLeaf ? 0 : 1
        for index in first..<nodes.count {
            let key = nodes.key(index)
            guard !key.isEmpty, index == first || nodes.precedes(nodes.key(index - 1), key, numeric: place.isNumeric)
            else { throw damage("has keys out of order") }
        }
        let (low, high) = (nodes.bytes[nodes.key(first)], nodes.bytes[nodes.key(nodes.count - 1)])
        if let lower = place.lower, PageNodes.precedes(low, lower[...], numeric: place.isNumeric) {
            throw damage("has keys that belong before it")
        }
        if let upper = place.upper, !PageNodes.precedes(high, upper[...], numeric: place.isNumeric) {
            throw damage("has keys that belong behind it")
        }
        return nodes
    }

    private mutating func claim(_ number: UInt64, count: UInt64 = 1, _ place: Place) throws(FileDamage) {
        func damage(_ reason: String) -> FileDamage {
            file.damage(number, reason, table: place.table, from: place.lower, to: place.upper)
        }
        guard number >= 2, number <= head.lastPage, count <= head.lastPage - number + 1, number < file.pageCount,
            count <= file.pageCount - number
        else { throw damage("lies beyond the file's end") }
        for page in number..<number + count {
            guard seen.insert(Int(page)) else { throw damage("belongs to two places") }
        }
    }

    // MARK: Rows

    private mutating func visitRows(
        of nodes: PageNodes, _ number: UInt64, _ place: Place,
        _ body: (PageNodes, PageNodes.Row, [UInt8]?) throws -> Bool
    ) throws {
        for index in 0..<nodes.count {
            let row = nodes.row(index)
            counted.entries += 1
            var own = place
            own.lower = Array(nodes.bytes[row.key])
            own.upper = index + 1 < nodes.count ? Array(nodes.bytes[nodes.key(index + 1)]) : place.upper
            do {
                let overflow = try overflow(of: row, own)
                guard nodes.hasKnownFlags(index), try body(nodes, row, overflow) else {
                    throw file.damage(
                        number, "has a row of another kind", table: place.table, from: own.lower, to: own.upper)
                }
            } catch let damage as FileDamage {
                try report(damage)
            }
        }
    }

    /// The pages that hold a row's value, if it lies outside of the leaf; nil also if values are not read.
    private mutating func overflow(of row: PageNodes.Row, _ place: Place) throws(FileDamage) -> [UInt8]? {
        guard let first = row.overflowPage else { return nil }
        let needed = UInt64((PageNodes.headerSize - 1 + row.byteCount) / file.pageSize + 1)
        guard readsValues || place.isNumeric else {
            try claim(first, count: needed, place)
            counted.overflowPages += needed
            if lastRuns.count == Self.lastRunsMax { lastRuns.removeFirst() }
            lastRuns.append(Run(first: first, needed: needed, place: place))
            return nil
        }
        let count = try checkedCount(of: Run(first: first, needed: needed, place: place))
        try claim(first, count: count, place)
        counted.overflowPages += count
        guard let bytes = file.pages(first, count: needed) else {
            throw file.damage(first, "cannot be read", table: place.table, from: place.lower, to: place.upper)
        }
        return bytes
    }

    /// Pages one after the other that hold one value.
    private struct Run {
        let first: UInt64
        let needed: UInt64
        let place: Place
    }

    /// How many pages a run has by its own head: as many as its value needs, or more where it took the place of a longer
    /// one.
    private func checkedCount(of run: Run) throws(FileDamage) -> UInt64 {
        guard let head = file.pages(run.first), head.word(at: 0, UInt64.self) == run.first,
            head.word(at: 10, UInt16.self) == PageKind.overflow, head.word(at: 12, UInt32.self) >= run.needed
        else {
            throw file.damage(
                run.first, "is not the value it should be", table: run.place.table, from: run.place.lower,
                to: run.place.upper)
        }
        return UInt64(head.word(at: 12, UInt32.self))
    }

    /// Rows at the end of a table may be deleted, and LMDB frees as many pages as the head of a value says: the heads of
    /// the last ones are looked at even where values are not read.
    private static let lastRunsMax = 64

    private mutating func checkLastRuns() throws {
        for run in lastRuns {
            do {
                _ = try checkedCount(of: run)
            } catch {
                try report(error)
            }
        }
        lastRuns = []
    }

    // MARK: Free pages

    /// Takes note of the free pages: LMDB writes to them next, so none of them may be in use.
    ///
    /// - Returns: those beyond the end of the file.
    private mutating func freePages() throws -> Set<UInt64> {
        var numbers: [UInt64] = []
        try walk(Self.freeName, head.free) { nodes, row, overflow in
            let list: [UInt8]
            if let place = row.inline {
                list = Array(nodes.bytes[place])
            } else {
                list = Array(overflow?[PageNodes.headerSize..<PageNodes.headerSize + row.byteCount] ?? [])
            }
            guard list.count >= 8, list.count % 8 == 0, row.key.count == 8 else { return false }
            let count = list.word(at: 0, UInt64.self)
            guard count < UInt64(list.count / 8) else { return false }
            for index in 0..<Int(count) { numbers.append(list.word(at: 8 + index * 8, UInt64.self)) }
            return true
        }
        var beyond: Set<UInt64> = []
        for number in numbers {
            let isInFile = number < file.pageCount
            guard number >= 2, number <= head.lastPage,
                isInFile ? seen.insert(Int(number)) : beyond.insert(number).inserted
            else {
                try report(file.damage(number, "is free and in use", table: Self.freeName))
                continue
            }
        }
        return beyond
    }

    /// A sound file may lack its last pages, if a transaction took and freed them before they were written.
    private func checkEnd(freeBeyond free: Set<UInt64>) throws {
        guard head.lastPage >= file.pageCount, head.lastPage - file.pageCount >= UInt64(free.count) else { return }
        try report(
            file.damage(nil, "is shorter than it says: it has \(file.pageCount) pages and uses page \(head.lastPage)"))
    }
}

/// A set of page numbers below a bound.
struct PageSet {
    private var words: [UInt64]
    let count: Int
    private(set) var memberCount = 0

    init(count: Int) {
        self.count = count
        words = Array(repeating: 0, count: (count + 63) / 64)
    }

    func contains(_ page: Int) -> Bool {
        page >= 0 && page < count && words[page / 64] & 1 << UInt64(page % 64) != 0
    }

    /// Adds a page; false if it is there already, or beyond the bound.
    mutating func insert(_ page: Int) -> Bool {
        guard page >= 0, page < count, !contains(page) else { return false }
        words[page / 64] |= 1 << UInt64(page % 64)
        memberCount += 1
        return true
    }
}
