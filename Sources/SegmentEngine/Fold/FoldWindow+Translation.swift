internal import SegmentModel

// Behind the contact's id a step has a body:
//
// - of activities and states of orders, the item as a record will hold it if the state is the order's first;
// - of a changed contact, the number of attributes, slot and value of each, the code of the change of tags, and the tags
//   in lists that begin with their number, each folded and as it is spelt;
// - of a cancelled order, the store and the order's number;
// - of a refund, all of the event.
extension FoldWindow {
    /// Appends the id and the body of the event that the step is of.
    mutating func translate(_ event: EventBytes, into step: inout FoldStep, _ texts: inout Vocabulary.Texts) {
        var fact = event.fact
        switch event.code {
        case .contactChanged:
            begin(&step, contact: event.bytes.slice(fact.text()))
            attributes(&fact, event, &texts)
            tags(&fact, event, &texts)
        case .contactErased: begin(&step, contact: event.bytes.slice(fact.text()))
        case .orderPlaced, .orderChanged: order(&fact, event, into: &step, &texts)
        case .orderCancelled: cancellation(&fact, event, into: &step, &texts)
        case .orderRefunded: refund(&fact, event, into: &step, &texts)
        case .campaignSent: campaign(.sent, &fact, event, into: &step, &texts)
        case .campaignOpened: campaign(.opened, &fact, event, into: &step, &texts)
        case .campaignClicked: campaign(.clicked, &fact, event, into: &step, &texts)
        case .campaignBounced: campaign(.bounced, &fact, event, into: &step, &texts)
        case .activityRecorded: recorded(&fact, event, into: &step, &texts)
        case .integrationConnected, .integrationDisconnected, .hole: begin(&step)
        }
        step.end(at: buffer.count)
    }

    private func begin(_ step: inout FoldStep) {
        step.begin(at: buffer.count, bodyAt: buffer.count)
    }

    private func begin(_ step: inout FoldStep, contact: UnsafeRawBufferPointer) {
        let start = buffer.count
        buffer.raw(contact)
        step.begin(at: start, bodyAt: buffer.count)
        step.contactHash = ContactIndex.hash(contact)
    }

    // MARK: Contacts

    private func attributes(_ fact: inout ByteCursor, _ event: EventBytes, _ texts: inout Vocabulary.Texts) {
        let count = fact.count()
        buffer.count(count)
        for _ in 0..<count {
            let code = fact.byte()
            let name = code == 0 ? texts.intern(event.bytes.slice(fact.text())) : .none
            let slot = AttributeSlot(rawValue: code == 0 ? AttributeSlot.customFirst + name.rawValue : UInt32(code))
            buffer.varint(UInt64(slot.rawValue))
            let start = fact.offset
            fact.skipValue()
            value(event.bytes.slice(start..<fact.offset), of: slot, &texts)
        }
    }

    private func value(_ value: UnsafeRawBufferPointer, of slot: AttributeSlot, _ texts: inout Vocabulary.Texts) {
        var cursor = ByteCursor(value)
        guard cursor.byte() == RecordFormat.ValueCode.text.rawValue, slot.hasVocabulary else {
            buffer.raw(value)
            return
        }
        buffer.byte(RecordFormat.ValueCode.symbol.rawValue)
        buffer.symbol(texts.intern(value.slice(cursor.text())))
    }

    private func tags(_ fact: inout ByteCursor, _ event: EventBytes, _ texts: inout Vocabulary.Texts) {
        let code = fact.byte()
        buffer.byte(code)
        switch TagCode(rawValue: code) {
        case .unchanged: break
        case .edit:
            tagList(&fact, event, &texts)
            tagList(&fact, event, &texts)
        case .set: tagList(&fact, event, &texts)
        case nil: preconditionFailure("an event changes tags in a way that this program does not know")
        }
    }

    private func tagList(_ fact: inout ByteCursor, _ event: EventBytes, _ texts: inout Vocabulary.Texts) {
        let count = fact.count()
        buffer.count(count)
        for _ in 0..<count {
            let spelling = texts.intern(event.bytes.slice(fact.text()))
            buffer.symbol(texts.folded(spelling))
            buffer.symbol(spelling)
        }
    }

    // MARK: Activities

