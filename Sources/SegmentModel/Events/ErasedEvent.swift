/// What stands in the log in the place of an event that was said of a contact before it was erased.
///
/// Most become holes, of which nothing is left but that there was an event. Of an order or a refund that another contact's
/// events name too, that contact's own history depends on what was said: such an event keeps the order or the refund and
/// its instants, and names a stand-in for the contact. The erasure itself then erases the stand-in, at the place at which
/// the contact was erased, so that the fold of everybody else stays exactly as it was.
public enum ErasedEvent {
    /// Begins the id of every such event and of every stand-in. No source can send it: identifiers have no control
    /// characters.
    static let mark: UInt8 = 1

    /// The id that stands in for the event's own.
    ///
    /// - Parameter digest: what the event's source and id are recognised by.
    public static func id(digest: [UInt8]) -> Identifier {
        let digits = digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        return Identifier("\u{1}" + digits)
    }

    /// The stand-in for a contact in the events before its erasure.
    public static func standIn(erasedAt sequence: UInt64) -> Identifier {
        Identifier("\u{1}\(sequence)")
    }

    /// The sequence of the erasure that a stand-in belongs to; nil if it is none.
    public static func erasure(of standIn: Identifier) -> UInt64? {
        isMarked(standIn) ? UInt64(standIn.text.dropFirst()) : nil
    }

    /// Whether the identifier is one of these.
    public static func isMarked(_ identifier: Identifier) -> Bool { identifier.text.utf8.first == mark }

    /// Whether the bytes of an identifier are one of these.
    package static func isMarked(_ identifier: UnsafeRawBufferPointer) -> Bool { identifier.first == mark }
}

extension Event {
    /// Whether it stands in the place of an event of an erased contact.
    public var isErased: Bool { ErasedEvent.isMarked(id) }

    /// What takes its place if nothing of it is needed.
    public func hole(id: Identifier) -> Event {
        Event(source: "", id: id, time: nil, fact: .hole)
    }

    /// What takes its place if others' history needs it: a statement about an order or a refund, or the erasure.
    public func nameless(id: Identifier, contact: Identifier) -> Event {
        switch fact {
        case .orderPlaced(let state), .orderChanged(let state):
            let rest = OrderState(
                key: state.key, contact: contact, currency: Self.noCurrency, total: .zero, placedAt: state.placedAt)
            return Event(source: "", id: id, time: time, fact: .orderChanged(rest))
        case .orderRefunded(var refund):
            refund.contact = contact
            // A refund's number is its source's own.
            return Event(source: source, id: id, time: time, fact: .orderRefunded(refund))
        case .contactErased:
            return Event(source: "", id: id, time: nil, fact: .contactErased(contact: contact))
        default: return hole(id: id)
        }
    }

    /// The code of ISO 4217 for no currency.
    private static let noCurrency = String(repeating: "X", count: 3)
}
