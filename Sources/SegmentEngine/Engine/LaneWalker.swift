/// Walks contacts through what happened to them in a batch and lays down a lane for every step. One per thread.
///
/// In: a contact's touches in log order, and the instant of its next window edge. Out: lanes, the leaves that flipped
/// between the first and the last of them, and the next edge after. Contacts do not depend on each other, so any number
/// of walkers can share a batch. A step evaluates only the parts of the contact that it can change.
struct LaneWalker {
    private var evaluator: TruthEvaluator
    private let heavy: HeavyContacts
    private let number: UInt32
    private var findings = LaneFindings()

    // The contact being walked.
    private var contact = DecodedContact()
    private var areItemsDecoded = false
    /// Its history, if that is kept unpacked; then all its truths stand as those of its head.
    private var unpacked: HeavyContact?
    private var truths = TruthList()
    /// The number of the list; nil if the contact does not exist.
    private var list: UInt32?
    /// Until when the truths of each part hold.
    private var edges = InlineArray<3, Int64>(repeating: Wake.never)

    /// Which leaves a list holds, by leaf: the number of the comparison that saw it.
    private var marks: [UInt32]
    private var comparison: UInt32 = 0

    init(number: Int, program: LeafProgram, texts: any SymbolTexts, heavy: HeavyContacts, leafIDLimit: Int) {
        self.number = UInt32(number)
        evaluator = TruthEvaluator(program: program, texts: texts)
        self.heavy = heavy
        marks = [UInt32](repeating: 0, count: leafIDLimit)
    }

    /// Hands over what was found and takes memory to go on with.
    mutating func exchangeFindings(for empty: LaneFindings) -> LaneFindings {
        defer { findings = empty }
        return findings
    }

    /// Walks a contact through its touches, and through every window edge on the way up to `through`.
    mutating func walk(_ touches: ArraySlice<Touch>, through: Int64) {
        guard let first = touches.first, let last = touches.last else { return }
        begin(with: first.before, of: first.ordinal, at: first.instant)
        let initial = list
        for touch in touches {
            passEdges(of: touch.before, ordinal: touch.ordinal, through: touch.instant)
            let old = list
            follow(touch)
            lay(touch.ordinal, from: old, at: touch.instant, sequence: touch.sequence, isErasure: touch.isErasure)
        }
        passEdges(of: last.after, ordinal: last.ordinal, through: through)
        end(last.ordinal, initial)
    }

    /// Walks a contact that nothing happened to past the edge that is due, and others up to `through`.
    mutating func wake(_ record: RecordReference, ordinal: Ordinal, edge: Int64, through: Int64) {
        begin(with: record, of: ordinal, at: edge - 1)
        let initial = list
        passEdges(of: record, ordinal: ordinal, through: through)
        end(ordinal, initial)
    }

    private mutating func begin(with record: RecordReference, of ordinal: Ordinal, at now: Int64) {
        unpack(record, of: ordinal)
        decode(record)
        evaluate(record, at: now) { _ in true }
    }

    private mutating func end(_ ordinal: Ordinal, _ initial: UInt32?) {
        findings.wakes.append((ordinal, nextEdge))
        compare(initial, with: list, of: ordinal)
    }

    /// Lays a lane from a list to the present one; without a sequence for a window edge.
    private mutating func lay(
        _ ordinal: Ordinal, from old: UInt32?, at instant: Int64, sequence: UInt64 = 0, isErasure: Bool = false
    ) {
        findings.lanes.append(
            Lane(
                instant: instant, sequence: sequence, ordinal: ordinal, isErasure: isErasure, walker: number, old: old,
                new: list))
    }

    private var nextEdge: Int64 { min(edges[0], edges[1], edges[2]) }

    private mutating func passEdges(of record: RecordReference, ordinal: Ordinal, through: Int64) {
        while nextEdge <= through {
            let (old, instant) = (list, nextEdge)
            let edges = edges
            evaluate(record, at: instant) { edges[$0.rawValue] <= instant }
            lay(ordinal, from: old, at: instant)
        }
    }

    // MARK: Evaluating

    private mutating func decode(_ record: RecordReference) {
        areItemsDecoded = false
        guard unpacked == nil, !record.isNone else { return }
        contact.decode(record.bytes, for: evaluator.program)
        areItemsDecoded = true
    }

    /// Evaluates the parts that are due; what was found of the others goes on to hold.
    private mutating func evaluate(_ record: RecordReference, at now: Int64, _ isDue: (ContactPart) -> Bool) {
        guard !record.isNone else {
            edges = InlineArray(repeating: Wake.never)
            list = nil
            return
        }
        if let unpacked {
            evaluate(unpacked, record, at: now)
        } else {
            for part in ContactPart.allCases where isDue(part) { evaluate(part, record, at: now) }
        }
        list = findings.append(truths)
    }