    private func campaign(
        _ kind: ActivityKind, _ fact: inout ByteCursor, _ event: EventBytes, into step: inout FoldStep,
        _ texts: inout Vocabulary.Texts
    ) {
        let hasURL = fact.byte() != 0
        begin(&step, contact: event.bytes.slice(fact.text()))
        let campaign = texts.intern(event.bytes.slice(fact.text()))
        let url = hasURL ? event.bytes.slice(fact.text()) : nil
        ActivityItem(kind: kind, subject: campaign, url: url, occurredAt: event.occurredAt, sequence: event.sequence)
            .write(to: buffer)
    }

    private func recorded(
        _ fact: inout ByteCursor, _ event: EventBytes, into step: inout FoldStep, _ texts: inout Vocabulary.Texts
    ) {
        begin(&step, contact: event.bytes.slice(fact.text()))
        var activity = ActivityItem(
            kind: .recorded, subject: texts.intern(event.bytes.slice(fact.text())), url: nil,
            occurredAt: event.occurredAt, sequence: event.sequence)
        activity.propertyCount = fact.count()
        lines.removeAll()
        for _ in 0..<activity.propertyCount {
            lines.symbol(texts.intern(event.bytes.slice(fact.text())))
            let start = fact.offset
            fact.skipValue()
            lines.raw(event.bytes.slice(start..<fact.offset))
        }
        activity.properties = lines.bytes
        activity.write(to: buffer)
    }

    // MARK: Orders

    private func order(
        _ fact: inout ByteCursor, _ event: EventBytes, into step: inout FoldStep, _ texts: inout Vocabulary.Texts
    ) {
        let bits = fact.byte()
        let status = fact.byte()
        let store = texts.intern(event.bytes.slice(fact.text()))
        let number = event.bytes.slice(fact.text())
        begin(&step, contact: event.bytes.slice(fact.text()))
        let currency = texts.intern(event.bytes.slice(fact.text()))
        let total = fact.zigzag()
        step.orderHash = RecordFold.orderHash(store: store, order: number)
        step.statesPlacedAt = bits & EventFormat.orderHasPlacedAt != 0
        let placedAt = step.statesPlacedAt ? fact.zigzag() : event.occurredAt
        let lineCount = orderLines(&fact, event, &texts)
        OrderItem(
            store: store, order: number, currency: currency, total: total, amount: total, status: status,
            isTest: bits & EventFormat.orderIsTest != 0, placedAt: placedAt, effectiveAt: event.occurredAt,
            sequence: event.sequence, lineCount: lineCount, lines: lines.bytes
        ).write(to: buffer, scratch: rest)
    }

    /// Translates the event's lines into `lines`.
    private func orderLines(_ fact: inout ByteCursor, _ event: EventBytes, _ texts: inout Vocabulary.Texts) -> Int {
        lines.removeAll()
        let count = fact.count()
        for _ in 0..<count {
            let flags = fact.byte()
            lines.byte(flags)
            lines.symbol(texts.intern(event.bytes.slice(fact.text())))
            // Variant, title, vendor, category: as many texts as flags.
            for _ in 0..<flags.nonzeroBitCount { lines.symbol(texts.intern(event.bytes.slice(fact.text()))) }
            lines.amount(fact.zigzag())
            lines.amount(fact.zigzag())
        }
        return count
    }

    private func cancellation(
        _ fact: inout ByteCursor, _ event: EventBytes, into step: inout FoldStep, _ texts: inout Vocabulary.Texts
    ) {
        begin(&step)
        let store = texts.intern(event.bytes.slice(fact.text()))
        let number = event.bytes.slice(fact.text())
        step.orderHash = RecordFold.orderHash(store: store, order: number)
        buffer.symbol(store)
        buffer.text(number)
    }

    private func refund(
        _ fact: inout ByteCursor, _ event: EventBytes, into step: inout FoldStep, _ texts: inout Vocabulary.Texts
    ) {
        let bits = fact.byte()
        _ = fact.text()
        begin(&step, contact: event.bytes.slice(fact.text()))
        let currency = event.bytes.slice(fact.text())
        _ = fact.zigzag()
        if bits & EventFormat.refundHasStore != 0 { _ = texts.intern(event.bytes.slice(fact.text())) }
        _ = texts.intern(currency)
        buffer.raw(event.bytes)
    }
}
