import SegmentModel

/// Makes a change of a contact from a row.
struct ContactRow {
    private let contact: ColumnReader
    private let others: [ColumnReader]

    init(contact: ColumnReader, others: [ColumnReader]) {
        self.contact = contact
        self.others = others
    }

    func change(_ cells: [String]) throws(Fault) -> ContactChange {
        var change = ContactChange(contact: try contact.identifier(cells))
        for reader in others {
            if reader.key == "tags" {
                change.tags = try tags(reader, cells)
            } else if let value = try value(reader, cells) {
                change.attributes.append(AttributeChange(key: key(reader), value: value))
            } else if reader.origin.clears {
                change.attributes.append(AttributeChange(key: key(reader), value: nil))
            }
        }
        return change
    }

    private func key(_ reader: ColumnReader) -> AttributeKey {
        KnownAttribute(rawValue: reader.key).map { .known($0) }
            ?? .custom(String(reader.key.dropFirst(MappingKeys.customPrefix.count)))
    }

    private func tags(_ reader: ColumnReader, _ cells: [String]) throws(Fault) -> TagChange? {
        guard let tags = try reader.list(cells) else { return reader.origin.clears ? .set([]) : nil }
        return reader.origin.adds ? .edit(add: tags, remove: []) : .set(tags)
    }

    private func value(_ reader: ColumnReader, _ cells: [String]) throws(Fault) -> AttributeValue? {
        switch KnownAttribute(rawValue: reader.key) {
        case nil: return try customValue(reader, cells)
        case .status: return try reader.choice(of: ContactStatus.self, cells).map { .text($0.rawValue) }
        case .vip: return try reader.boolean(cells).map { .boolean($0) }
        case .rating, .latitude, .longitude: return try reader.number(cells).map { .number($0) }
        case .signedUpAt: return try reader.instant(cells).map { .instant($0) }
        case .birthday: return try reader.monthDay(cells).map { .birthday(month: $0.month, day: $0.day) }
        case .email, .language, .country, .region, .city, .zip, .signupSource:
            return try reader.text(cells).map { .text($0) }
        }
    }

    /// Dates and instants are texts on the way; the audience declares them.
    private func customValue(_ reader: ColumnReader, _ cells: [String]) throws(Fault) -> AttributeValue? {
        switch reader.origin.type {
        case .text: try reader.text(cells).map { .text($0) }
        case .number: try reader.number(cells).map { .number($0) }
        case .boolean: try reader.boolean(cells).map { .boolean($0) }
        case .date: try reader.day(cells).map { .text($0.description) }
        case .instant: try reader.instant(cells).map { .text($0.description) }
        case .list: try reader.list(cells).map { .list($0) }
        }
    }
}
