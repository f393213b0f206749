internal import SegmentModel

/// Members of a set in the order of their ids' bytes, as rows that are made when they are asked for.
///
/// A copy of a snapshot with a place in it: as long as one is kept, the engine copies what it changes.
public struct MemberRows: Sendable {
    private let snapshot: EngineSnapshot
    private let members: Bitmap
    private let order: [Ordinal]
    private let sources: [Source]
    private let needs: Needs
    private var position = 0

    /// How much of a record has to be unpacked.
    fileprivate enum Needs: Int, Comparable {
        case id
        case head
        case items

        static func < (left: Needs, right: Needs) -> Bool { left.rawValue < right.rawValue }
    }

    /// Where a cell comes from.
    fileprivate enum Source {
        case id
        /// Nil if no contact has the field; a contact without the attribute has the default.
        case attribute(AttributeSlot?, default: AttributeValue?)
        case emailDomain
        case firstSeenAt
        case tags
        case orders(Measure)

        var needs: Needs {
            switch self {
            case .id: .id
            case .attribute, .emailDomain, .firstSeenAt, .tags: .head
            case .orders: .items
            }
        }
    }

    init(_ members: MemberSet, columns: [MemberColumn], of snapshot: EngineSnapshot) {
        self.snapshot = snapshot
        self.members = members.bitmap
        order = snapshot.order.order(count: snapshot.records.count) { snapshot.records.id(of: $0) }
        sources = columns.map { $0.source(in: snapshot.vocabulary) }
        needs = sources.map(\.needs).max() ?? .id
    }

    /// Lends the cells of the next rows, row by row, each in the order of the columns.
    ///
    /// - Returns: how many rows; fewer than `countMax` at the end.
    /// Cost: some hundred nanoseconds a row; columns of orders unpack the contact's whole history.
    public mutating func next(_ countMax: Int, _ cell: (MemberCell) -> Void) -> Int {
        let ordinals = nextOrdinals(countMax)
        for ordinal in ordinals { snapshot.records.prefetch(ordinal) }
        let figures = OrderFigures(context: snapshot.context, instant: snapshot.frontier, texts: snapshot.vocabulary)
        let row = Row(vocabulary: snapshot.vocabulary, figures: figures)
        for ordinal in ordinals {
            snapshot.records.withRecord(ordinal) { record in
                row.take(record, needs)
                for source in sources { row.lend(source, cell) }
            }
        }
        return ordinals.count
    }

    private mutating func nextOrdinals(_ countMax: Int) -> [Ordinal] {
        var ordinals: [Ordinal] = []
        ordinals.reserveCapacity(countMax)
        while position < order.count, ordinals.count < countMax {
            if members.contains(order[position]) { ordinals.append(order[position]) }
            position += 1
        }
        return ordinals
    }
}

extension EngineSnapshot {
    /// The members of a set as rows. The first call sorts all ids, later ones only what came since.
    public func rows(of members: MemberSet, columns: [MemberColumn]) -> MemberRows {
        MemberRows(members, columns: columns, of: self)
    }
}

extension MemberColumn {
    fileprivate func source(in vocabulary: Vocabulary) -> MemberRows.Source {
        switch self {
        case .contact: .id
        case .field(.attribute(let key)):
            .attribute(
                AttributeSlot(key, in: vocabulary),
                default: key == .known(.status) ? .text(ContactStatus.subscribed.rawValue) : nil)
        case .field(.emailDomain): .emailDomain
        case .field(.firstSeenAt): .firstSeenAt
        case .field(.tags): .tags
        case .orders(let measure): .orders(measure)
        }
    }
}

extension AttributeSlot {
    /// Nil for a custom field that no contact ever had.
    fileprivate init?(_ key: AttributeKey, in vocabulary: Vocabulary) {
        switch key {
        case .known(let attribute): self.init(rawValue: UInt32(attribute.code))
        case .custom(let name):
            guard let symbol = vocabulary.symbol(of: name) else { return nil }
            self.init(rawValue: Self.customFirst + symbol.rawValue)
        }
    }
}

/// One contact while its cells are lent. A class, so that the arrays of what is unpacked are not retained for each row.
private final class Row {
    private var record = UnsafeRawBufferPointer(start: nil, count: 0)
    private var decoded = DecodedContact()
    private let vocabulary: Vocabulary
    private let figures: OrderFigures

    init(vocabulary: Vocabulary, figures: OrderFigures) {
        self.vocabulary = vocabulary
        self.figures = figures
    }

    /// Takes the next contact; its record must stay where it is while cells are lent.
    func take(_ record: UnsafeRawBufferPointer, _ needs: MemberRows.Needs) {
        self.record = record
        switch needs {
        case .id: break
        case .head: decoded.decodeHead(record)
        case .items: decoded.decode(record)
        }
    }

    func lend(_ source: MemberRows.Source, _ cell: (MemberCell) -> Void) {
        switch source {
        case .id: cell(.text(RecordReader(record).id))
        case .attribute(let slot, let fallback): cell(attribute(slot) ?? fallback.map { .value($0) } ?? .blank)
        case .emailDomain: cell(emailDomain)
        case .firstSeenAt: cell(.value(.instant(Instant(microseconds: decoded.firstSeenAt))))
        case .tags: cell(.value(.list(tags)))
        case .orders(let measure): cell(figures.cell(of: measure, decoded))
        }
    }

    private func attribute(_ slot: AttributeSlot?) -> MemberCell? {
        guard let slot, let found = decoded.attributes.first(where: { $0.slot == slot }) else { return nil }
        if case .text(let range) = found.value { return .text(record.slice(range)) }
        return .value(RecordTexts(record: record, vocabulary: vocabulary).attribute(found.value))
    }

    private var emailDomain: MemberCell {
        guard case .text(let email)? = attribute(AttributeSlot(rawValue: UInt32(KnownAttribute.email.code))),
            let at = email.lastIndex(of: UInt8(ascii: "@"))
        else { return .blank }
        return .text(email.slice(at + 1..<email.count))
    }

    /// As last spelt, in the order of what they are compared by.
    private var tags: [String] {
        var head = ContactHead()
        var cursor = ByteCursor(record)
        cursor.seek(RecordReader(record).head.lowerBound)
        head.read(&cursor, of: record)
        return head.tags.filter(\.isPresent)
            .map { (folded: vocabulary.text(of: $0.folded), spelling: vocabulary.text(of: $0.spelling)) }
            .sorted { $0.folded < $1.folded }
            .map(\.spelling)
    }
}
