internal import SegmentModel

extension TruthEvaluator {
    mutating func evaluateFields(
        _ contact: borrowing DecodedContact, _ bytes: UnsafeRawBufferPointer, edge: inout Int64,
        into truths: inout [UInt32]
    ) {
        if let index = program.fields.firstSeenAt {
            program.fields.programs[index].values.matchOther(isBlank: false, into: &truths)
            program.fields.programs[index].instants.match(
                instant: contact.firstSeenAt, &clock, edge: &edge, into: &truths)
        }
        var hasStatus = false
        for index in contact.attributes.indices {
            let slot = contact.attributes[index].slot
            let number = Int(slot.rawValue)
            if number == FieldPrograms.status { hasStatus = true }
            if number == FieldPrograms.email, let domain = program.fields.emailDomain {
                evaluateDomain(of: contact.attributes[index].value, domain, bytes, edge: &edge, into: &truths)
            }
            guard let field = fieldProgram(of: slot) else { continue }
            evaluate(contact.attributes[index].value, field, bytes, edge: &edge, into: &truths)
        }
        if !hasStatus { truths.append(contentsOf: program.fields.onNoStatus) }
    }

    private mutating func fieldProgram(of slot: AttributeSlot) -> Int? {
        guard slot.rawValue >= AttributeSlot.customFirst else { return program.fields.known[Int(slot.rawValue)] }
        guard !program.fields.custom.isEmpty else { return nil }
        let index = Int(slot.rawValue - AttributeSlot.customFirst)
        if index >= customPrograms.count {
            customPrograms.append(
                contentsOf: repeatElement(0, count: max(index + 1, customPrograms.count * 2) - customPrograms.count))
        }
        if customPrograms[index] == 0 {
            let field = withText(of: Symbol(rawValue: UInt32(index))) { program.fields.program(named: $0) }
            customPrograms[index] = field.map { UInt32($0) + 2 } ?? 1
        }
        return customPrograms[index] == 1 ? nil : Int(customPrograms[index]) - 2
    }

    private mutating func evaluate(
        _ value: DecodedValue, _ field: Int, _ bytes: UnsafeRawBufferPointer, edge: inout Int64,
        into truths: inout [UInt32]
    ) {
        switch value {
        case .symbol(let symbol): evaluate(symbol, field, edge: &edge, into: &truths)
        case .text(let range):
            evaluate(text: UnsafeRawBufferPointer(rebasing: bytes[range]), field, edge: &edge, into: &truths)
        case .number(let number): program.fields.programs[field].values.match(number: number, into: &truths)
        case .boolean(let boolean): program.fields.programs[field].values.match(boolean: boolean, into: &truths)
        case .list(let range, let count):
            evaluate(list: UnsafeRawBufferPointer(rebasing: bytes[range]), count: count, field, into: &truths)
        case .instant(let instant):
            program.fields.programs[field].values.matchOther(isBlank: false, into: &truths)
            program.fields.programs[field].instants.match(instant: instant, &clock, edge: &edge, into: &truths)
        case .birthday(let month, let day):
            program.fields.programs[field].values.matchOther(isBlank: false, into: &truths)
            guard !program.fields.programs[field].birthdays.isEmpty,
                let birthday = MonthDay(month: month, day: day)
            else { return }
            program.fields.programs[field].birthdays.match(birthday, clock, edge: &edge, into: &truths)
        }
    }

    private mutating func evaluate(
        _ symbol: Symbol, _ field: Int, edge: inout Int64, into truths: inout [UInt32]
    ) {
        if let range = fieldMemos[field].range(of: symbol) {
            truths.append(contentsOf: fieldMemos[field][range])
            return
        }
        var text = symbol == .none ? "" : texts.text(of: symbol)
        let first = truths.count
        text.withUTF8 { evaluate(text: UnsafeRawBufferPointer($0), field, edge: &edge, into: &truths) }
        guard program.fields.programs[field].isTimeless else { return }
        _ = fieldMemos[field].insert(Array(truths[first...]), for: symbol)
    }

