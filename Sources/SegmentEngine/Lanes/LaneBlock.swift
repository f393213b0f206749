/// A fixed number of lanes, one bit each, as gates combine them.
protocol LaneBlock {
    /// True in every lane.
    static var allTrue: Self { get }
    /// Itself AND the other, of which every word is first combined with the mask by XOR.
    func and(_ other: Self, inverting mask: UInt64) -> Self
}

extension SIMD8<UInt64>: LaneBlock {
    @inline(__always) static var allTrue: SIMD8<UInt64> { SIMD8(repeating: .max) }

    @inline(__always) func and(_ other: SIMD8<UInt64>, inverting mask: UInt64) -> SIMD8<UInt64> {
        self & (other ^ SIMD8(repeating: mask))
    }

    /// How many of the 512 lanes are true.
    ///
    /// Counted in all words at once (Hacker's Delight, section 5-1), as the plain x86-64 has no instruction for it.
    @inline(__always) var trueCount: Int {
        let ones = SIMD8(repeating: 0x5555_5555_5555_5555 as UInt64)
        let twos = SIMD8(repeating: 0x3333_3333_3333_3333 as UInt64)
        let fours = SIMD8(repeating: 0x0F0F_0F0F_0F0F_0F0F as UInt64)
        var words = self &- ((self &>> SIMD8(repeating: 1)) & ones)
        words = (words & twos) &+ ((words &>> SIMD8(repeating: 2)) & twos)
        words = (words &+ (words &>> SIMD8(repeating: 4))) & fours
        // At most 8 in a byte; over eight words at most 64.
        let bytes = words.wrappedSum()
        let pairs = (bytes & 0x00FF_00FF_00FF_00FF) &+ ((bytes &>> 8) & 0x00FF_00FF_00FF_00FF)
        return Int((pairs &* 0x0001_0001_0001_0001) &>> 48)
    }
}

extension SIMD2<UInt64>: LaneBlock {
    @inline(__always) static var allTrue: SIMD2<UInt64> { SIMD2(repeating: .max) }

    @inline(__always) func and(_ other: SIMD2<UInt64>, inverting mask: UInt64) -> SIMD2<UInt64> {
        self & (other ^ SIMD2(repeating: mask))
    }
}

extension Plan {
    /// Evaluates all gates. The truths of leaf i begin at `leaves + i * leafStride` bytes; `gates` has room for all.
    /// Cost: one load and two operations per child.
    @inline(__always)
    func evaluate<Block: LaneBlock>(
        leaves: UnsafeRawPointer, leafStride: Int, gates: UnsafeMutablePointer<Block>
    ) {
        offsets.withUnsafeBufferPointer { offsets in
            edges.withUnsafeBufferPointer { edges in
                for gate in 0..<gateCount {
                    var truths = Block.allTrue
                    var next = Int(offsets[2 &* gate])
                    let firstGate = Int(offsets[2 &* gate &+ 1])
                    let end = Int(offsets[2 &* gate &+ 2])
                    while next < firstGate {
                        let edge = edges[next]
                        let leaf = leaves.load(fromByteOffset: Int(edge &>> 1) &* leafStride, as: Block.self)
                        truths = truths.and(leaf, inverting: 0 &- UInt64(edge & 1))
                        next &+= 1
                    }
                    while next < end {
                        let edge = edges[next]
                        truths = truths.and(gates[Int(edge &>> 1)], inverting: 0 &- UInt64(edge & 1))
                        next &+= 1
                    }
                    gates[gate] = truths
                }
            }
        }
    }

    /// The truths of a root, after `evaluate` of the same leaves and gates.
    @inline(__always)
    func truths<Block: LaneBlock>(
        of root: Edge, leaves: UnsafeRawPointer, leafStride: Int, gates: UnsafeMutablePointer<Block>
    ) -> Block {
        let mask = 0 &- UInt64(root.rawValue & 1)
        if let gate = root.gate { return Block.allTrue.and(gates[Int(gate)], inverting: mask) }
        if let leaf = root.leaf {
            let truths = leaves.load(fromByteOffset: Int(leaf.rawValue) &* leafStride, as: Block.self)
            return Block.allTrue.and(truths, inverting: mask)
        }
        return Block.allTrue.and(Block.allTrue, inverting: ~mask)
    }
}

/// Words on a cache line's border, freed with their owner.
final class LaneMemory {
    private let memory: UnsafeMutableRawPointer
    let byteCount: Int

    /// All zero.
    init(byteCount: Int) {
        self.byteCount = max(byteCount, LaneMemory.lineBytes)
        memory = .allocate(byteCount: self.byteCount, alignment: LaneMemory.alignment)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: self.byteCount)
    }

    deinit {
        memory.deallocate()
    }

    /// The beginning, as elements of a trivial type.
    func pointer<Element: BitwiseCopyable>(to type: Element.Type) -> UnsafeMutablePointer<Element> {
        memory.assumingMemoryBound(to: type)
    }

    private static let lineBytes = 64
    /// Of the largest block, and of a pair of lines, which are fetched together.
    private static let alignment = 128
}
