/// The members of one chunk of a bitmap: 65,536 contacts side by side.
///
/// Few members stand as a sorted list of their low 16 bits, many as one bit per contact. The form changes by itself, with
/// a distance between the two limits so that a chunk at a limit does not change its form with every flip.
///
/// Both forms are plain arrays beside each other, not payloads of an enum: a payload would have to be taken out before
/// each change, or the change would copy it.
struct BitmapChunk: Sendable {
    /// A list longer than this becomes words. At twice the length both would take the same memory, but a flip moves half
    /// the list.
    static let listedCountMax = 2_048
    /// Words with fewer members than this become a list.
    static let wordsCountMin = 1_024
    /// Up to so many flips are made in the list one by one instead of merging it with them.
    private static let singleFlipsMax = 8

    /// The number of members.
    private(set) var count = 0
    // Ascending; empty when the chunk has words.
    private var list: [UInt16] = []
    /// `ColumnChunk.wordCount` words, or none when the members are listed.
    private(set) var words: [UInt64] = []

    /// A chunk without members.
    init() {}

    /// The chunk with the members of 1,024 words, in the form that suits their number.
    init(words source: UnsafePointer<UInt64>) {
        let source = UnsafeBufferPointer(start: source, count: ColumnChunk.wordCount)
        for word in source { count += word.nonzeroBitCount }
        if count > Self.listedCountMax {
            words = Array(source)
        } else if count > 0 {
            list = Self.list(of: source, count: count)
        }
    }

    /// The chunk with the members of an ascending list of at most `listedCountMax`.
    init(list members: [UInt16]) {
        precondition(members.count <= Self.listedCountMax, "a longer list would be words")
        count = members.count
        if count > 0 { list = members }
    }

    /// True if members stand as words.
    var hasWords: Bool { !words.isEmpty }

    /// Bytes of memory behind the chunk.
    var byteCount: Int {
        let header = 32
        return (list.isEmpty ? 0 : header + list.capacity * 2) + (words.isEmpty ? 0 : header + words.capacity * 8)
    }

    func contains(_ low: UInt16) -> Bool {
        if hasWords { return words[Int(low >> 6)] & Self.bit(low) != 0 }
        let position = position(of: low)
        return position < list.count && list[position] == low
    }

    /// Makes a member of a non-member and the other way round; 1 if it is a member now, else -1.
    mutating func flip(_ low: UInt16) -> Int {
        guard hasWords else { return flipInList(low) }
        words[Int(low >> 6)] ^= Self.bit(low)
        let change = words[Int(low >> 6)] & Self.bit(low) != 0 ? 1 : -1
        count += change
        if count < Self.wordsCountMin { makeList() }
        return change
    }

    /// Flips contacts of this chunk, given in ascending order, and returns by how much the number of members changed.
    ///
    /// A contact that is given twice stays as it was. Costs a few nanoseconds per flip, and the length of the list if the
    /// members are listed.
    mutating func apply(flips: Span<Ordinal>) -> Int {
        let before = count
        if !hasWords, count + flips.count > Self.listedCountMax { makeWords() }
        if hasWords {
            flipInWords(flips)
        } else if flips.count <= Self.singleFlipsMax {
            for index in flips.indices { _ = flip(UInt16(truncatingIfNeeded: flips[index])) }
        } else {
            mergeIntoList(flips)
        }
        return count - before
    }

    /// Lends the members as 1,024 words, nil if there are none.
    ///
    /// Words are lent as they stand; a list is written into `scratch`, which must have room for 1,024 words.
    func withWords<Result>(
        scratch: UnsafeMutablePointer<UInt64>, _ body: (UnsafePointer<UInt64>?) -> Result
    ) -> Result {
        if count == 0 { return body(nil) }
        if hasWords { return words.withUnsafeBufferPointer { body($0.baseAddress) } }
        scratch.initialize(repeating: 0, count: ColumnChunk.wordCount)
        for low in list { scratch[Int(low >> 6)] |= Self.bit(low) }
        return body(UnsafePointer(scratch))
    }
}

extension BitmapChunk {
    /// How far a walk over the members has come.
    struct Cursor {
        fileprivate var index = 0
        fileprivate var word: UInt64 = 0
    }

