internal import SegmentModel

extension TruthKernel {
    mutating func evaluateFields(_ contact: borrowing DecodedContact, _ bytes: UnsafeRawBufferPointer) {
        if tables.fields.firstSeenAt >= 0 {
            matchInstant(contact.firstSeenAt, tables.fields.firstSeenAt)
        }
        contact.attributes.withUnsafeBufferPointer { evaluate($0, bytes) }
    }

    private mutating func evaluate(
        _ attributes: UnsafeBufferPointer<(slot: AttributeSlot, value: DecodedValue)>, _ bytes: UnsafeRawBufferPointer
    ) {
        var hasStatus = false
        for index in attributes.indices {
            let attribute = attributes.baseAddress.unsafelyUnwrapped + index
            let slot = Int(attribute.pointee.slot.rawValue)
            let field: Int
            if slot < tables.fields.known.count {
                if slot == FieldPrograms.status { hasStatus = true }
                if slot == FieldPrograms.email, tables.fields.emailDomain >= 0 {
                    evaluateDomain(of: attribute.pointee.value, tables.fields.emailDomain, bytes)
                }
                field = tables.fields.known[slot]
            } else {
                field = customField(Symbol(rawValue: UInt32(slot) - AttributeSlot.customFirst))
            }
            if field >= 0 { evaluate(attribute.pointee.value, field, bytes) }
        }
        if !hasStatus { evaluateNoStatus() }
    }

    /// The program of a custom field by the symbol of its name; -1 if it has none.
    private mutating func customField(_ name: Symbol) -> Int {
        guard tables.fields.custom.count > 0 else { return -1 }
        let fields = tables.fields
        return number(questions.field, name) { texts, text in
            texts.number(of: text, in: fields.customNames).map { fields.custom[$0] }
        } ?? -1
    }

    /// Who has no status is subscribed.
    private mutating func evaluateNoStatus() {
        let field = tables.fields.known[FieldPrograms.status]
        guard field >= 0 else { return }
        if let known = memos.find(questions.noStatus, .none) {
            sink.append(known + 1, count: Int(known[0]))
            return
        }
        let first = sink.count
        var text = ContactStatus.subscribed.rawValue
        text.withUTF8 { matchText(UnsafeRawBufferPointer($0), field) }
        remember(first, questions.noStatus, .none)
    }

    /// Keeps the leaves appended since as those of a symbol.
    private mutating func remember(_ first: Int, _ question: Int, _ symbol: Symbol) {
        let leaves = sink.numbers(from: first)
        memos.insert([UInt32(leaves.count)] + leaves, question, symbol)
    }

    @inline(__always)
    private mutating func evaluate(_ value: DecodedValue, _ field: Int, _ bytes: UnsafeRawBufferPointer) {
        switch value {
        case .symbol(let symbol):
            if let known = memos.find(field, symbol) {
                sink.append(known + 1, count: Int(known[0]))
            } else {
                evaluateNew(symbol, field)
            }
        case .text(let range): evaluate(text: bytes.slice(range), field)
        case .number(let number):
            tables.matchers.match(tables.fields.values.pointer(field), number: number, into: &sink)
        case .boolean(let boolean):
            tables.matchers.match(tables.fields.values.pointer(field), boolean: boolean, into: &sink)
        case .list(let range, let count): evaluate(list: bytes.slice(range), count: count, field)
        case .instant(let instant): matchInstant(instant, field)
        case .birthday(let month, let day): matchBirthday(month: month, day: day, field)
        }
    }

    @inline(never)
    private mutating func evaluateNew(_ symbol: Symbol, _ field: Int) {
        let first = sink.count
        var text = symbol == .none ? "" : workspace.texts.text(of: symbol)
        text.withUTF8 { evaluate(text: UnsafeRawBufferPointer($0), field) }
        if tables.fields.programs[field].isTimeless { remember(first, field, symbol) }
    }

    private mutating func matchText(_ text: UnsafeRawBufferPointer, _ field: Int) {
        tables.matchers.match(tables.fields.values.pointer(field), text: text, &folding, into: &sink)
    }

