internal import Synchronization

/// Contacts with long records, unpacked: an event then costs what it adds, not what there is.
///
/// Every change of such a contact goes through its history, so that is always up to date; a program or a catch-up that
/// passes it by needs a new collection. Bounded: the one that came first goes when another comes.
final class HeavyContacts: Sendable {
    /// Records shorter than this are unpacked each time.
    let recordBytesMin: Int
    private static let countMax = 4_096

    private struct State {
        var contacts: [Ordinal: HeavyContact] = [:]
        var arrivals: [Ordinal] = []
        var oldest = 0
    }

    private let state = Mutex(State())

    init(recordBytesMin: Int) {
        self.recordBytesMin = recordBytesMin
    }

    func contact(_ ordinal: Ordinal) -> HeavyContact? {
        state.withLock { $0.contacts[ordinal] }
    }

    func insert(_ contact: HeavyContact, _ ordinal: Ordinal) {
        state.withLock { state in
            if state.arrivals.count < Self.countMax {
                state.arrivals.append(ordinal)
            } else {
                state.contacts[state.arrivals[state.oldest]] = nil
                state.arrivals[state.oldest] = ordinal
                state.oldest = (state.oldest + 1) % Self.countMax
            }
            state.contacts[ordinal] = contact
        }
    }

    func remove(_ ordinal: Ordinal) {
        state.withLock { $0.contacts[ordinal] = nil }
    }
}

/// One contact's unpacked history. Unchecked, because a batch gives each contact to one walker alone.
final class HeavyContact: @unchecked Sendable {
    let history: HeavyHistory
    /// Refunds that name no known order.
    var refunds: [DecodedRefund] = []

    init(history: HeavyHistory) {
        self.history = history
    }
}
