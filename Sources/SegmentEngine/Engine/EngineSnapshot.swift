internal import EventLog
public import SegmentModel

/// The engine at one frontier, for readers on any thread: nothing in it changes, and no reader waits for the engine.
/// With one exception: a contact that is erased meanwhile is no longer found by its id, as nobody should find it.
///
/// Costs a few microseconds to take. While one is kept, the engine copies what it changes.
public struct EngineSnapshot: Sendable {
    /// The instant every answer is true at.
    public let frontier: Instant
    /// The last event seen.
    public let sequence: UInt64
    /// Contacts that exist.
    public let contactCount: Int

    let context: EvaluationContext
    let catalog: Catalog
    let columns: LeafColumns
    let counts: [Int]
    let records: RecordSnapshot
    let vocabulary: Vocabulary
    let contacts: ContactIndex
    let order: SortedContacts
    let values: ValueCache
    let pool: WorkerPool

    // MARK: Segments

    /// Members of a saved segment, nil if there is none. Costs two look-ups.
    public func count(of id: String) -> Int? {
        catalog.number(of: id).map { counts[Int($0.rawValue)] }
    }

    /// The members of a saved segment. Costs microseconds: algebra over the columns of its leaves.
    public func members(of id: String) -> MemberSet? {
        catalog.number(of: id).flatMap { catalog.condition(of: $0) }.map { members(of: catalog.program(of: $0)) }
    }

    /// The members of a condition that need not be saved. Leaves that no segment has are looked up in columns of values,
    /// which the first such question makes, or in all records, by all threads of the engine's pool.
    public func members(of condition: Condition) -> MemberSet {
        evaluate(condition) { program, columns in
            MemberSet(bitmap: Bitmap(members: program, of: columns, existing: columns.existing))
        }
    }

    /// Hands the program of a condition to the body, with columns for all its leaves.
    private func evaluate<Answer>(_ condition: Condition, _ body: (Plan, ReviewColumns) -> Answer) -> Answer {
        let unknown = catalog.unknownLeaves(of: condition)
        guard !unknown.isEmpty else {
            return body(
                catalog.program(of: condition),
                ReviewColumns(known: columns, found: [], foundFirst: catalog.leafIDLimit))
        }
        let found = foundColumns(of: unknown)
        let first = catalog.leafIDLimit
        let program = catalog.program(of: condition) { leaf in
            unknown.firstIndex(of: leaf).map { LeafID(rawValue: UInt32(first + $0)) }
        }
        return body(program, ReviewColumns(known: columns, found: found, foundFirst: first))
    }

    /// How many members a condition has that need not be saved.
    public func count(of condition: Condition) -> Int {
        evaluate(condition) { program, columns in
            ColumnAlgebra(program: program)
                .count(chunks: 0..<columns.existing.chunkCount, of: columns, existing: columns.existing)
        }
    }

    /// Memory of the columns of values that reviews have made, in bytes; they are let go when nobody reviews for a while.
    public var valueByteCount: Int { values.byteCount }

    private func members(of program: Plan) -> MemberSet {
        MemberSet(bitmap: Bitmap(members: program, of: columns, existing: columns.exists))
    }

    /// All contacts.
    public var everyone: MemberSet { MemberSet(bitmap: columns.exists) }

    // MARK: Contacts

    /// A contact with all that is visible of it. Costs a few microseconds.
    public func contact(_ id: Identifier) -> Contact? {
        ordinal(of: id).map(contact)
    }

    /// The ids of the saved segments that a contact is in.
    public func segments(of id: Identifier) -> [String] {
        guard let ordinal = ordinal(of: id) else { return [] }
        let plan = catalog.plan
        let truth = ContactTruth(ordinal: ordinal, columns: columns)
        let tile = Tile(leafIDLimit: plan.leafIDLimit)
        tile.begin(lane: 0, existed: false, exists: true)
        truth.leaves(limit: plan.leafIDLimit).withUnsafeBufferPointer {
            tile.insert($0, lane: 0, before: false, after: true)
        }
        var changes: [LaneChange] = []
        var counts = Array(repeating: 0, count: plan.roots.count)
        TileEvaluator(plan: plan).evaluate(tile, counts: &counts, changes: &changes)
        return changes.compactMap { catalog.id(of: $0.segment) }
    }

