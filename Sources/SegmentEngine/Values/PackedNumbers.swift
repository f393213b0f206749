/// Whole numbers side by side, each in as few bytes as all of them allow: how far it lies from the least one, in the
/// largest of a few units that divides all distances. Times are mostly whole seconds, amounts whole cents.
///
/// Good as long as the `TableMemory` it was made in.
struct PackedNumbers: BitwiseCopyable, Sendable {
    let count: Int
    private let least: Int64
    private let most: Int64
    private let unit: UInt64
    /// Bytes of a distance: 1, 2, 4 or 8; 0 if all numbers are the same.
    private let width: Int
    /// Ends with eight bytes more, so that any distance can be read as eight bytes.
    private let bytes: PlainTable<UInt8>

    private static let units: [UInt64] = [1_000_000, 10_000, 100]

    init(_ numbers: [Int64], _ builder: inout TableBuilder) {
        let least = numbers.min() ?? 0
        let distances = numbers.map { UInt64(bitPattern: $0 &- least) }
        let unit = Self.units.first { unit in distances.allSatisfy { $0 % unit == 0 } } ?? 1
        let furthest = (distances.max() ?? 0) / unit
        let width = [0, 1, 2, 4].first { (width: Int) in furthest >> UInt64(width * 8) == 0 } ?? 8
        count = numbers.count
        self.least = least
        most = numbers.max() ?? 0
        self.unit = unit
        self.width = width
        bytes = builder.table(Self.bytes(distances, unit: unit, width: width))
    }

    private static func bytes(_ distances: [UInt64], unit: UInt64, width: Int) -> [UInt8] {
        let size = distances.count * width
        return Array(unsafeUninitializedCapacity: size + 8) { bytes, count in
            let start = UnsafeMutableRawBufferPointer(bytes)
            // Ascending, each over the unused upper bytes of the one before.
            for (index, distance) in distances.enumerated() {
                start.storeBytes(of: (distance / unit).littleEndian, toByteOffset: index * width, as: UInt64.self)
            }
            start.storeBytes(of: 0, toByteOffset: size, as: UInt64.self)
            count = size + 8
        }
    }

    /// Memory it takes, in bytes.
    var byteCount: Int { bytes.count }

    /// Whether all numbers are the same.
    var isConstant: Bool { width == 0 }

    @inline(__always)
    subscript(index: Int) -> Int64 {
        let distance = UnsafeRawPointer(bytes.start).loadUnaligned(fromByteOffset: index &* width, as: UInt64.self)
        return least &+ Int64(bitPattern: (UInt64(littleEndian: distance) & mask) &* unit)
    }

    private var mask: UInt64 { width == 8 ? .max : (1 &<< UInt64(width &* 8)) &- 1 }

    /// Clears the marks of numbers that do not pass the test.
    func keep(_ test: RangeTest, in marks: UnsafeMutablePointer<UInt8>) {
        guard count > 0 else { return }
        let isAllInside = test.low <= least && most <= test.high
        let isAllOutside = test.low > test.high || most < test.low || test.high < least
        if isAllInside || isAllOutside {
            if isAllInside == test.isInverted { marks.update(repeating: 0, count: count) }
            return
        }
        // Some of it lies between the least and the most number.
        let below = UInt64(bitPattern: max(test.low, least) &- least)
        let low = below / unit + (below % unit == 0 ? 0 : 1)
        let high = UInt64(bitPattern: min(test.high, most) &- least) / unit
        if low > high {
            if !test.isInverted { marks.update(repeating: 0, count: count) }
            return
        }
        switch width {
        case 1: keep(UInt8.self, low, high, test.isInverted, marks)
        case 2: keep(UInt16.self, low, high, test.isInverted, marks)
        case 4: keep(UInt32.self, low, high, test.isInverted, marks)
        default: keep(UInt64.self, low, high, test.isInverted, marks)
        }
    }

    /// One comparison each, without a branch, so that the processor makes several at once.
    @inline(__always)
    private func keep<Distance: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        _: Distance.Type, _ low: UInt64, _ high: UInt64, _ isInverted: Bool, _ marks: UnsafeMutablePointer<UInt8>
    ) {
        let start = UnsafeRawPointer(bytes.start)
        let low = Distance(truncatingIfNeeded: low)
        let span = Distance(truncatingIfNeeded: high) &- low
        let inside: UInt8 = isInverted ? 0 : 1
        for index in 0..<count {
            let distance = start.loadUnaligned(
                fromByteOffset: index &* MemoryLayout<Distance>.size, as: Distance.self)
            marks[index] &= Distance(littleEndian: distance) &- low <= span ? inside : 1 &- inside
        }
    }
}