    private mutating func evaluate(_ part: ContactPart, _ record: RecordReference, at now: Int64) {
        if part != .head, !areItemsDecoded { decode(record) }
        let first = findings.truths.count
        edges[part.rawValue] = evaluator.evaluate(
            part, of: contact, bytes: record.bytes, at: now, truths: &findings.truths)
        truths[part] = first..<findings.truths.count
    }

    /// Takes a touch, and evaluates what it changed.
    private mutating func follow(_ touch: Touch) {
        if let known = unpacked {
            follow(touch, known)
            if unpacked == nil { decode(touch.after) }
            return evaluate(touch.after, at: touch.instant) { _ in true }
        }
        if unpack(touch.after, of: touch.ordinal) { return evaluate(touch.after, at: touch.instant) { _ in true } }
        switch touch.extent {
        case .head:
            contact.decodeHead(touch.after.bytes)
            areItemsDecoded = false
            evaluate(touch.after, at: touch.instant) { $0 == .head }
        case .end where areItemsDecoded:
            let (orders, refunds, activities) =
                (contact.orders.count, contact.refunds.count, contact.activities.count)
            contact.appendItems(touch.after.bytes, from: Int(touch.before.length))
            let hasOrders = contact.orders.count > orders || contact.refunds.count > refunds
            let hasActivities = contact.activities.count > activities
            evaluate(touch.after, at: touch.instant) {
                $0 == .orders && hasOrders || $0 == .activities && hasActivities
            }
        case .end, .anything:
            decode(touch.after)
            evaluate(touch.after, at: touch.instant) { _ in true }
        }
    }

    // MARK: Heavy contacts

    /// Turns to a contact's unpacked history, or unpacks it, if the record is long; false if it is not.
    @discardableResult
    private mutating func unpack(_ record: RecordReference, of ordinal: Ordinal) -> Bool {
        unpacked = nil
        guard !record.isNone, record.length >= heavy.recordBytesMin else { return false }
        let known = heavy.contact(ordinal)
        let history = known ?? HeavyContact(history: HeavyHistory(program: evaluator.program))
        unpacked = history
        if known == nil {
            rebuild(history, from: record)
            heavy.insert(history, ordinal)
        }
        return true
    }

    private mutating func evaluate(_ unpacked: HeavyContact, _ record: RecordReference, at now: Int64) {
        contact.decodeHead(record.bytes)
        areItemsDecoded = false
        contact.refunds.append(contentsOf: unpacked.refunds)
        let first = findings.truths.count
        edges = InlineArray(repeating: Wake.never)
        edges[ContactPart.head.rawValue] = evaluator.evaluate(
            contact, unpacked.history, bytes: record.bytes, at: now, truths: &findings.truths)
        truths = TruthList(head: first..<findings.truths.count)
    }

    private mutating func rebuild(_ heavy: HeavyContact, from record: RecordReference) {
        contact.decode(record.bytes)
        evaluator.rebuild(heavy.history, contact, bytes: record.bytes)
        heavy.refunds = contact.refunds
    }

    /// Takes a touch into the unpacked history.
    private mutating func follow(_ touch: Touch, _ known: HeavyContact) {
        switch touch.extent {
        // One that is not followed any more would be out of date when the record is long again.
        case _ where touch.after.isNone || touch.after.length < heavy.recordBytesMin:
            heavy.remove(touch.ordinal)
            unpacked = nil
        case .head: break
        case .anything: rebuild(known, from: touch.after)
        case .end:
            contact.decodeItems(touch.after.bytes, from: Int(touch.before.length))
            known.refunds += contact.refunds
            if !append(to: known.history, bytes: touch.after.bytes) { rebuild(known, from: touch.after) }
        }
    }

    /// Adds the contact's items; false if one of them is not the latest.
    private mutating func append(to history: HeavyHistory, bytes: UnsafeRawBufferPointer) -> Bool {
        for order in contact.orders where !evaluator.append(order, contact.lines, to: history) { return false }
        for activity in contact.activities
        where !evaluator.append(activity, contact.properties, bytes: bytes, to: history) { return false }
        return true
    }

    // MARK: Flips

    /// Notes the leaves in which two lists differ.
    private mutating func compare(_ old: UInt32?, with new: UInt32?, of ordinal: Ordinal) {
        if old == new { return }
        let (oldList, newList) = findings.differing(old, new)
        comparison &+= 1
        let seen = comparison
        oldList.forEach { marks[Int(findings.truths[$0])] = seen }
        comparison &+= 1
        newList.forEach { place in
            let leaf = findings.truths[place]
            if marks[Int(leaf)] == seen { marks[Int(leaf)] = comparison } else { flip(leaf, of: ordinal) }
        }
        oldList.forEach { place in
            let leaf = findings.truths[place]
            if marks[Int(leaf)] == seen { flip(leaf, of: ordinal) }
        }
        if (old == nil) != (new == nil) { findings.existing.append(ordinal) }
    }

    private mutating func flip(_ leaf: UInt32, of ordinal: Ordinal) {
        findings.flips.append(leaf: LeafID(rawValue: leaf), ordinal: ordinal)
    }
}
