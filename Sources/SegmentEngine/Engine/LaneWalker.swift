/// Walks contacts through what happened to them in a batch and lays down a lane for every step. One per thread.
///
/// In: a contact's touches in log order, and the instant of its next window edge. Out: lanes, the leaves that flipped
/// between the first and the last of them, and the next edge after. Contacts do not depend on each other, so any number
/// of walkers can share a batch.
struct LaneWalker {
    private var evaluator: TruthEvaluator
    private let heavy: HeavyContacts
    /// The contact being walked, if its history is kept unpacked.
    private var unpacked: HeavyContact?
    private var contact = DecodedContact()
    private let number: UInt32
    private var findings = LaneFindings()
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
        guard let first = touches.first else { return }
        unpack(first.before, of: first.ordinal)
        var (current, next) = evaluate(first.before, at: first.instant)
        let initial = current
        for touch in touches {
            (current, next) = passEdges(
                of: touch.before, ordinal: touch.ordinal, from: current, next: next, through: touch.instant)
            let old = current
            follow(touch)
            (current, next) = evaluate(touch.after, at: touch.instant)
            findings.lanes.append(
                Lane(
                    instant: touch.instant, sequence: touch.sequence, ordinal: touch.ordinal,
                    isErasure: touch.isErasure, walker: number, old: old, new: current))
        }
        guard let last = touches.last else { return }
        (current, next) = passEdges(of: last.after, ordinal: last.ordinal, from: current, next: next, through: through)
        findings.wakes.append((last.ordinal, next))
        compare(initial, with: current, of: last.ordinal)
    }

    /// Walks a contact that nothing happened to past the edge that is due, and others up to `through`.
    mutating func wake(_ record: RecordReference, ordinal: Ordinal, edge: Int64, through: Int64) {
        unpack(record, of: ordinal)
        let (initial, _) = evaluate(record, at: edge - 1)
        let (current, next) = passEdges(of: record, ordinal: ordinal, from: initial, next: edge, through: through)
        findings.wakes.append((ordinal, next))
        compare(initial, with: current, of: ordinal)
    }

    private mutating func passEdges(
        of record: RecordReference, ordinal: Ordinal, from truths: UInt32?, next edge: Int64, through: Int64
    ) -> (truths: UInt32?, next: Int64) {
        var (current, edge) = (truths, edge)
        while edge <= through {
            let old = current
            let instant = edge
            (current, edge) = evaluate(record, at: instant)
            findings.lanes.append(
                Lane(
                    instant: instant, sequence: 0, ordinal: ordinal, isErasure: false, walker: number, old: old,
                    new: current))
        }
        return (current, edge)
    }

    /// The number of the list of true leaves, nil if there is no contact, and the next edge.
    private mutating func evaluate(_ record: RecordReference, at now: Int64) -> (truths: UInt32?, next: Int64) {
        guard !record.isNone else { return (nil, Wake.never) }
        let next: Int64
        if let unpacked {
            contact.decodeHead(record.bytes)
            contact.refunds.append(contentsOf: unpacked.refunds)
            next = evaluator.evaluate(
                contact, unpacked.history, bytes: record.bytes, at: now, truths: &findings.truths)
        } else {
            contact.decode(record.bytes, for: evaluator.program)
            next = evaluator.evaluate(contact, bytes: record.bytes, at: now, truths: &findings.truths)
        }
        return (findings.endList(), next)
    }

    // MARK: Heavy contacts

    /// Turns to a contact; finds its unpacked history, or unpacks it, if the record is long.
    private mutating func unpack(_ record: RecordReference, of ordinal: Ordinal) {
        unpacked = nil
        guard !record.isNone, record.length >= heavy.recordBytesMin else { return }
        if let known = heavy.contact(ordinal) {
            unpacked = known
            return
        }
        let made = HeavyContact(history: HeavyHistory(program: evaluator.program))
        rebuild(made, from: record)
        heavy.insert(made, ordinal)
        unpacked = made
    }

    private mutating func rebuild(_ heavy: HeavyContact, from record: RecordReference) {
        contact.decode(record.bytes)
        evaluator.rebuild(heavy.history, contact, bytes: record.bytes)
        heavy.refunds = contact.refunds
    }

    /// Takes a touch into the unpacked history.
    private mutating func follow(_ touch: Touch) {
        guard let known = unpacked else { return unpack(touch.after, of: touch.ordinal) }
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

    /// Notes the leaves in which two lists differ.
    private mutating func compare(_ old: UInt32?, with new: UInt32?, of ordinal: Ordinal) {
        if old == new { return }
        comparison &+= 1
        let seen = comparison
        let (oldList, newList) = (findings.list(old), findings.list(new))
        for place in oldList { marks[Int(findings.truths[place])] = seen }
        comparison &+= 1
        for place in newList {
            let leaf = findings.truths[place]
            if marks[Int(leaf)] == seen { marks[Int(leaf)] = comparison } else { flip(leaf, of: ordinal) }
        }
        for place in oldList where marks[Int(findings.truths[place])] == seen {
            flip(findings.truths[place], of: ordinal)
        }
        if (old == nil) != (new == nil) { findings.existing.append(ordinal) }
    }

    private mutating func flip(_ leaf: UInt32, of ordinal: Ordinal) {
        findings.flips.append(leaf: LeafID(rawValue: leaf), ordinal: ordinal)
    }
}

/// What a walker lays down for a batch.
struct LaneFindings: Sendable {
    /// Truth lists one after the other; list n lies between `ends[n - 1]` and `ends[n]`.
    var truths: [UInt32] = []
    private var ends: [Int] = []
    var lanes: [Lane] = []
    /// Leaves that differ between a contact's first and last list.
    var flips = LeafFlips()
    /// Contacts that came into being or are gone.
    var existing: [Ordinal] = []
    /// The next edge of each contact walked.
    var wakes: [(ordinal: Ordinal, instant: Int64)] = []

    /// Forgets the batch and keeps the memory.
    mutating func removeAll() {
        truths.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        lanes.removeAll(keepingCapacity: true)
        flips.removeAll()
        existing.removeAll(keepingCapacity: true)
        wakes.removeAll(keepingCapacity: true)
    }

    /// Ends the list that was appended to `truths`, and numbers it.
    mutating func endList() -> UInt32 {
        ends.append(truths.count)
        return UInt32(ends.count - 1)
    }

    /// Where the leaves of a list stand in `truths`; nowhere for a contact that does not exist.
    func list(_ number: UInt32?) -> Range<Int> {
        guard let number = number.map(Int.init) else { return 0..<0 }
        return (number == 0 ? 0 : ends[number - 1])..<ends[number]
    }
}
