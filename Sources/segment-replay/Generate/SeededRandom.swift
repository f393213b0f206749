/// SplitMix64 (Steele, Lea, Flood 2014) with the draws the shop needs.
///
/// Same seed, same values, on every machine: whole numbers throughout, and where a logarithm is needed it is taken
/// with the four operations that IEEE 754 fixes to the last bit, since the C library's `log` differs between versions.
struct SeededRandom {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// A stream of its own for a numbered thing, so that it can be drawn again later without being stored.
    init(seed: UInt64, stream: UInt64) {
        var mixer = SeededRandom(seed: seed ^ (stream &* 0xD1B5_4A32_D192_ED03))
        state = mixer.next()
    }

    /// The next 64 bits.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A whole number from 0 up to but without `bound`, which must be positive.
    mutating func below(_ bound: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// A whole number of the range, both ends included.
    mutating func within(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + below(range.count)
    }

    /// True `hits` times in `tries`, on average.
    mutating func chance(_ hits: Int, in tries: Int) -> Bool {
        below(tries) < hits
    }

    /// A waiting time with that mean, memoryless; never negative.
    mutating func waiting(mean: Double) -> Double {
        // 53 bits and never zero, whose logarithm would be infinite.
        let uniform = Double((next() >> 11) + 1) * 0x1p-53
        return -mean * Self.logarithm(uniform)
    }

    /// The natural logarithm of a positive number, to about nine digits.
    static func logarithm(_ value: Double) -> Double {
        let ratio = (value.significand - 1) / (value.significand + 1)
        let square = ratio * ratio
        var series = 0.0
        for divisor in stride(from: 17.0, through: 1.0, by: -2.0) {
            series = series * square + 1 / divisor
        }
        return Double(value.exponent) * 0.693_147_180_559_945_3 + 2 * ratio * series
    }
}

/// Numbers 0, 1, 2 … each drawn as often as its weight says.
struct WeightedDraw: Sendable {
    /// Running totals of the weights.
    private let totals: [Int]

    /// Takes at least one weight; none negative, not all zero.
    init(_ weights: some Sequence<Int>) {
        var total = 0
        totals = weights.map { weight in
            total += weight
            return total
        }
    }

    /// The index of one weight. Cost: logarithmic in their number.
    func draw(_ random: inout SeededRandom) -> Int {
        let target = random.below(totals[totals.count - 1])
        var low = 0
        var high = totals.count - 1
        while low < high {
            let middle = (low + high) / 2
            if totals[middle] > target { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
