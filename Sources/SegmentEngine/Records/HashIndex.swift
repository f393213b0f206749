internal import CPlatform
internal import Synchronization

/// Numbers by the hash of a key that is kept elsewhere: contacts by id, orders by store and number.
///
/// A slot is 8 bytes: 32 bits of the hash above, the number plus one below, 0 for an empty slot. Slots are tried one
/// after the other from the place the 32 bits name, so growing needs no keys, and a removal moves what follows back
/// instead of leaving a mark. Several numbers may have the same hash. It keeps: at most 7 of 10 slots are taken, and no
/// empty slot lies between an entry's home and the entry.
struct HashIndex: Sendable {
    /// Numbers are below this.
    static let numberLimit = UInt32.max

    private static let slotCountMin = 16

    /// The number of entries.
    private(set) var count = 0
    // A power of two of slots, or none.
    private var slots: [UInt64] = []

    /// An index without entries.
    init() {}

    /// Bytes of memory behind the index.
    var byteCount: Int { slots.capacity * 8 }

    /// Makes room for so many entries.
    mutating func reserve(_ count: Int) {
        let slotCount = Self.slotCount(holding: count, atLeast: slots.count)
        if slotCount > slots.count { grow(to: slotCount) }
    }

    /// The first number under this hash that `isMatch` agrees with.
    ///
    /// `isMatch` is asked about every number whose hash agrees in the 32 bits kept, the wanted one and, rarely, others:
    /// it compares the keys. The order of equal hashes is not fixed.
    func first(hash: UInt64, where isMatch: (UInt32) -> Bool) -> UInt32? {
        guard !slots.isEmpty else { return nil }
        let kept = Self.kept(hash)
        let mask = slots.count - 1
        var place = Int(kept) & mask
        while slots[place] != 0 {
            let slot = slots[place]
            if slot >> 32 == UInt64(kept) {
                let number = UInt32(truncatingIfNeeded: slot) - 1
                if isMatch(number) { return number }
            }
            place = (place + 1) & mask
        }
        return nil
    }

    /// Lends the slots for many looks, none of which pays for holding them.
    func withProbe(_ body: (HashProbe) -> Void) {
        slots.withUnsafeBufferPointer { body(HashProbe(slots: $0)) }
    }

    /// Adds an entry; the same one may be added again and is then there twice.
    mutating func insert(hash: UInt64, number: UInt32) {
        reserve(count + 1)
        place(Self.slot(hash: hash, number: number))
        count += 1
    }

    /// Removes an entry, one of them if it was added several times; false if there is none.
    mutating func remove(hash: UInt64, number: UInt32) -> Bool {
        guard !slots.isEmpty else { return false }
        let wanted = Self.slot(hash: hash, number: number)
        let mask = slots.count - 1
        var place = Int(Self.kept(hash)) & mask
        while slots[place] != wanted {
            if slots[place] == 0 { return false }
            place = (place + 1) & mask
        }
        closeGap(at: place)
        count -= 1
        return true
    }

    fileprivate static func kept(_ hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash >> 32) }

    /// How an entry is kept.
    static func slot(hash: UInt64, number: UInt32) -> UInt64 {
        precondition(number < numberLimit, "\(number) is too large for an index")
        return UInt64(kept(hash)) << 32 | UInt64(number + 1)
    }

    private static func slotCount(holding count: Int, atLeast slotCountMin: Int = 0) -> Int {
        var slotCount = max(slotCountMin, Self.slotCountMin)
        while count * 10 > slotCount * 7 { slotCount *= 2 }
        return slotCount
    }

    private mutating func place(_ slot: UInt64) {
        let mask = slots.count - 1
        var place = Int(slot >> 32) & mask
        while slots[place] != 0 { place = (place + 1) & mask }
        slots[place] = slot
    }

    private mutating func grow(to slotCount: Int) {
        let old = slots
        slots = [UInt64](unsafeUninitializedCapacity: slotCount) { slots, count in
            LargePages.prefer(for: UnsafeMutableRawBufferPointer(slots))
            slots.initialize(repeating: 0)
            count = slotCount
        }
        for slot in old where slot != 0 { place(slot) }
    }

    /// Empties a slot and moves entries back that would no longer be found.
    private mutating func closeGap(at place: Int) {
        let mask = slots.count - 1
        var gap = place
        var place = (place + 1) & mask
        while slots[place] != 0 {
            let home = Int(slots[place] >> 32) & mask
            // The entry may move if its home is not past the gap, seen backwards from where it is.
            if (place - home) & mask >= (place - gap) & mask {
                slots[gap] = slots[place]
                gap = place
            }
            place = (place + 1) & mask
        }
        slots[gap] = 0
    }
}

/// The slots of an index, lent.
struct HashProbe {
    fileprivate let slots: UnsafeBufferPointer<UInt64>

    /// Has the hash's place brought into the cache.
    func prefetch(hash: UInt64) {
        guard let start = slots.baseAddress else { return }
        platform_prefetch(start + Int(HashIndex.kept(hash)) & (slots.count - 1))
    }

    /// A number whose hash agrees in the 32 bits kept: nearly always the wanted one, if that is there.
    func probable(hash: UInt64) -> UInt32? {
        guard !slots.isEmpty else { return nil }
        let kept = HashIndex.kept(hash)
        let mask = slots.count - 1
        var place = Int(kept) & mask
        while slots[place] != 0 {
            if slots[place] >> 32 == UInt64(kept) { return UInt32(truncatingIfNeeded: slots[place]) - 1 }
            place = (place + 1) & mask
        }
        return nil
    }
}

extension HashIndex {
    /// An index of many entries at once, made by `slot`; shared by the threads of a pool.
    ///
    /// Each thread fills a stretch of slots of its own with the entries at home there. What finds no place before the
    /// end of its stretch comes last, when all slots that it has to pass over are taken.
    init(slots entries: [[UInt64]], on pool: WorkerPool) {
        count = entries.reduce(0) { $0 + $1.count }
        guard count > 0 else { return }
        let slotCount = Self.slotCount(holding: count)
        let stretches = Self.stretches(of: slotCount, width: pool.width)
        let left = Mutex<[UInt64]>([])
        slots = [UInt64](unsafeUninitializedCapacity: slotCount) { slots, initializedCount in
            LargePages.prefer(for: UnsafeMutableRawBufferPointer(slots))
            // No two threads write the same slots.
            nonisolated(unsafe) let slots = slots
            pool.forEach(count: stretches.count) { number in
                let leftHere = Self.fill(slots, in: stretches[number], from: entries)
                left.withLock { $0 += leftHere }
            }
            initializedCount = slotCount
        }
        for slot in left.withLock({ $0 }) { place(slot) }
    }

    private static func stretches(of slotCount: Int, width: Int) -> [Range<Int>] {
        let size = (slotCount + width - 1) / width
        return stride(from: 0, to: slotCount, by: size).map { $0..<min($0 + size, slotCount) }
    }

    /// Fills the slots of a stretch; returns the entries at home there that found it full.
    private static func fill(
        _ slots: UnsafeMutableBufferPointer<UInt64>, in stretch: Range<Int>, from entries: [[UInt64]]
    ) -> [UInt64] {
        let mask = slots.count - 1
        slots[stretch].initialize(repeating: 0)
        var left: [UInt64] = []
        for part in entries {
            for slot in part {
                var place = Int(slot >> 32) & mask
                guard stretch.contains(place) else { continue }
                while place < stretch.upperBound, slots[place] != 0 { place += 1 }
                if place < stretch.upperBound { slots[place] = slot } else { left.append(slot) }
            }
        }
        return left
    }
}
