/// The bytes of a contact's record, as memory and the view hold them; see docs/format.md for every field.
///
/// ```
/// id        text
/// head      length as varint, then firstSeenAt, stamps, attributes, tags
/// items     orders, activities and refunds that name no order, each in one piece, until the end
/// ```
///
/// What happens most, another activity or order, is an item more at the end; the bytes before it stay as they are.
enum RecordFormat {
    /// What a value in the head or a property is; the numbers are those of stored events, and one of the record's own.
    enum ValueCode: UInt8 {
        case cleared = 0
        case text = 1
        case number = 2
        case no = 3
        case yes = 4
        case list = 5
        case instant = 6
        case birthday = 7
        case symbol = 8
    }

    /// What an item is: the two lowest bits of its first byte.
    enum ItemCode: UInt8 {
        case order = 0
        case activity = 1
        case refund = 2
    }

    static let itemCodeMask: UInt8 = 3

    // Flags of an order.
    static let orderIsTest: UInt8 = 1 << 2
    /// The amount differs from the total: refunds name the order.
    static let orderHasAmount: UInt8 = 1 << 3
    /// The winning statement was made at another time than the order was placed.
    static let orderHasEffectiveAt: UInt8 = 1 << 4

    static let lineHasVariant: UInt8 = 1 << 0
    static let lineHasTitle: UInt8 = 1 << 1
    static let lineHasVendor: UInt8 = 1 << 2
    static let lineHasCategory: UInt8 = 1 << 3

    // An activity's kind follows its code.
    static let activityKindShift: UInt8 = 2
    static let activityHasURL: UInt8 = 1 << 5
}
