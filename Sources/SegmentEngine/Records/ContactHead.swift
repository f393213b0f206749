internal import SegmentModel

/// The head of a record, opened to be changed: what was said about the contact itself, and when.
///
/// Values are slices of the record or window they came from, which must stay where they are until the head is written.
struct ContactHead {
    struct Entry {
        var slot: AttributeSlot
        /// Code and content, as records hold them.
        var value: UnsafeRawBufferPointer
        var stamp: Stamp
    }

    struct Tag {
        /// What it is compared by, and how it was spelt last.
        var folded: Symbol
        var spelling: Symbol
        var isPresent: Bool
        var stamp: Stamp
    }

    var firstSeenAt: Int64 = 0
    /// By ascending slot.
    var attributes: [Entry] = []
    var tags: [Tag] = []
    /// The latest statement of all tags: a tag it did not name is gone unless a later statement adds it.
    var allTagsStamp: Stamp?

    private var stamps: [Stamp] = []

    /// The head of a contact that nothing is known of.
    mutating func reset(firstSeenAt: Int64) {
        self.firstSeenAt = firstSeenAt
        attributes.removeAll(keepingCapacity: true)
        tags.removeAll(keepingCapacity: true)
        allTagsStamp = nil
    }

    // MARK: Changing

    /// Takes what an event says of attributes and tags, translated; see `FoldWindow`.
    mutating func take(_ change: UnsafeRawBufferPointer, stamp: Stamp) {
        var cursor = ByteCursor(change)
        for _ in 0..<cursor.count() {
            let slot = AttributeSlot(rawValue: UInt32(truncatingIfNeeded: cursor.varint()))
            let start = cursor.offset
            cursor.skipValue()
            set(slot, to: change.slice(start..<cursor.offset), stamp: stamp)
        }
        switch TagCode(rawValue: cursor.byte()) {
        case .edit:
            takeTags(&cursor, isPresent: true, stamp: stamp)
            takeTags(&cursor, isPresent: false, stamp: stamp)
        case .set: if beginAllTags(stamp: stamp) { takeTags(&cursor, isPresent: true, stamp: stamp) }
        case .unchanged, nil: break
        }
    }

    private mutating func takeTags(_ cursor: inout ByteCursor, isPresent: Bool, stamp: Stamp) {
        for _ in 0..<cursor.count() {
            let folded = cursor.symbol()
            setTag(folded: folded, spelling: cursor.symbol(), isPresent: isPresent, stamp: stamp)
        }
    }

    /// Takes the value unless a later one is known.
    mutating func set(_ slot: AttributeSlot, to value: UnsafeRawBufferPointer, stamp: Stamp) {
        let entry = Entry(slot: slot, value: value, stamp: stamp)
        // An event names its attributes in this order.
        guard let last = attributes.last, slot <= last.slot else {
            attributes.append(entry)
            return
        }
        let index = attributes.firstIndex { $0.slot >= slot } ?? attributes.endIndex
        guard attributes[index].slot == slot else {
            attributes.insert(entry, at: index)
            return
        }
        guard stamp > attributes[index].stamp else { return }
        attributes[index] = entry
    }

    /// Adds or removes a tag unless a later statement says otherwise.
    mutating func setTag(folded: Symbol, spelling: Symbol, isPresent: Bool, stamp: Stamp) {
        if let allTagsStamp, stamp < allTagsStamp { return }
        let tag = Tag(folded: folded, spelling: spelling, isPresent: isPresent, stamp: stamp)
        guard let index = tags.firstIndex(where: { $0.folded == folded }) else {
            tags.append(tag)
            return
        }
        if tags[index].stamp <= stamp { tags[index] = tag }
    }

    /// Begins a statement of all tags, unless a later one is known; `setTag` then adds each with the same stamp.
    ///
    /// - Returns: whether it counts.
    mutating func beginAllTags(stamp: Stamp) -> Bool {
        if let allTagsStamp, stamp <= allTagsStamp { return false }
        allTagsStamp = stamp
        tags.removeAll { $0.stamp < stamp }
        return true
    }

    // MARK: Bytes

