import Testing

@testable import SegmentEngine

@Suite struct ByteComparisonTests {
    @Test func `bytes of any length are the same until one bit differs`() {
        for count in 0...40 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37) }
            #expect(isSame(bytes, Array(bytes)))
            for place in 0..<count {
                var other = bytes
                other[place] ^= 1 << UInt8(place % 8)
                #expect(!isSame(bytes, other), "\(count) bytes, the one at \(place) differs")
            }
            #expect(!isSame(bytes, bytes + [0]))
        }
    }

    private func isSame(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.withUnsafeBytes { left in right.withUnsafeBytes { left.isSame(as: $0) } }
    }
}
