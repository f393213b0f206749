import SegmentModel

/// How the columns of a file become events: what a row is, how its values are written, which column says what.
///
/// Read from JSON by `init(parsing:)`; every fault names its place. Columns are found by their names once the header
/// of a file is known (`CSVConversion`).
public struct Mapping: Equatable, Sendable {
    /// What a row of the file is.
    public enum Rows: String, CaseIterable, Sendable {
        /// What is known of one contact.
        case contact
        /// One order.
        case order
        /// One line of an order; the lines of an order stand one after the other.
        case line
    }

    /// Where a value comes from, and how it is read.
    struct Origin: Equatable, Sendable {
        enum Place: Equatable, Sendable {
            case column(String)
            case constant(String)
        }

        var place: Place
        /// Pointer into the mapping.
        var pointer: String
        /// What stands in the file, and what it means.
        var values: [String: String] = [:]
        /// What everything else means.
        var otherwise: String?
        /// Whether a blank takes the value away; it leaves it as it was otherwise.
        var clears = false
        /// The type of a custom field.
        var type = FieldType.text
        /// Other forms of dates than the mapping's.
        var dates: [DatePattern]?
        /// What stands between the elements of a list, or tags.
        var separator: Character = ","
        /// Whether tags are added to those there are; they replace them otherwise.
        var adds = false
        /// Whether capital letters become small ones.
        var lowercases = false
    }

    public internal(set) var rows: Rows
    public internal(set) var source: String
    public internal(set) var encoding = TextEncoding.utf8
    public internal(set) var delimiter: UInt8 = 0x2C
    /// The time zone of dates without an offset.
    public internal(set) var timezone: String?
    var dates: [DatePattern] = []
    var decimals = DecimalForm()
    /// When what the rows say came to hold; nil: an instant for the whole file has to be given with it.
    var time: Origin?
    /// Keys of contacts or orders, in the order of the mapping.
    var columns: [(key: String, origin: Origin)] = []
    /// Keys of lines of orders.
    var lines: [(key: String, origin: Origin)] = []

    init(rows: Rows, source: String) {
        self.rows = rows
        self.source = source
    }

    public static func == (left: Mapping, right: Mapping) -> Bool {
        func same(_ left: [(key: String, origin: Origin)], _ right: [(key: String, origin: Origin)]) -> Bool {
            left.elementsEqual(right) { $0.key == $1.key && $0.origin == $1.origin }
        }
        return left.rows == right.rows && left.source == right.source && left.encoding == right.encoding
            && left.delimiter == right.delimiter && left.timezone == right.timezone && left.dates == right.dates
            && left.decimals == right.decimals && left.time == right.time && same(left.columns, right.columns)
            && same(left.lines, right.lines)
    }
}

/// The keys that a mapping may fill.
enum MappingKeys {
    static let contact =
        ["contact"] + KnownAttribute.allCases.map(\.rawValue) + ["tags"]
    static let order = ["order", "contact", "store", "currency", "total", "refunded", "status", "placedAt", "test"]
    static let requiredOfOrder = ["order", "contact", "store", "currency", "total"]
    static let line = ["product", "variant", "title", "vendor", "category", "quantity", "price"]
    static let requiredOfLine = ["product", "quantity", "price"]
    /// What a custom field's key begins with.
    static let customPrefix = "fields."

    /// Keys whose values are dates.
    static let dated: Set<String> = ["placedAt", "signedUpAt", "birthday"]
}