    /// Reads a head; the cursor stands behind it afterwards.
    mutating func read(_ cursor: inout ByteCursor, of record: UnsafeRawBufferPointer) {
        reset(firstSeenAt: cursor.time())
        stamps.removeAll(keepingCapacity: true)
        for _ in 0..<cursor.count() { stamps.append(Stamp(from: &cursor)) }
        for _ in 0..<cursor.count() {
            let slot = AttributeSlot(rawValue: UInt32(truncatingIfNeeded: cursor.varint()))
            let stamp = stamps[cursor.count()]
            let start = cursor.offset
            cursor.skipValue()
            attributes.append(Entry(slot: slot, value: record.slice(start..<cursor.offset), stamp: stamp))
        }
        let allTags = cursor.count()
        allTagsStamp = allTags == 0 ? nil : stamps[allTags - 1]
        for _ in 0..<cursor.count() {
            let folded = cursor.symbol()
            let spelling = cursor.symbol()
            let mark = cursor.count()
            tags.append(
                Tag(folded: folded, spelling: spelling, isPresent: mark & 1 == 1, stamp: stamps[mark >> 1]))
        }
    }

    /// Appends the head without its length.
    mutating func write(to buffer: ByteBuffer) {
        collectStamps()
        buffer.time(firstSeenAt)
        buffer.count(stamps.count)
        for stamp in stamps { stamp.write(to: buffer) }
        buffer.count(attributes.count)
        for entry in attributes {
            buffer.varint(UInt64(entry.slot.rawValue))
            buffer.count(number(of: entry.stamp))
            buffer.raw(entry.value)
        }
        buffer.count(allTagsStamp.map { number(of: $0) + 1 } ?? 0)
        buffer.count(tags.count)
        for tag in tags {
            buffer.symbol(tag.folded)
            buffer.symbol(tag.spelling)
            buffer.count(number(of: tag.stamp) << 1 | (tag.isPresent ? 1 : 0))
        }
    }

    private mutating func collectStamps() {
        stamps.removeAll(keepingCapacity: true)
        for entry in attributes { collect(entry.stamp) }
        for tag in tags { collect(tag.stamp) }
        if let allTagsStamp { collect(allTagsStamp) }
        guard stamps.count > 1 else { return }
        stamps.sort()
        var kept = 1
        for stamp in stamps where stamp != stamps[kept - 1] {
            stamps[kept] = stamp
            kept += 1
        }
        stamps.removeSubrange(kept...)
    }

    private mutating func collect(_ stamp: Stamp) {
        if stamps.last != stamp { stamps.append(stamp) }
    }

    private func number(of stamp: Stamp) -> Int {
        var numbers = stamps.indices
        while numbers.count > 1 {
            let middle = numbers.lowerBound + numbers.count / 2
            numbers = stamps[middle] <= stamp ? middle..<numbers.upperBound : numbers.lowerBound..<middle
        }
        precondition(stamps[numbers.lowerBound] == stamp, "a stamp was not collected")
        return numbers.lowerBound
    }
}

/// The order of statements about one thing: the later occurredAt wins, between equals the later sequence.
struct Stamp: Comparable {
    /// Microseconds since 1970.
    var occurredAt: Int64
    var sequence: UInt64

    static func < (left: Stamp, right: Stamp) -> Bool {
        (left.occurredAt, left.sequence) < (right.occurredAt, right.sequence)
    }
}

extension Stamp {
    init(from cursor: inout ByteCursor) {
        occurredAt = cursor.time()
        sequence = cursor.varint()
    }

    func write(to buffer: ByteBuffer) {
        buffer.time(occurredAt)
        buffer.varint(sequence)
    }
}

extension ByteCursor {
    /// Moves past a value and its code.
    mutating func skipValue() {
        switch RecordFormat.ValueCode(rawValue: byte()) {
        case .cleared, .no, .yes: break
        case .text: skip(count())
        case .number, .instant, .symbol: skipVarint()
        case .list: for _ in 0..<count() { skip(count()) }
        case .birthday:
            skipVarint()
            skipVarint()
        case nil: preconditionFailure("a value has a code that no record holds")
        }
    }

    /// Reads a value and its code; nil if it was cleared.
    mutating func value() -> DecodedValue? {
        switch RecordFormat.ValueCode(rawValue: byte()) {
        case .cleared: return nil
        case .text: return .text(text())
        case .number: return .number(wideZigzag())
        case .no: return .boolean(false)
        case .yes: return .boolean(true)
        case .list:
            let count = count()
            let start = offset
            for _ in 0..<count { skip(self.count()) }
            return .list(start..<offset, count: count)
        case .instant: return .instant(zigzag())
        case .birthday: return .birthday(month: count(), day: count())
        case .symbol: return .symbol(symbol())
        case nil: preconditionFailure("a value has a code that no record holds")
        }
    }
}