    /// Whether a contact is in a saved segment. Costs microseconds.
    public func isMember(_ id: Identifier, of segment: String) -> Bool {
        guard let ordinal = ordinal(of: id), let number = catalog.number(of: segment),
            let condition = catalog.condition(of: number)
        else { return false }
        let chunk = Int(ordinal) / ColumnChunk.contactCount
        let low = Int(ordinal) % ColumnChunk.contactCount
        var words = [UInt64](repeating: 0, count: ColumnChunk.wordCount)
        words.withUnsafeMutableBufferPointer { words in
            guard let base = words.baseAddress else { return }
            _ = ColumnAlgebra(program: catalog.program(of: condition)).members(
                chunk: chunk, of: columns, existing: columns.exists, into: base)
        }
        return words[low >> 6] >> UInt64(low & 63) & 1 == 1
    }

    /// The reference evaluator with the segments that the condition refers to.
    func evaluator(for condition: Condition) -> ReferenceEvaluator {
        var context = context
        context.segments = [:]
        var waiting = condition.segmentReferences
        while let reference = waiting.popLast() {
            guard context.segments[reference] == nil, let number = catalog.number(of: reference),
                let definition = catalog.condition(of: number)
            else { continue }
            context.segments[reference] = definition
            waiting += definition.segmentReferences
        }
        return ReferenceEvaluator(context: context)
    }

    func ordinal(of id: Identifier) -> Ordinal? {
        var text = id.text
        return text.withUTF8 { bytes in
            contacts.ordinal(of: UnsafeRawBufferPointer(bytes)) { records.id(of: $0) }
        }
    }

    func contact(_ ordinal: Ordinal) -> Contact {
        records.withRecord(ordinal) { Contact(record: $0, vocabulary: vocabulary) }
    }

    // MARK: Lists

    /// Contacts of a set in the order of their ids' bytes, from the first whose id is above `after`.
    ///
    /// The first call sorts all ids, later ones only what came since.
    public func page(of members: MemberSet, after: Identifier? = nil, limit: Int = .max) -> [Identifier] {
        var page: [Identifier] = []
        forEach(in: members, after: after) { ordinal in
            guard page.count < limit else { return false }
            records.withID(ordinal) { page.append(Identifier(String(decoding: $0, as: UTF8.self))) }
            return true
        }
        return page
    }

    /// The same contacts with what a mail tool needs to reach them, those whose ids begin with a prefix.
    public func page(
        ofRecipients members: MemberSet, idPrefix: String = "", after: Identifier? = nil, limit: Int = .max
    ) -> [(contact: Identifier, email: String?)] {
        var page: [(Identifier, String?)] = []
        var decoded = DecodedContact()
        forEach(in: members, idPrefix: idPrefix, after: after) { ordinal in
            guard page.count < limit else { return false }
            records.withRecord(ordinal) { record in
                decoded.decode(record)
                let id = Identifier(String(decoding: RecordReader(record).id, as: UTF8.self))
                page.append((id, decoded.email(in: record)))
            }
            return true
        }
        return page
    }

    /// How many of a set have ids that begin with a prefix. Costs a step for each contact that has one.
    public func count(of members: MemberSet, idPrefix: String) -> Int {
        var count = 0
        forEach(in: members, idPrefix: idPrefix, after: nil) { _ in
            count += 1
            return true
        }
        return count
    }