    /// The next member of an ascending walk, nil at the end.
    func next(_ cursor: inout Cursor) -> UInt16? {
        guard hasWords else {
            guard cursor.index < list.count else { return nil }
            defer { cursor.index += 1 }
            return list[cursor.index]
        }
        while cursor.word == 0 {
            guard cursor.index < ColumnChunk.wordCount else { return nil }
            cursor.word = words[cursor.index]
            cursor.index += 1
        }
        let low = (cursor.index - 1) << 6 | cursor.word.trailingZeroBitCount
        cursor.word &= cursor.word &- 1
        return UInt16(truncatingIfNeeded: low)
    }
}

extension BitmapChunk: Equatable {
    /// True if both have the same members, in whatever form.
    static func == (left: BitmapChunk, right: BitmapChunk) -> Bool {
        guard left.count == right.count else { return false }
        if left.hasWords == right.hasWords { return left.list == right.list && left.words == right.words }
        let (listed, other) = left.hasWords ? (right, left) : (left, right)
        return listed.list.allSatisfy(other.contains)
    }
}

extension BitmapChunk {
    private static func bit(_ low: UInt16) -> UInt64 { 1 &<< UInt64(low & 63) }

    /// Where the contact stands in the list, or would stand.
    ///
    /// Looks first where it would be if members were spread evenly, and from there in growing steps: a list seldom lies
    /// in the cache, and a plain binary search waits for memory several times.
    private func position(of low: UInt16) -> Int {
        // The number of members is read here and not from the list, whose first bytes may be far off too.
        let count = count
        return list.withUnsafeBufferPointer { list in
            let guess = (count * Int(low)) >> 16
            var lower = guess
            var upper = guess
            var step = 8
            while lower > 0, list[lower - 1] >= low {
                upper = lower - 1
                lower = max(0, lower - step)
                step *= 2
            }
            while upper < count, list[upper] < low {
                lower = upper + 1
                upper = min(count, upper + step)
                step *= 2
            }
            while lower < upper {
                let middle = (lower + upper) >> 1
                if list[middle] < low { lower = middle + 1 } else { upper = middle }
            }
            return lower
        }
    }

    private mutating func flipInList(_ low: UInt16) -> Int {
        let position = position(of: low)
        if position < count, list[position] == low {
            list.remove(at: position)
            count -= 1
            if count == 0 { list = [] }
            return -1
        }
        list.insert(low, at: position)
        count += 1
        if count > Self.listedCountMax { makeWords() }
        return 1
    }

    private mutating func flipInWords(_ flips: Span<Ordinal>) {
        var change = 0
        words.withUnsafeMutableBufferPointer { words in
            for index in flips.indices {
                let low = UInt16(truncatingIfNeeded: flips[index])
                let flipped = words[Int(low >> 6)] ^ Self.bit(low)
                words[Int(low >> 6)] = flipped
                change += flipped & Self.bit(low) != 0 ? 1 : -1
            }
        }
        count += change
        if count < Self.wordsCountMin { makeList() }
    }

    /// The list's members or the flips' contacts, but not those that are in both.
    private mutating func mergeIntoList(_ flips: Span<Ordinal>) {
        var merged: [UInt16] = []
        merged.reserveCapacity(count + flips.count)
        var position = 0
        var index = 0
        while index < flips.count {
            let low = UInt16(truncatingIfNeeded: flips[index])
            var isFlipped = false
            while index < flips.count, UInt16(truncatingIfNeeded: flips[index]) == low {
                isFlipped.toggle()
                index += 1
            }
            guard isFlipped else { continue }
            while position < list.count, list[position] < low {
                merged.append(list[position])
                position += 1
            }
            if position < list.count, list[position] == low {
                position += 1
            } else {
                merged.append(low)
            }
        }
        merged.append(contentsOf: list[position...])
        count = merged.count
        list = merged.isEmpty ? [] : merged
    }

    private mutating func makeWords() {
        words = [UInt64](repeating: 0, count: ColumnChunk.wordCount)
        for low in list { words[Int(low >> 6)] |= Self.bit(low) }
        list = []
    }

    private mutating func makeList() {
        list = words.withUnsafeBufferPointer { Self.list(of: $0, count: count) }
        words = []
    }

    private static func list(of words: UnsafeBufferPointer<UInt64>, count: Int) -> [UInt16] {
        var list: [UInt16] = []
        list.reserveCapacity(count)
        for (index, var word) in words.enumerated() {
            while word != 0 {
                list.append(UInt16(truncatingIfNeeded: index << 6 | word.trailingZeroBitCount))
                word &= word &- 1
            }
        }
        return list
    }
}
