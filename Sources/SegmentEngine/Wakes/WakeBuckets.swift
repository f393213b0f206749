internal import HeapModule

/// The wakes of later buckets: for each bucket the contacts that were put into it.
///
/// A contact that was scheduled anew stays in its old bucket as a stale entry. Who is really in a bucket is known from
/// the contacts' instants, which are handed in. It keeps: in every bucket at most half of the entries, or
/// `staleCountMin`, are stale.
struct WakeBuckets: Sendable {
    private struct Bucket {
        var ordinals: [Ordinal] = []
        var staleCount = 0

        var liveCount: Int { ordinals.count - staleCount }
    }

    private static let staleCountMin = 32
    private static let emptyCountMin = 1_024

    private var buckets: [Int: Bucket] = [:]
    // The number of every bucket, once; empty buckets too.
    private var numbers = Heap<Int>()
    private var emptyCount = 0

    /// Bytes of memory behind the buckets, about. Costs a step per bucket.
    var byteCount: Int {
        let entry = MemoryLayout<Int>.stride * 2 + MemoryLayout<Bucket>.stride
        return buckets.values.reduce(buckets.capacity * entry) {
            $0 + $1.ordinals.capacity * MemoryLayout<Ordinal>.stride
        }
    }

    /// Entries of all buckets, stale ones too.
    var entryCount: Int { buckets.values.reduce(0) { $0 + $1.ordinals.count } }

    mutating func add(_ ordinal: Ordinal, to number: Int) {
        guard let index = buckets.index(forKey: number) else {
            buckets[number] = Bucket(ordinals: [ordinal])
            numbers.insert(number)
            return
        }
        if buckets.values[index].ordinals.isEmpty { emptyCount -= 1 }
        buckets.values[index].ordinals.append(ordinal)
    }

    /// Notes that a contact's wake is no longer in the bucket; `instants` must say so already.
    mutating func leave(_ number: Int, instants: inout [Int64]) {
        guard let index = buckets.index(forKey: number) else {
            preconditionFailure("a contact leaves a bucket that does not exist")
        }
        buckets.values[index].staleCount += 1
        let bucket = (staleCount: buckets.values[index].staleCount, liveCount: buckets.values[index].liveCount)
        if bucket.liveCount == 0 {
            buckets.values[index] = Bucket()
            emptyCount += 1
            dropEmptyBuckets()
        } else if bucket.staleCount > max(Self.staleCountMin, bucket.liveCount) {
            Self.keepLive(&buckets.values[index].ordinals, of: number, instants: &instants)
            buckets.values[index].staleCount = 0
        }
    }

    /// The number of the earliest bucket with a wake.
    mutating func first() -> Int? {
        while let number = numbers.min {
            if let bucket = buckets[number], !bucket.ordinals.isEmpty { return number }
            numbers.removeMin()
            buckets[number] = nil
            emptyCount -= 1
        }
        return nil
    }

    /// The earliest wake of all. Costs a step per entry of the first bucket.
    mutating func earliest(instants: [Int64]) -> Wake? {
        guard let number = first(), let ordinals = buckets[number]?.ordinals else { return nil }
        var earliest = Wake(instant: Wake.never, ordinal: .max)
        for ordinal in ordinals where Self.isIn(number, instants[Int(ordinal)]) {
            earliest = min(earliest, Wake(instant: instants[Int(ordinal)], ordinal: ordinal))
        }
        return earliest
    }

    /// Takes a bucket out and hands over who is in it, each contact once and in no particular order.
    mutating func take(_ number: Int, instants: inout [Int64]) -> [Ordinal] {
        guard var ordinals = buckets.removeValue(forKey: number)?.ordinals else { return [] }
        let first = numbers.removeMin()
        precondition(first == number, "buckets are taken in order")
        Self.keepLive(&ordinals, of: number, instants: &instants)
        return ordinals
    }

    private static func isIn(_ number: Int, _ instant: Int64) -> Bool {
        Wake.bucket(of: instant) == number && instant != Wake.never
    }

    /// Drops stale entries, and all but one of a contact that came back to the bucket.
    private static func keepLive(_ ordinals: inout [Ordinal], of number: Int, instants: inout [Int64]) {
        // The complement of an instant is never in the same bucket: it marks a contact that was kept.
        var keptCount = 0
        for position in ordinals.indices {
            let ordinal = ordinals[position]
            guard isIn(number, instants[Int(ordinal)]) else { continue }
            instants[Int(ordinal)] = ~instants[Int(ordinal)]
            ordinals[keptCount] = ordinal
            keptCount += 1
        }
        ordinals.removeLast(ordinals.count - keptCount)
        for ordinal in ordinals { instants[Int(ordinal)] = ~instants[Int(ordinal)] }
    }

    private mutating func dropEmptyBuckets() {
        guard emptyCount > max(Self.emptyCountMin, buckets.count / 2) else { return }
        buckets = buckets.filter { !$0.value.ordinals.isEmpty }
        numbers = Heap(buckets.keys)
        emptyCount = 0
    }
}
