internal import Admission
internal import EventLog
internal import SegmentEngine
internal import SegmentModel

// An older copy of a data directory has contacts that were erased since. The list of erasures, which is not in the copy,
// says which: they are erased again before anything is served.
extension Audience {
    /// Erases the contacts again that the list says were erased, and that the log has from before.
    ///
    /// To be called before anybody asks. The erasures are appended without a delay and worked off at once, so that what was
    /// said of these contacts is gone even while other events that came before are still pending.
    ///
    /// - Returns: how many.
    func reapplyErasures() async throws(AudienceError) -> Int {
        try listErasures()
        let lost = try lostErasures()
        guard !lost.isEmpty else { return 0 }
        let contacts = try await contacts(lost)
        guard !contacts.isEmpty else { return 0 }
        let last = try await append(contacts.map(Self.reapplied), delayMicroseconds: 0)
        try await present()
        await erasing.turns.begin()
        defer { erasing.turns.end() }
        let erasures = log.erasures.filter { $0.sequence + UInt64(contacts.count) > last.sequence }
        _ = try await workOff(erasures, through: last.sequence)
        return contacts.count
    }

    private static func reapplied(_ contact: Identifier) -> Event {
        var random = SystemRandomNumberGenerator()
        let number = String(UInt64.random(in: .min ... .max, using: &random), radix: 16)
        return Event(
            source: "segmentd:restore", id: Identifier("erase-" + number), time: nil,
            fact: .contactErased(contact: contact))
    }

    /// The listed erasures that this log has not seen, by digest: the last of each. One that the log has seen since makes up
    /// for those before.
    private func lostErasures() throws(AudienceError) -> [String: ErasureList.Entry] {
        var lost: [String: ErasureList.Entry] = [:]
        let entries = erasureList.entries(of: id)
        let places = Set(entries.map(\.sequence)).sorted()
        let recordedAt: [UInt64: Instant]
        do {
            recordedAt = try log.recordedAt(of: places)
        } catch {
            throw AudienceError(error)
        }
        for entry in entries {
            lost[entry.digest] = recordedAt[entry.sequence] == entry.recordedAt ? nil : entry
        }
        return lost
    }

    /// The contacts of these erasures that the log has something of from before them.
    private func contacts(_ lost: [String: ErasureList.Entry]) async throws(AudienceError) -> [Identifier] {
        let snapshot = await snapshot()
        let key = erasureList.contactKey(of: id)
        var found: Set<Identifier> = []
        var after: Identifier?
        repeat {
            let page = snapshot.engine.page(of: snapshot.engine.everyone, after: after, limit: Self.pageMax)
            for contact in page where lost[key.digest(of: contact)] != nil { found.insert(contact) }
            after = page.count == Self.pageMax ? page.last : nil
        } while after != nil
        do {
            _ = try log.forEachStored(from: snapshot.engine.sequence + 1, countMax: .max) { event in
                if let contact = EventSubjects(event.bytes)?.contact {
                    let id = Identifier(String(decoding: contact, as: UTF8.self))
                    if lost[key.digest(of: id)] != nil { found.insert(id) }
                }
                return true
            }
        } catch {
            throw AudienceError(error)
        }
        var contacts: [Identifier] = []
        for contact in found.sorted() {
            guard let entry = lost[key.digest(of: contact)] else { continue }
            if try isFromBefore(entry, contact) { contacts.append(contact) }
        }
        return contacts
    }

    /// Whether what the log has of the contact, since it was last erased, began before that erasure.
    private func isFromBefore(_ entry: ErasureList.Entry, _ contact: Identifier) throws(AudienceError) -> Bool {
        let life = try events(naming: contact).reversed().prefix { logged in
            guard case .contactErased = logged.event.fact else { return true }
            return false
        }
        return life.contains { ($0.recordedAt, $0.sequence) < (entry.recordedAt, entry.sequence) }
    }

    /// Contacts looked at together.
    private static let pageMax = 4_096
}
