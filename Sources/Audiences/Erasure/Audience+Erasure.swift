internal import Admission
internal import EventLog
internal import SegmentEngine
public import SegmentModel
internal import Synchronization

// A contact is erased in two steps. An event says so: with it the contact leaves everything that is answered, as soon as it
// is visible. A pass then rewrites the log, the recipient lists and the view without what was said of the contact.
extension Audience {
    /// Whoever erases contacts by command.
    private static let erasureSource: Identifier = "segmentd:operator"

    /// Erases a contact: appends `contact.erased`. When it returns, that is in the log and in the list of erasures.
    ///
    /// A contact whose last event is its erasure is erased already; then nothing is appended.
    public func erase(_ contact: Identifier) async throws(AudienceError) -> ErasureReceipt {
        guard let last = try events(naming: contact).last else {
            throw AudienceError(
                .contactNotFound, "There is no contact “\(contact)”, and no pending event names it. Nothing was erased."
            )
        }
        if case .contactErased = last.event.fact {
            // It may have been stored and not listed.
            try listErasures()
            return receipt(contact, last, isNew: false)
        }
        let erasure = try await append(
            [Self.erasure(of: contact)], delayMicroseconds: settings().visibilityDelayMicroseconds)
        return receipt(contact, erasure, isNew: true)
    }

    private func receipt(_ contact: Identifier, _ erasure: LoggedEvent, isNew: Bool) -> ErasureReceipt {
        ErasureReceipt(
            contact: contact, sequence: erasure.sequence, recordedAt: erasure.recordedAt, visibleAt: erasure.visibleAt,
            goneBy: erasure.visibleAt.advanced(byMicroseconds: erasureSettings.deadlineMicroseconds), isNew: isNew)
    }

    private static func erasure(of contact: Identifier) -> Event {
        var random = SystemRandomNumberGenerator()
        let number = String(UInt64.random(in: .min ... .max, using: &random), radix: 16)
        return Event(
            source: erasureSource, id: Identifier("erase-" + number), time: nil, fact: .contactErased(contact: contact))
    }

    /// What the log has of a contact by its own name.
    func events(naming contact: Identifier) throws(AudienceError) -> [LoggedEvent] {
        do {
            return try log.events(of: contact).filter { $0.event.fact.contact == contact }
        } catch {
            throw AudienceError(error)
        }
    }

    /// Appends erasures and lists them.
    ///
    /// - Returns: the last of them.
    func append(_ erasures: [Event], delayMicroseconds: Int64) async throws(AudienceError) -> LoggedEvent {
        let recording = time.begin(delayMicroseconds: delayMicroseconds)
        defer { time.end(recording) }
        let lines = erasures.enumerated().map { AdmittedEvent(line: $0.offset + 1, event: $0.element) }
        do {
            let receipt = try await log.append(
                AppendRequest(
                    events: AdmittedEvents(lines), recording: .at(recording.instant),
                    delayMicroseconds: delayMicroseconds))
            try listErasures()
            if let last = receipt.lastSequence, let event = try log.read(from: last, countMax: 1).first { return event }
        } catch {
            throw AudienceError(wrapping: error)
        }
        throw AudienceError(.storageFailed, "The log took an erasure and has it not.")
    }

    /// Whether the log has erasures that are not in the list.
    var hasUnlistedErasures: Bool {
        let known = Set(erasureList.entries(of: id))
        return erasureEntries(after: 0).contains { !known.contains($0) }
    }

    private func erasureEntries(after listed: UInt64) -> [ErasureList.Entry] {
        let key = erasureList.contactKey(of: id)
        return log.erasures.filter { $0.sequence > listed }.compactMap { erasure in
            erasure.event.fact.contact.map {
                ErasureList.Entry(
                    sequence: erasure.sequence, recordedAt: erasure.recordedAt, digest: key.digest(of: $0))
            }
        }
    }

    /// Puts the log's erasures into the list that are not there yet. Costs nothing if there is none.
    func listErasures() throws(AudienceError) {
        let erasures = log.erasures
        let listed = erasing.state.withLock { $0.listedThrough }
        guard let last = erasures.last?.sequence, last > listed else { return }
        try erasureList.add(erasureEntries(after: listed), of: id)
        erasing.state.withLock { $0.listedThrough = max($0.listedThrough, last) }
    }

    // MARK: Passes

    /// How erasures stand at a frontier.
    func erasureStatus(at frontier: Instant) -> ErasureStatus {
        let erasures = log.erasures
        let pending = erasures.count { $0.visibleAt > frontier }
        let state = erasing.state.withLock { $0 }
        let first = erasures.first?.visibleAt
        return ErasureStatus(
            done: max(0, erasureList.entries(of: id).count - erasures.count), waiting: erasures.count - pending,
            pending: pending, nextPassAt: first.map { due($0, state) },
            goneBy: first?.advanced(byMicroseconds: erasureSettings.deadlineMicroseconds), lastPassAt: state.lastPassAt,
            isUnderWay: state.isUnderWay, failure: state.failure)
    }