    private mutating func evaluate(
        text: UnsafeRawBufferPointer, _ field: Int, edge: inout Int64, into truths: inout [UInt32]
    ) {
        program.fields.programs[field].values.match(text: text, folding, into: &truths)
        guard program.fields.programs[field].hasDates else { return }
        // Describing why a text is no date costs memory: what cannot be one is not read.
        guard let first = text.first, first &- 0x30 < 10 else { return }
        if text.count == 10, !program.fields.programs[field].days.isEmpty, let day = try? LocalDate(iso: text) {
            program.fields.programs[field].days.match(
                day: day.daysSinceEpoch, clock, edge: &edge, into: &truths)
        }
        if text.count >= 20, !program.fields.programs[field].instants.isEmpty,
            let instant = try? Instant(rfc3339: text)
        {
            program.fields.programs[field].instants.match(
                instant: instant.microseconds, &clock, edge: &edge, into: &truths)
        }
    }

    /// What follows the last `@` of the e-mail address.
    private mutating func evaluateDomain(
        of value: DecodedValue, _ field: Int, _ bytes: UnsafeRawBufferPointer, edge: inout Int64,
        into truths: inout [UInt32]
    ) {
        switch value {
        case .text(let range): evaluate(domainOf: bytes[range], field, edge: &edge, into: &truths)
        case .symbol(let symbol):
            var text = texts.text(of: symbol)
            text.withUTF8 {
                evaluate(domainOf: UnsafeRawBufferPointer($0)[...], field, edge: &edge, into: &truths)
            }
        default: break
        }
    }

    private mutating func evaluate(
        domainOf address: Slice<UnsafeRawBufferPointer>, _ field: Int, edge: inout Int64, into truths: inout [UInt32]
    ) {
        guard let at = address.lastIndex(of: UInt8(ascii: "@")) else { return }
        let domain = UnsafeRawBufferPointer(rebasing: address[(at + 1)...])
        evaluate(text: domain, field, edge: &edge, into: &truths)
    }

    private mutating func evaluate(
        list: UnsafeRawBufferPointer, count: Int, _ field: Int, into truths: inout [UInt32]
    ) {
        program.fields.programs[field].values.matchOther(isBlank: count == 0, into: &truths)
        guard !program.fields.programs[field].lists.isEmpty else { return }
        operands.reset(count: program.fields.programs[field].lists.operandCount)
        var offset = 0
        for _ in 0..<count {
            var length = 0
            var shift = 0
            repeat {
                length |= Int(list[offset] & 0x7F) << shift
                shift += 7
                offset += 1
            } while list[offset - 1] >= 0x80
            let element = UnsafeRawBufferPointer(rebasing: list[offset..<(offset + length)])
            offset += length
            let folded = folding.folded(element)
            if let operand = program.fields.programs[field].lists.operand(of: folded) { operands.insert(operand) }
        }
        program.fields.programs[field].lists.match(operands, isEmpty: count == 0, into: &truths)
    }
}

// Tags, whose symbols are folded texts.
extension TruthEvaluator {
    mutating func evaluateTags(_ contact: borrowing DecodedContact, into truths: inout [UInt32]) {
        guard let field = program.fields.tags else { return }
        program.fields.programs[field].values.matchOther(isBlank: contact.tags.isEmpty, into: &truths)
        operands.reset(count: program.fields.programs[field].lists.operandCount)
        for tag in contact.tags { insertTagOperand(tag, field) }
        program.fields.programs[field].lists.match(operands, isEmpty: contact.tags.isEmpty, into: &truths)
    }

    private mutating func insertTagOperand(_ tag: Symbol, _ field: Int) {
        let range =
            tagMemo.range(of: tag)
            ?? tagMemo.insert(
                withText(of: tag) { program.fields.programs[field].lists.operand(of: $0) }.map { [UInt32($0)] } ?? [],
                for: tag)
        for index in range { operands.insert(Int(tagMemo[index])) }
    }
}
