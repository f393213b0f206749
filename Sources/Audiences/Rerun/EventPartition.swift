internal import SegmentModel

/// Which events have to be folded to know some of the contacts exactly.
///
/// Contacts are divided by the hash of their ids. An order or refund that has to do with contacts of one part only is
/// needed for that part alone; one that went from contact to contact, and whatever hangs together with it, is needed for
/// all, and so are erasures. More than is needed does no harm: contacts of other parts are not looked at.
///
/// In: the subject of every event, once, then `settle`. Out: whether an event is needed for a part. Memory: some 20 bytes
/// for an order.
struct EventPartition {
    let count: Int
    /// The part of orders and refunds by their hashes.
    private var parts: [UInt64: UInt16] = [:]
    /// Refunds with the order that they name.
    private var links: [(refund: UInt64, order: UInt64)] = []

    /// More parts are not made.
    static let countMax = 4_096
    private static let shared = UInt16.max

    init(count: Int) {
        self.count = min(max(count, 1), Self.countMax)
    }

    /// The part that a contact is in.
    func part(of contact: UInt64) -> Int {
        Int(contact % UInt64(count))
    }

    /// Takes note of an event; they come in log order.
    mutating func note(_ subject: EventSubject) {
        guard let contact = subject.contact else { return }
        let part = UInt16(part(of: contact))
        if let order = subject.order { note(order, part) }
        guard let refund = subject.refund else { return }
        note(refund, part)
        if let order = subject.order { links.append((refund, order)) }
    }

    private mutating func note(_ thing: UInt64, _ part: UInt16) {
        let known = parts.updateValue(part, forKey: thing)
        if let known, known != part { parts[thing] = Self.shared }
    }

    /// Follows refunds to their orders and back, once every event was noted: what hangs together is shared together.
    mutating func settle() {
        var isSettled = links.isEmpty
        while !isSettled {
            isSettled = true
            for (refund, order) in links where parts[refund] != parts[order] {
                parts[refund] = Self.shared
                parts[order] = Self.shared
                isSettled = false
            }
        }
        links = []
    }

    /// Whether the event has to be folded to know the contacts of the part.
    func needs(_ subject: EventSubject, for part: Int) -> Bool {
        if count == 1 || subject.isErasure { return true }
        if let contact = subject.contact, self.part(of: contact) == part { return true }
        return [subject.order, subject.refund].contains { thing in
            guard let thing, let known = parts[thing] else { return false }
            return known == Self.shared || known == part
        }
    }
}
