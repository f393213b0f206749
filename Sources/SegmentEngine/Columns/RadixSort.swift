/// Sorts many unsigned numbers, digit by digit from the lowest.
enum RadixSort {
    private static let digitBits = 11
    private static let digitCount = 1 << digitBits
    /// Fewer keys are sorted by comparing them.
    private static let keyCountMin = 512

    /// Sorts the keys in ascending order; `scratch` is only memory that is used again.
    ///
    /// Linear: a pass over the keys for every 11 bits in which they differ at all, so numbers packed into one key cost
    /// only the bits they use.
    static func sort(_ keys: inout [UInt64], scratch: inout [UInt64]) {
        guard keys.count >= keyCountMin else { return keys.sort() }
        if scratch.count < keys.count {
            scratch.append(contentsOf: repeatElement(0, count: keys.count - scratch.count))
        }
        let count = keys.count
        let isInScratch = keys.withUnsafeMutableBufferPointer { keys in
            scratch.withUnsafeMutableBufferPointer { scratch in
                sort(keys, scratch: UnsafeMutableBufferPointer(rebasing: scratch[..<count]))
            }
        }
        guard isInScratch else { return }
        swap(&keys, &scratch)
        keys.removeLast(keys.count - count)
    }

    /// Sorts and says whether the result is in `scratch`.
    private static func sort(
        _ keys: UnsafeMutableBufferPointer<UInt64>, scratch: UnsafeMutableBufferPointer<UInt64>
    ) -> Bool {
        var rest = differingBits(of: keys)
        var (source, target) = (keys, scratch)
        var isInScratch = false
        while rest != 0 {
            let shift = UInt64(rest.trailingZeroBitCount)
            pass(from: source, to: target, shift: shift)
            swap(&source, &target)
            isInScratch.toggle()
            rest &= ~(UInt64(digitCount - 1) << shift)
        }
        return isInScratch
    }

    private static func differingBits(of keys: UnsafeMutableBufferPointer<UInt64>) -> UInt64 {
        var common = UInt64.max
        var any: UInt64 = 0
        for key in keys {
            common &= key
            any |= key
        }
        return any & ~common
    }

    private static func pass(
        from source: UnsafeMutableBufferPointer<UInt64>, to target: UnsafeMutableBufferPointer<UInt64>, shift: UInt64
    ) {
        let mask = UInt64(digitCount - 1)
        withUnsafeTemporaryAllocation(of: Int.self, capacity: digitCount) { places in
            places.initialize(repeating: 0)
            for key in source { places[Int(key &>> shift & mask)] += 1 }
            var place = 0
            for digit in 0..<digitCount {
                let count = places[digit]
                places[digit] = place
                place += count
            }
            for key in source {
                let digit = Int(key &>> shift & mask)
                target[places[digit]] = key
                places[digit] += 1
            }
        }
    }
}
