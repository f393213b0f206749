/// The products of a growing list of occurrences, so arranged that the distinct ones of its end, or of its beginning,
/// are counted in logarithmic time.
struct DistinctProducts: Sendable {
    /// All products, occurrence by occurrence; those of number n end at `ends[n + 1]`.
    private var products: [UInt32] = []
    private var ends: [Int] = [0]
    /// Distinct products of the first so many occurrences.
    private var distinct: [Int] = [0]
    /// Where each product stands last.
    private var lastPlaces: [UInt32: Int] = [:]
    /// Which places are the last of their product, as a tree of sums (Fenwick 1994). Place n is node n + 1.
    private var tree: [Int] = [0]

    private var count: Int { ends.count - 1 }

    /// Adds an occurrence with its products.
    mutating func append(_ added: some Sequence<UInt32>) {
        var distinct = self.distinct[count]
        for product in added {
            appendNode()
            if let last = lastPlaces.updateValue(products.count, forKey: product) {
                add(-1, at: last)
            } else {
                distinct += 1
            }
            products.append(product)
        }
        ends.append(products.count)
        self.distinct.append(distinct)
    }

    /// Distinct products in a range of occurrences. Linear only if the range lies in the middle.
    func count(in range: Range<Int>) -> Int {
        if range.isEmpty { return 0 }
        if range.lowerBound == 0 { return distinct[range.upperBound] }
        if range.upperBound == count { return lastPlaces.count - sum(before: ends[range.lowerBound]) }
        return Set(products[ends[range.lowerBound]..<ends[range.upperBound]]).count
    }

    /// The last occurrence from which the rest of the range still has so many distinct products.
    func lastIndex(of range: Range<Int>, withProducts needed: Int) -> Int? {
        guard range.upperBound == count else { return lastIndexInside(range, needed) }
        let before = lastPlaces.count - needed
        guard needed >= 1, before >= 0 else { return nil }
        let place = place(withLastsBefore: before)
        // The occurrence that the place belongs to.
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if ends[middle + 1] <= place { low = middle + 1 } else { high = middle }
        }
        return low >= range.lowerBound ? low : nil
    }

    private func lastIndexInside(_ range: Range<Int>, _ needed: Int) -> Int? {
        var seen: Set<UInt32> = []
        for index in range.reversed() {
            seen.formUnion(products[ends[index]..<ends[index + 1]])
            if seen.count >= needed { return index }
        }
        return nil
    }
}

// The tree.
extension DistinctProducts {
    /// Adds a place that is the last of its product.
    private mutating func appendNode() {
        let node = tree.count
        var sum = 1
        var child = node - 1
        let first = node - (node & -node)
        while child > first {
            sum += tree[child]
            child -= child & -child
        }
        tree.append(sum)
    }

    private mutating func add(_ value: Int, at place: Int) {
        var node = place + 1
        while node < tree.count {
            tree[node] += value
            node += node & -node
        }
    }

    /// Last places before a place.
    private func sum(before place: Int) -> Int {
        var node = place
        var sum = 0
        while node > 0 {
            sum += tree[node]
            node -= node & -node
        }
        return sum
    }

    /// The last place that has so many last places before it and is one itself.
    private func place(withLastsBefore count: Int) -> Int {
        var node = 0
        var rest = count
        var step = 1
        while step * 2 < tree.count { step *= 2 }
        while step > 0 {
            if node + step < tree.count, tree[node + step] <= rest {
                node += step
                rest -= tree[node]
            }
            step /= 2
        }
        return node
    }
}
