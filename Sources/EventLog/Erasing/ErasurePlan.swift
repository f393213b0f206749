internal import SegmentModel

/// What takes the place of which event so that nothing is left of erased contacts, and all others stay as they are.
///
/// Orders and refunds that events name together hang together. Where, before the last of the erasures concerned, no event
/// of anybody else names any of them, everything said of them becomes holes: after that erasure nothing is known of them,
/// with the events or without. Otherwise what the erased contacts said of them stays, without a name (`ErasedEvent`).
/// In: the events a search found, in log order. Out: binary forms by sequence.
struct ErasurePlan {
    private(set) var replacements: [UInt64: [UInt8]] = [:]

    private let events: [LoggedEvent]
    private let lives: ErasedLives
    private let key: DigestKey
    private var groups = ThingGroups()
    /// By the number of the group: the last erasure concerned, and the first event of anybody else.
    private var lastErasure: [Int: UInt64] = [:]
    private var firstOther: [Int: UInt64] = [:]

    init(_ search: ErasureSearch, key: DigestKey) {
        events = search.events
        lives = search.lives
        self.key = key
        for event in events { groups.join(event.things) }
        for event in events { noteGroup(of: event) }
        replace()
    }

    private mutating func noteGroup(of event: LoggedEvent) {
        guard let thing = event.things.first, let contact = event.event.fact.contact else { return }
        let group = groups.number(of: thing)
        if let end = lives.end(of: contact, at: event.sequence) {
            lastErasure[group] = max(lastErasure[group] ?? 0, end)
        } else {
            firstOther[group] = min(firstOther[group] ?? .max, event.sequence)
        }
    }

    /// The erasure after which nothing is known of what the event names; nil if others' history needs it.
    private func end(of thing: Thing) -> UInt64? {
        let group = groups.number(of: thing)
        guard let last = lastErasure[group], firstOther[group] ?? .max > last else { return nil }
        return last
    }

    private mutating func replace() {
        var standIns: Set<UInt64> = []
        for event in events {
            guard let end = lives.end(of: event.event.fact.contact, at: event.sequence), !event.isErasure else {
                continue
            }
            let isNeeded = event.things.contains { self.end(of: $0) == nil }
            if isNeeded { standIns.insert(end) }
            replace(event, standIn: isNeeded ? end : nil)
        }
        for event in events where event.isErasure {
            guard lives.end(of: event.event.fact.contact, at: event.sequence) == event.sequence else { continue }
            replace(event, standIn: standIns.contains(event.sequence) ? event.sequence : nil)
        }
        let waiting = waitingCancellations()
        for event in events {
            guard case .orderCancelled(let order) = event.event.fact, let end = end(of: .order(order)),
                event.sequence < end, !waiting.contains(event.sequence)
            else { continue }
            replace(event, standIn: nil)
        }
    }

    private mutating func replace(_ logged: LoggedEvent, standIn: UInt64?) {
        let event = logged.event
        let id = event.isErased ? event.id : key.erasedID(of: event)
        let replacement =
            standIn.map { event.nameless(id: id, contact: ErasedEvent.standIn(erasedAt: $0)) } ?? event.hole(id: id)
        if replacement != event { replacements[logged.sequence] = replacement.encoded }
    }

    /// Cancellations that go on waiting for their order after the last erasure: they came when it was not known, and no
    /// state of it came since.
    private func waitingCancellations() -> Set<UInt64> {
        var waiting: [OrderKey: [UInt64]] = [:]
        var fold = ReferenceFold()
        for event in events where isPast(event) {
            fold.apply(event)
            switch event.event.fact {
            case .orderPlaced(let state), .orderChanged(let state): waiting[state.key] = nil
            case .orderCancelled(let order) where fold.isCancellationWaiting(for: order):
                waiting[order, default: []].append(event.sequence)
            default: break
            }
        }
        return Set(waiting.values.joined())
    }

    /// Whether the event came before the last erasure of what it names; erasures themselves did.
    private func isPast(_ event: LoggedEvent) -> Bool {
        guard let thing = event.things.first else { return event.isErasure }
        return end(of: thing).map { event.sequence < $0 } ?? false
    }
}

/// What is not a contact's alone: an order, or a refund, whose number is its source's own.
private enum Thing: Hashable {
    case order(OrderKey)
    case refund(source: Identifier, refund: Identifier)
}

extension LoggedEvent {
    fileprivate var isErasure: Bool {
        guard case .contactErased = event.fact else { return false }
        return true
    }

    fileprivate var things: [Thing] {
        switch event.fact {
        case .orderPlaced(let state), .orderChanged(let state): [.order(state.key)]
        case .orderCancelled(let order): [.order(order)]
        case .orderRefunded(let refund):
            [.refund(source: event.source, refund: refund.refund)] + (refund.orderKey.map { [.order($0)] } ?? [])
        default: []
        }
    }
}

/// Things that hang together, found by joining sets.
private struct ThingGroups {
    private var numbers: [Thing: Int] = [:]
    private var parents: [Int] = []

    /// Puts all of the things into one group.
    mutating func join(_ things: [Thing]) {
        var first: Int?
        for thing in things {
            let number = known(thing)
            let root = root(of: number)
            if let first { parents[root] = self.root(of: first) } else { first = root }
        }
    }

    /// The number of the thing's group.
    func number(of thing: Thing) -> Int {
        numbers[thing].map(root) ?? -1
    }

    private mutating func known(_ thing: Thing) -> Int {
        if let number = numbers[thing] { return number }
        numbers[thing] = parents.count
        parents.append(parents.count)
        return parents.count - 1
    }

    private func root(of number: Int) -> Int {
        var number = number
        while parents[number] != number { number = parents[number] }
        return number
    }
}

extension DigestKey {
    /// The id of what takes the place of the event.
    fileprivate func erasedID(of event: Event) -> Identifier {
        var (source, id) = (event.source.text, event.id.text)
        return source.withUTF8 { source in
            id.withUTF8 { erasedID(source: UnsafeRawBufferPointer(source), id: UnsafeRawBufferPointer($0)) }
        }
    }
}
