/// Memory for records that are newer than the view: blocks in slabs, used again when no reader can see them.
///
/// A block is eight bytes of capacity and generation, then the record. A generation ends when the view is written: what
/// is older then lies in the view, and its slabs go as a whole.
struct RecordArena {
    private var slabs: [RecordSlab] = []
    private var used = 0
    /// Blocks larger than a slab's share have one of their own, by their address.
    private var large: [UInt: RecordSlab] = [:]
    /// Addresses of free blocks by size class.
    private var free: [[UInt]] = Array(repeating: [], count: RecordArena.classCount)
    private(set) var generation: UInt32 = 1
    /// Memory in slabs, in bytes.
    private(set) var byteCount = 0

    private static let headerSize = 8
    /// Slabs grow with the arena, so that a small audience takes little.
    private static let slabSizes = (64 << 10)...(4 << 20)
    private static let largeMin = 128 << 10
    private static let classCount = 64 + 48

    /// What keeps every block of the present generation alive.
    var holders: [RecordSlab] { slabs + large.values }

    /// A block for at least `count` bytes, with room to grow: most items are then added in place, which needs
    /// neither another block nor what stands between a record's beginning and its end.
    mutating func allocate(_ count: Int) -> UnsafeMutableRawPointer {
        let sizeClass = Self.sizeClass(holding: count + count / 3 + Self.headerSize)
        let size = Self.size(of: sizeClass)
        guard size < Self.largeMin else { return allocateLarge(count * 2 + Self.headerSize) }
        let block: UnsafeMutableRawPointer
        if let address = free[sizeClass].popLast(), let start = UnsafeMutableRawPointer(bitPattern: address) {
            block = start
        } else {
            block = bump(size)
        }
        return begin(block, size: size)
    }

    private mutating func bump(_ size: Int) -> UnsafeMutableRawPointer {
        if let slab = slabs.last, used + size <= slab.byteCount {
            defer { used += size }
            return slab.start + used
        }
        let wanted = max(byteCount, size)
        let slab = RecordSlab(byteCount: min(max(wanted, Self.slabSizes.lowerBound), Self.slabSizes.upperBound))
        slabs.append(slab)
        byteCount += slab.byteCount
        used = size
        return slab.start
    }

    private mutating func allocateLarge(_ size: Int) -> UnsafeMutableRawPointer {
        let slab = RecordSlab(byteCount: size)
        large[UInt(bitPattern: slab.start)] = slab
        byteCount += slab.byteCount
        return begin(slab.start, size: slab.byteCount)
    }

    private func begin(_ block: UnsafeMutableRawPointer, size: Int) -> UnsafeMutableRawPointer {
        block.storeBytes(of: UInt32(size - Self.headerSize), as: UInt32.self)
        block.storeBytes(of: generation, toByteOffset: 4, as: UInt32.self)
        return block + Self.headerSize
    }

    /// Whether the record at that address may be written on behind its end, up to `count` bytes in all.
    func canGrow(_ record: UnsafeRawPointer, to count: Int) -> Bool {
        let header = record - Self.headerSize
        return header.load(fromByteOffset: 4, as: UInt32.self) == generation
            && header.load(as: UInt32.self) >= count
    }

    /// Whether the record at that address, which is still there, is of the present generation.
    func isCurrent(_ record: UnsafeRawPointer) -> Bool {
        (record - Self.headerSize).load(fromByteOffset: 4, as: UInt32.self) == generation
    }

    /// Gives back a block of the present generation; nobody may look at it any more.
    mutating func recycle(_ record: UnsafeRawPointer) {
        let block = record - Self.headerSize
        let size = Int(block.load(as: UInt32.self)) + Self.headerSize
        if size >= Self.largeMin {
            if large.removeValue(forKey: UInt(bitPattern: block)) != nil { byteCount -= size }
            return
        }
        free[Self.sizeClass(holding: size)].append(UInt(bitPattern: block))
    }

    /// Begins a generation and hands out what holds the older ones' blocks.
    mutating func beginGeneration() -> [RecordSlab] {
        defer {
            slabs = []
            large = [:]
            free = Array(repeating: [], count: Self.classCount)
            used = 0
            byteCount = 0
            generation += 1
        }
        return holders
    }

    // Sizes are multiples of 16 up to 1,024; beyond, four to each doubling.
    private static func sizeClass(holding count: Int) -> Int {
        if count <= 1_024 { return max(count + 15, 16) / 16 - 1 }
        let power = Int.bitWidth - 1 - (count - 1).leadingZeroBitCount
        let quarter = (count - 1) >> (power - 2) & 3
        return 64 + (power - 10) * 4 + quarter
    }

    private static func size(of sizeClass: Int) -> Int {
        if sizeClass < 64 { return (sizeClass + 1) * 16 }
        let (power, quarter) = (sizeClass - 64).quotientAndRemainder(dividingBy: 4)
        return (1 << (power + 10)) + (quarter + 1) << (power + 8)
    }
}
