import TestSupport
import Testing

@testable import SegmentEngine

@Suite struct PackedNumbersTests {
    /// Numbers that take every width, with and without a common unit.
    private static let samples: [[Int64]] = [
        [], [7], [-3, -3, -3], [0, 255], [100, 300, 25_600], [5, 260, 1_000], [-1_000_000, 0, 3_000_000],
        [0, 65_535], [0, 65_536], [12_345, 4_000_000_000], [0, 5_000_000_000], [.min, 0, .max], [.max - 1, .max],
        [1_700_000_000_000_000, 1_790_000_000_000_000], [1_700_000_000_000_001, 1_790_000_000_000_000],
    ]

    @Test(arguments: samples)
    func `numbers come back as they were`(numbers: [Int64]) {
        var builder = TableBuilder()
        let packed = PackedNumbers(numbers, &builder)
        let memory = builder.finish()
        withExtendedLifetime(memory) {
            #expect(packed.count == numbers.count)
            #expect(numbers.indices.map { packed[$0] } == numbers)
        }
    }

    @Test(arguments: samples)
    func `a range keeps the marks of the numbers inside it`(numbers: [Int64]) {
        var builder = TableBuilder()
        let packed = PackedNumbers(numbers, &builder)
        let memory = builder.finish()
        let ends = Set(numbers.flatMap { [$0, $0 &- 1, $0 &+ 1, $0 / 2] } + [.min, .max, 0])
        withExtendedLifetime(memory) {
            for (low, high) in ends.flatMap({ low in ends.map { (low, $0) } }) {
                for isInverted in [false, true] {
                    let test = RangeTest(low: low, high: high, isInverted: isInverted)
                    var marks = [UInt8](repeating: 1, count: numbers.count + 1)
                    marks.withUnsafeMutableBufferPointer { marks in
                        if let marks = marks.baseAddress { packed.keep(test, in: marks) }
                    }
                    let expected = numbers.map { (low <= $0 && $0 <= high) != isInverted }
                    #expect(marks.dropLast().map { $0 == 1 } == expected, "\(numbers) \(test)")
                }
            }
        }
    }

    @Test func `a table of truths keeps the marks of what is true in it`() {
        var random = SeededGenerator(seed: 4)
        for most in [1, 3, 200, 300, 70_000] {
            for least in [0, 2] {
                let numbers = (0..<100).map { _ in
                    Int64.random(in: Int64(min(least, most))...Int64(most), using: &random)
                }
                let truths = (0...most).map { _ in random.chance(0.5) ? UInt8(1) : 0 }
                var builder = TableBuilder()
                let packed = PackedNumbers(numbers, &builder)
                let memory = builder.finish()
                var marks = [UInt8](repeating: 1, count: numbers.count)
                withExtendedLifetime(memory) {
                    marks.withUnsafeMutableBufferPointer { marks in
                        truths.withUnsafeBufferPointer { truths in
                            guard let marks = marks.baseAddress, let truths = truths.baseAddress else { return }
                            packed.keep(truths, in: marks)
                        }
                    }
                }
                #expect(marks == numbers.map { truths[Int($0)] })
            }
        }
    }

    @Test func `marks are written as bits and walked in order`() {
        var random = SeededGenerator(seed: 9)
        var marks = ItemMarks()
        defer { marks.deallocate() }
        for count in [0, 1, 7, 8, 65, 1_000, 65_536] {
            marks.reset(count: count)
            for item in 0..<count where item / 64 % 3 > 0 && random.chance(0.5) { marks.start[item] = 0 }
            let expected = (0..<count).filter { marks.start[$0] == 1 }
            var walked: [Int] = []
            marks.forEach { walked.append($0) }
            #expect(walked == expected)
            var words = [UInt64](repeating: .max, count: ColumnChunk.wordCount)
            words.withUnsafeMutableBufferPointer { words in
                if let words = words.baseAddress { marks.write(to: words) }
            }
            let bits = (0..<ColumnChunk.contactCount).filter { words[$0 >> 6] >> UInt64($0 & 63) & 1 == 1 }
            #expect(bits == expected)
        }
    }
}
