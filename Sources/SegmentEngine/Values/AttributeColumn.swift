internal import SegmentModel

/// Which attribute a column is about: a slot of contacts' records, or what is not stored as an attribute.
struct ColumnSlot: Hashable, Sendable {
    let rawValue: UInt32

    init(_ slot: AttributeSlot) { rawValue = slot.rawValue }

    private init(rawValue: UInt32) { self.rawValue = rawValue }

    static let emailDomain = ColumnSlot(rawValue: .max)
    static let firstSeenAt = ColumnSlot(rawValue: .max - 1)
    static let email = ColumnSlot(AttributeSlot(rawValue: UInt32(KnownAttribute.email.code)))
}

/// One attribute of the contacts of a chunk.
struct AttributeColumn: Sendable {
    /// By contact: 0 for no value, 1 for an instant, else the place in `values` plus two.
    let codes: PackedNumbers
    let values: [CodedValue]
    /// By contact, where there is an instant; nil if there is none at all.
    let instants: PackedNumbers?

    static let absent = 0
    static let instant = 1
    static let first = 2

    /// Memory it takes, in bytes, but for long texts.
    var byteCount: Int {
        codes.byteCount + (instants?.byteCount ?? 0) + values.count * MemoryLayout<CodedValue>.stride
    }
}

/// A column while it is being filled.
struct AttributeColumnBuilder {
    private let contactCount: Int
    /// Empty until some contact has a value.
    private var codes: [Int64] = []
    private var values: [CodedValue] = []
    private var numbers: [CodedValue: Int] = [:]
    private var symbols = SymbolNumbers()
    /// The place of each symbol's value, by the symbol's number.
    private var symbolPlaces: [Int] = []
    private var instants: [Int64] = []
    /// Whether contacts differ too much for a column.
    private var isClosed = false

    /// Values that differ: e-mail addresses do, plans, cities and scores do not.
    private static let valuesMax = 4_096

    init(contactCount: Int) {
        self.contactCount = contactCount
    }

    /// Whether no contact has a value.
    var isEmpty: Bool { codes.isEmpty && !isClosed }

    mutating func set(_ value: DecodedValue, _ bytes: UnsafeRawBufferPointer, contact low: Int) {
        guard !isClosed else { return }
        switch value {
        case .symbol(let symbol): set(symbol, contact: low)
        case .instant(let instant): set(instant: instant, contact: low)
        default:
            if let value = CodedValue(value, bytes) { set(value, contact: low) }
        }
    }

    mutating func set(_ value: CodedValue, contact low: Int) {
        guard !isClosed, let place = numbers[value] ?? add(value) else { return }
        set(code: AttributeColumn.first + place, contact: low)
    }

    private mutating func set(instant: Int64, contact low: Int) {
        if instants.isEmpty { instants = Array(repeating: instant, count: contactCount) }
        instants[low] = instant
        set(code: AttributeColumn.instant, contact: low)
    }

    private mutating func set(_ symbol: Symbol, contact low: Int) {
        let number = symbols.number(of: symbol.rawValue)
        if number == symbolPlaces.count {
            guard let place = add(.symbol(symbol)) else { return }
            symbolPlaces.append(place)
        }
        set(code: AttributeColumn.first + symbolPlaces[number], contact: low)
    }

    private mutating func set(code: Int, contact low: Int) {
        if codes.isEmpty { codes = Array(repeating: Int64(AttributeColumn.absent), count: contactCount) }
        codes[low] = Int64(code)
    }

    /// Makes place for a value, or closes the column if it has too many.
    private mutating func add(_ value: CodedValue) -> Int? {
        guard values.count < Self.valuesMax else {
            close()
            return nil
        }
        numbers[value] = values.count
        values.append(value)
        return values.count - 1
    }

    /// Gives the column up.
    mutating func close() {
        self = AttributeColumnBuilder(contactCount: contactCount)
        isClosed = true
    }

    /// The column; nil if it is closed.
    func column(_ builder: inout TableBuilder) -> AttributeColumn? {
        guard !isClosed else { return nil }
        return AttributeColumn(
            codes: PackedNumbers(codes, &builder), values: values,
            instants: instants.isEmpty ? nil : PackedNumbers(instants, &builder))
    }
}