    private mutating func evaluate(text: UnsafeRawBufferPointer, _ field: Int) {
        matchText(text, field)
        let (hasDays, hasInstants) = (!tables.fields.days[field].isEmpty, !tables.fields.instants[field].isEmpty)
        // Describing why a text is no date costs memory: what cannot be one is not read.
        guard hasDays || hasInstants, let first = text.first, first &- 0x30 < 10 else { return }
        if text.count == 10, hasDays, let day = try? LocalDate(iso: text) {
            match(tables.fields.days.pointer(field), day: day.daysSinceEpoch)
        }
        if text.count >= 20, hasInstants, let instant = try? Instant(rfc3339: text) {
            match(tables.fields.instants.pointer(field), instant: instant.microseconds)
        }
    }

    @inline(__always)
    private mutating func matchInstant(_ instant: Int64, _ field: Int) {
        tables.matchers.matchOther(tables.fields.values.pointer(field), isBlank: false, into: &sink)
        if !tables.fields.instants.pointer(field).pointee.isEmpty {
            match(tables.fields.instants.pointer(field), instant: instant)
        }
    }

    /// What follows the last `@` of the e-mail address.
    private mutating func evaluateDomain(of value: DecodedValue, _ field: Int, _ bytes: UnsafeRawBufferPointer) {
        switch value {
        case .text(let range): evaluate(domainOf: bytes.slice(range), field)
        case .symbol(let symbol):
            var text = workspace.texts.text(of: symbol)
            text.withUTF8 { evaluate(domainOf: UnsafeRawBufferPointer($0), field) }
        default: break
        }
    }

    private mutating func evaluate(domainOf address: UnsafeRawBufferPointer, _ field: Int) {
        guard let start = address.baseAddress else { return }
        var first = address.count
        while first > 0, start.load(fromByteOffset: first - 1, as: UInt8.self) != UInt8(ascii: "@") { first -= 1 }
        guard first > 0 else { return }
        evaluate(text: UnsafeRawBufferPointer(start: start + first, count: address.count - first), field)
    }
}

// Lists, tags and birthdays.
extension TruthKernel {
    private mutating func evaluate(list: UnsafeRawBufferPointer, count: Int, _ field: Int) {
        tables.matchers.matchOther(tables.fields.values.pointer(field), isBlank: count == 0, into: &sink)
        let matcher = tables.fields.lists.pointer(field)
        guard !matcher.pointee.isEmpty else { return }
        operands.reset(operandCount: matcher.pointee.operandCount)
        if count > 0 {
            var cursor = ByteCursor(list)
            for _ in 0..<count {
                let folded = folding.folded(list.slice(cursor.text()))
                if let operand = tables.matchers.operand(matcher, of: folded) { operands.insert(operand) }
            }
        }
        tables.matchers.match(matcher, operands, isEmpty: count == 0, into: &sink)
    }

    /// Tags are symbols of folded texts.
    mutating func evaluateTags(_ contact: borrowing DecodedContact) {
        guard tables.fields.tags >= 0 else { return }
        let field = tables.fields.tags
        let matcher = tables.fields.lists.pointer(field)
        tables.matchers.matchOther(tables.fields.values.pointer(field), isBlank: contact.tags.isEmpty, into: &sink)
        operands.reset(operandCount: matcher.pointee.operandCount)
        contact.tags.withUnsafeBufferPointer { tags in
            for tag in tags {
                let operand = number(questions.tag, tag) { texts, text in
                    texts.number(of: text, in: matcher.pointee.index)
                }
                if let operand { operands.insert(operand) }
            }
        }
        tables.matchers.match(matcher, operands, isEmpty: contact.tags.isEmpty, into: &sink)
    }

    private mutating func matchBirthday(month: Int, day: Int, _ field: Int) {
        tables.matchers.matchOther(tables.fields.values.pointer(field), isBlank: false, into: &sink)
        let program = tables.fields.programs.pointer(field)
        guard program.pointee.birthdays >= 0 else { return }
        let next: Int
        if let known = birthdays.match(program.pointee.birthdays, month: month, day: day, today: clock.today, &sink) {
            next = known
        } else {
            guard let birthday = MonthDay(month: month, day: day) else { return }
            let tests = workspace.program.birthdays[program.pointee.birthdays]
            next = birthdays.learn(tests, program.pointee.birthdays, birthday, clock.calendar, &sink)
        }
        if !program.pointee.areBirthdaysTimeless { clock.bringForward(&edge, toDay: next) }
    }
}
