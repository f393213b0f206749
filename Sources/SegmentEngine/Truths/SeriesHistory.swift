/// The occurrences of one series in a contact, earliest first, with what measures ask of them.
///
/// Sums are over the first so many occurrences, so that a window costs two of them.
protocol SeriesHistory {
    var count: Int { get }
    /// Microseconds since 1970.
    func time(_ index: Int) -> Int64
    /// In ten-thousandths.
    func amountSum(_ count: Int) -> Int128
    /// The same for all counts, if an `Int64` holds them and there are not more than `WindowTest.countMax`.
    var narrowSums: UnsafePointer<Int64>? { get }
    /// In ten-thousandths.
    func quantitySum(_ count: Int) -> Int128
    /// In hundred-millionths.
    func lineTotalSum(_ count: Int) -> Int128
    /// The greatest amount in a range that is not empty, and the last place where it stands.
    func largest(_ range: Range<Int>) -> (amount: Int64, index: Int)
    /// The least amount in a range that is not empty, and the last place where it stands.
    func smallest(_ range: Range<Int>) -> (amount: Int64, index: Int)
    /// Distinct products in a range.
    func productCount(_ range: Range<Int>) -> Int
    /// The last place from which the rest of the range still has so many distinct products; nil if there is none.
    func lastIndex(of range: Range<Int>, withProducts count: Int) -> Int?
}

extension SeriesHistory {
    /// Occurrences up to and including an instant.
    func count(through instant: Int64) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if time(middle) <= instant { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