    /// When the pass for an erasure that became visible then begins.
    private func due(_ visibleAt: Instant, _ state: ErasuresUnderWay.State) -> Instant {
        let due = visibleAt.advanced(byMicroseconds: erasureSettings.waitMicroseconds)
        return max(due, state.failedAt?.advanced(byMicroseconds: erasureSettings.retryMicroseconds) ?? due)
    }

    /// Whether it is time for a pass.
    public var isErasurePassDue: Bool {
        guard let first = log.erasures.first?.visibleAt else { return false }
        let state = erasing.state.withLock { $0 }
        return !state.isUnderWay && due(first, state) <= clock.now()
    }

    /// Works off every erasure that is visible, now: rewrites the log, the recipient lists and the view.
    ///
    /// Costs the time and room of a copy of the log and of a start without a view. Appends and answers go on; appends wait
    /// for the last part of it: the end is copied and the new log opened, for which its index is read whole. One pass at a time.
    @discardableResult
    public func workOffErasures() async throws(AudienceError) -> ErasurePass {
        await erasing.turns.begin()
        defer { erasing.turns.end() }
        if await projection.isHoldingViews { try await renew() }
        let snapshot = await snapshot()
        let due = log.erasures.filter { $0.visibleAt <= snapshot.frontier }
        return try await workOff(due, through: snapshot.engine.sequence)
    }

    /// - Parameter last: the last event that can be one of the erased.
    func workOff(_ erasures: [LoggedEvent], through last: UInt64) async throws(AudienceError) -> ErasurePass {
        var pass = ErasurePass(frontier: await projection.frontier, erasures: erasures.count)
        guard !erasures.isEmpty else { return pass }
        guard !erasing.isEnded else { throw AudienceError(LogRewrite.ended) }
        erasing.state.withLock { $0.isUnderWay = true }
        do throws(AudienceError) {
            // The order matters to a crash: the list first, the lists of recipients and the view while the log still has
            // the erasures, then the log.
            try listErasures()
            pass.recipients = try await blankRecipients(erasures)
            pass.events = try await rewriteLog(erasures, through: last)
            try await renew()
            pass.frontier = await projection.frontier
            note(nil)
        } catch {
            note(error)
            throw error
        }
        return pass
    }

    private func renew() async throws(AudienceError) {
        try await projection.renew { [erasing] in erasing.isEnded }
    }

    private func note(_ failure: AudienceError?) {
        let now = clock.now()
        erasing.state.withLock { state in
            state.isUnderWay = false
            state.failure = failure?.message
            if failure == nil { state.lastPassAt = now }
            state.failedAt = failure == nil ? nil : now
        }
    }

    private func rewriteLog(_ erasures: [LoggedEvent], through last: UInt64) async throws(AudienceError) -> Int {
        do {
            let rewrite = try await log.rewrite(
                erasing: erasures, through: last, isCancelled: { [erasing] in erasing.isEnded })
            do {
                try await projection.holdViews()
            } catch {
                log.discard(rewrite)
                throw error
            }
            do {
                try await log.exchange(for: rewrite)
            } catch {
                await projection.releaseViews()
                throw error
            }
            try log.discardFormer()
            return rewrite.replacedCount
        } catch {
            throw AudienceError(wrapping: error)
        }
    }

    /// Blanks the rows of contacts in the lists that were sent before they were erased.
    private func blankRecipients(_ erasures: [LoggedEvent]) async throws(AudienceError) -> Int {
        await projection.sends.begin()
        defer { projection.sends.end() }
        var count = 0
        for list in await projection.book.recipients.lists {
            let contacts = erasures.filter { $0.visibleAt > list.frontier }.compactMap { $0.event.fact.contact }
            guard !contacts.isEmpty else { continue }
            let files = recipients
            let ids = Set(contacts.map { Array($0.text.utf8) })
            count += try await Task.detached {
                Result { () throws(AudienceError) in try files.blank(ids, in: list) }
            }.value.get()
        }
        return count
    }
}

extension AdmittedEvents {
    /// Whether a contact is erased by one of them.
    var hasErasure: Bool {
        bytes.withUnsafeBytes { bytes in
            indices.contains {
                (try? EventSubject(of: UnsafeRawBufferPointer(rebasing: bytes[range(at: $0)])))?.isErasure == true
            }
        }
    }
}

extension AudienceError {
    /// The same for events that were stored, and an erasure among them that could not be listed.
    var ofErasureList: AudienceError {
        AudienceError(
            code,
            "The events were stored, and an erasure among them is not in the list of erasures: \(message) Send them "
                + "again: what is stored is a duplicate, and the erasure is listed.")
    }
}

extension DigestKey {
    /// The digest of a contact's id, as the list of erasures has it.
    func digest(of contact: Identifier) -> String { digest(of: Array(contact.text.utf8)).hexadecimal }
}
