/// A contact's record unpacked into flat arrays, ready for evaluation; one value is used again for contact after contact.
///
/// Times are microseconds since 1970, amounts ten-thousandths. Ranges named `…Bytes` point into the record's bytes, which
/// must stay where they are while this is read.
struct DecodedContact {
    /// occurredAt of the contact's first visible event.
    var firstSeenAt: Int64 = 0
    /// The attributes that have a value, by ascending slot.
    var attributes: [(slot: AttributeSlot, value: DecodedValue)] = []
    /// The folded texts of the tags the contact has, in no particular order.
    var tags: [Symbol] = []
    /// All orders, counted or not, in no particular order.
    var orders: [DecodedOrder] = []
    /// The lines of all orders, those of one order side by side.
    var lines: [DecodedLine] = []
    /// Refunds that name no known order.
    var refunds: [DecodedRefund] = []
    /// Campaign and recorded activity, in log order.
    var activities: [DecodedActivity] = []
    /// The properties of all recorded activities, those of one activity side by side.
    var properties: [(name: Symbol, value: DecodedValue)] = []

    /// Forgets the contact and keeps the memory.
    mutating func removeAll() {
        firstSeenAt = 0
        attributes.removeAll(keepingCapacity: true)
        tags.removeAll(keepingCapacity: true)
        orders.removeAll(keepingCapacity: true)
        lines.removeAll(keepingCapacity: true)
        refunds.removeAll(keepingCapacity: true)
        activities.removeAll(keepingCapacity: true)
        properties.removeAll(keepingCapacity: true)
    }
}

/// Which attribute of a contact: the code of a known one, or past those the symbol of a custom field's name.
struct AttributeSlot: Hashable, Comparable {
    var rawValue: UInt32

    /// Slots from here on are custom fields.
    static let customFirst: UInt32 = 32

    static func < (left: AttributeSlot, right: AttributeSlot) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// A value as records hold it.
enum DecodedValue {
    /// Text of a vocabulary: country, language, status, product …
    case symbol(Symbol)
    /// Text of one contact alone, as UTF-8: e-mail, zip, custom fields, text properties.
    case text(Range<Int>)
    /// In billionths.
    case number(Int128)
    case boolean(Bool)
    /// Elements, each with its length before it as a varint; the range covers all of them without their count.
    case list(Range<Int>, count: Int)
    case instant(Int64)
    case birthday(month: Int, day: Int)
}

/// An order as conditions see it.
struct DecodedOrder {
    var store: Symbol
    var currency: Symbol
    /// Total less refunds.
    var amount: Int64
    /// `OrderStatus.code`.
    var status: UInt8
    var isTest: Bool
    var placedAt: Int64
    var sequence: UInt64
    /// Into `DecodedContact.lines`.
    var lines: Range<Int>
    /// The order's number within its store, as UTF-8.
    var orderBytes: Range<Int>
}

/// A line of an order; symbols that are absent are `Symbol.none`.
struct DecodedLine {
    var product: Symbol
    var variant: Symbol
    var title: Symbol
    var vendor: Symbol
    var category: Symbol
    var quantity: Int64
    var price: Int64
}

/// A refund that names no known order.
struct DecodedRefund {
    var currency: Symbol
    var amount: Int64
    var occurredAt: Int64
    var sequence: UInt64
}

/// Campaign or recorded activity.
struct DecodedActivity {
    /// What it is.
    var kind: ActivityKind
    /// The campaign, or the name of a recorded activity.
    var subject: Symbol
    /// The url of campaign activity as UTF-8, nil if it has none.
    var urlBytes: Range<Int>?
    var occurredAt: Int64
    var sequence: UInt64
    /// Into `DecodedContact.properties`.
    var properties: Range<Int>
}

/// What an activity is; the raw value is part of the stored record.
enum ActivityKind: UInt8 {
    case sent = 0
    case opened = 1
    case clicked = 2
    case bounced = 3
    case recorded = 4
}
