/// Whole numbers side by side, each in as few bytes as all of them allow: how far it lies from the least one, in the
/// largest of a few units that divides all distances. Times are mostly whole seconds, amounts whole cents.
///
/// Good as long as the `TableMemory` it was made in.
struct PackedNumbers: BitwiseCopyable, Sendable {
    let count: Int
    private let least: Int64
    let most: Int64
    private let unit: UInt64
    /// Bytes of a distance: 1, 2, 4 or 8; 0 if all numbers are the same.
    private let width: Int
    /// Ends with eight bytes more, so that any distance can be read as eight bytes.
    private let bytes: PlainTable<UInt8>

    init(_ numbers: [Int64], _ builder: inout TableBuilder) {
        let least = numbers.min() ?? 0
        let most = numbers.max() ?? 0
        let distances = numbers.map { UInt64(bitPattern: $0 &- least) }
        let unit = Self.unit(of: distances)
        let furthest = UInt64(bitPattern: most &- least) / unit
        let width = [0, 1, 2, 4].first { (width: Int) in furthest >> UInt64(width * 8) == 0 } ?? 8
        count = numbers.count
        (self.least, self.most, self.unit, self.width) = (least, most, unit, width)
        bytes = builder.table(Self.bytes(distances, unit: unit, width: width))
    }

    // Dividing by a number that is known when this is compiled takes a tenth of the time: hence each by its name.

    private static func unit(of distances: [UInt64]) -> UInt64 {
        if distances.allSatisfy({ $0 % 1_000_000 == 0 }) { return 1_000_000 }
        if distances.allSatisfy({ $0 % 10_000 == 0 }) { return 10_000 }
        return distances.allSatisfy { $0 % 100 == 0 } ? 100 : 1
    }

    private static func bytes(_ distances: [UInt64], unit: UInt64, width: Int) -> [UInt8] {
        switch unit {
        case 1_000_000: bytes(distances, width: width) { $0 / 1_000_000 }
        case 10_000: bytes(distances, width: width) { $0 / 10_000 }
        case 100: bytes(distances, width: width) { $0 / 100 }
        default: bytes(distances, width: width) { $0 }
        }
    }

    @inline(__always)
    private static func bytes(_ distances: [UInt64], width: Int, _ inUnits: (UInt64) -> UInt64) -> [UInt8] {
        let size = distances.count * width
        return Array(unsafeUninitializedCapacity: size + 8) { bytes, count in
            let start = UnsafeMutableRawBufferPointer(bytes)
            // Ascending, each over the unused upper bytes of the one before.
            for (index, distance) in distances.enumerated() {
                start.storeBytes(of: inUnits(distance).littleEndian, toByteOffset: index * width, as: UInt64.self)
            }
            start.storeBytes(of: 0, toByteOffset: size, as: UInt64.self)
            count = size + 8
        }
    }

    /// Memory it takes, in bytes.
    var byteCount: Int { bytes.count }

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

    /// Clears the marks of numbers that do not pass; the truth, 1 or 0, of each number from 0 on.
    func keep(_ truths: UnsafePointer<UInt8>, in marks: UnsafeMutablePointer<UInt8>) {
        switch width {
        case 0:
            if count > 0, truths[Int(least)] == 0 { marks.update(repeating: 0, count: count) }
        case 1 where unit == 1: keep(UInt8.self, truths + Int(least), marks)
        case 2 where unit == 1: keep(UInt16.self, truths + Int(least), marks)
        default: for index in 0..<count { marks[index] &= truths[Int(self[index])] }
        }
    }

    @inline(__always)
    private func keep<Distance: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        _: Distance.Type, _ truths: UnsafePointer<UInt8>, _ marks: UnsafeMutablePointer<UInt8>
    ) {
        let start = UnsafeRawPointer(bytes.start)
        for index in 0..<count {
            let distance = start.loadUnaligned(
                fromByteOffset: index &* MemoryLayout<Distance>.size, as: Distance.self)
            marks[index] &= truths[Int(Distance(littleEndian: distance))]
        }
    }
}