    /// Calls the body for the members whose ids begin with the prefix, in order, until it returns false.
    private func forEach(
        in members: MemberSet, idPrefix: String = "", after: Identifier?, _ body: (Ordinal) -> Bool
    ) {
        let sorted = order.order(count: records.count) { records.id(of: $0) }
        let prefix = Array(idPrefix.utf8)
        var first = after.map { position(after: Array($0.text.utf8), in: sorted) } ?? 0
        var end = sorted.count
        if !prefix.isEmpty {
            // The first that is not before the prefix is the first after what is just before it.
            first = max(first, position(notBefore: prefix, in: sorted))
            // No id has a byte 0xFF, as no text in UTF-8 does.
            end = position(after: prefix + [0xFF], in: sorted)
        }
        guard first < end else { return }
        for ordinal in sorted[first..<end] where members.bitmap.contains(ordinal) {
            guard body(ordinal) else { return }
        }
    }

    private func position(after id: [UInt8], in sorted: [Ordinal]) -> Int {
        id.withUnsafeBytes { bytes in IDOrder.position(after: bytes, in: sorted) { records.id(of: $0) } }
    }

    private func position(notBefore id: [UInt8], in sorted: [Ordinal]) -> Int {
        let next = position(after: id, in: sorted)
        let isThere = ordinal(of: Identifier(String(decoding: id, as: UTF8.self))) != nil
        guard isThere else { return next }
        // The id itself, with those that are gone between it and the next.
        return sorted[..<next].lastIndex { records.id(of: $0).elementsEqual(id) } ?? next
    }
}

/// Contacts that a condition selects.
public struct MemberSet: Sendable {
    let bitmap: Bitmap

    public var count: Int { bitmap.count }
}

/// The columns of known leaves and, from a number on, of leaves found for one question.
private struct ReviewColumns: ColumnSource {
    let known: LeafColumns
    let found: [Bitmap]
    let foundFirst: Int

    var existing: Bitmap { known.exists }

    func withWords<Answer>(
        of leaf: LeafID, chunk: Int, scratch: UnsafeMutablePointer<UInt64>,
        _ body: (UnsafePointer<UInt64>?) -> Answer
    ) -> Answer {
        let place = Int(leaf.rawValue) - foundFirst
        guard place >= 0 else { return known.withWords(of: leaf, chunk: chunk, scratch: scratch, body) }
        return found[place].withWords(chunk: chunk, scratch: scratch, body)
    }
}

/// The leaves that hold for one contact, read from the columns.
private struct ContactTruth {
    let ordinal: Ordinal
    let columns: LeafColumns

    func leaves(limit: Int) -> [UInt32] {
        (0..<UInt32(min(limit, columns.columnCount))).filter { columns[LeafID(rawValue: $0)].contains(ordinal) }
    }
}

extension DecodedContact {
    /// The e-mail address in a record.
    func email(in record: UnsafeRawBufferPointer) -> String? {
        emailBytes(in: record).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The same where it lies.
    func emailBytes(in record: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard let email = attributes.first(where: { $0.slot.rawValue == UInt32(KnownAttribute.email.code) }),
            case .text(let range) = email.value
        else { return nil }
        return record.slice(range)
    }
}

extension MembershipEngine {
    /// The engine as it is now, for readers on other threads. Events folded must have been advanced past.
    public func snapshot() -> EngineSnapshot {
        finishBatch()
        return EngineSnapshot(
            frontier: frontier.instant, sequence: sequence, contactCount: fold.contactCount, context: context,
            catalog: catalog, columns: columns, counts: counts, records: fold.store.snapshot(),
            vocabulary: fold.vocabulary, contacts: fold.contacts, order: order, values: values,
            pool: pool)
    }
}

extension RecordSnapshot {
    /// The id of a contact, empty if it is gone or came later; valid as long as the snapshot.
    func id(of ordinal: Ordinal) -> UnsafeRawBufferPointer {
        guard ordinal < count else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        return withRecord(ordinal) { record in
            guard !record.isEmpty else { return record }
            var cursor = ByteCursor(record)
            return record.slice(cursor.text())
        }
    }

    func withID(_ ordinal: Ordinal, _ body: (UnsafeRawBufferPointer) -> Void) {
        withRecord(ordinal) { _ in body(id(of: ordinal)) }
    }
}
