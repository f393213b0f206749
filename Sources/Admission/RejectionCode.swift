/// Why a line was rejected, in a word that stays the same for ever.
///
/// | code | the line or value |
/// |---|---|
/// | `invalid_json` | is not JSON |
/// | `incomplete_line` | ends in the middle: the last line, without a line end, was cut off |
/// | `invalid_utf8` | is not UTF-8 |
/// | `too_deep` | is nested too deeply |
/// | `line_too_long` | has more bytes than a line may have |
/// | `repeated_key` | has the same key twice |
/// | `unknown_key` | has a key in `data` that its type does not have |
/// | `missing_key` | lacks a key that is required |
/// | `wrong_type` | has another JSON type than the key takes |
/// | `unsupported_specversion` | is not CloudEvents 1.0 |
/// | `unknown_type` | has a `type` that is not known |
/// | `unknown_value` | is not one of the values the key takes |
/// | `blank` | is empty or only white space where a name is needed |
/// | `too_long` | is a text beyond its bound |
/// | `too_many` | has more elements or members than allowed |
/// | `control_character` | is an identifier or name with a control character |
/// | `invalid_time` | is not an RFC 3339 instant with an offset |
/// | `invalid_birthday` | is not a month and day `MM-DD` |
/// | `invalid_email` | is not an e-mail address |
/// | `invalid_currency` | is not three letters |
/// | `invalid_amount` | is not an exact amount with at most four fraction digits |
/// | `invalid_number` | is not an exact number within bounds |
/// | `negative` | is below zero where that has no meaning |
/// | `out_of_range` | is outside the range of its key |
/// | `missing_store` | names an order without its store |
/// | `contradiction` | says a thing and its opposite |
public struct RejectionCode: RawRepresentable, Hashable, Sendable {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public static let invalidJSON = RejectionCode(rawValue: "invalid_json")
    public static let incompleteLine = RejectionCode(rawValue: "incomplete_line")
    public static let invalidUTF8 = RejectionCode(rawValue: "invalid_utf8")
    public static let tooDeep = RejectionCode(rawValue: "too_deep")
    public static let lineTooLong = RejectionCode(rawValue: "line_too_long")
    public static let repeatedKey = RejectionCode(rawValue: "repeated_key")
    public static let unknownKey = RejectionCode(rawValue: "unknown_key")
    public static let missingKey = RejectionCode(rawValue: "missing_key")
    public static let wrongType = RejectionCode(rawValue: "wrong_type")
    public static let unsupportedSpecversion = RejectionCode(rawValue: "unsupported_specversion")
    public static let unknownType = RejectionCode(rawValue: "unknown_type")
    public static let unknownValue = RejectionCode(rawValue: "unknown_value")
    public static let blank = RejectionCode(rawValue: "blank")
    public static let tooLong = RejectionCode(rawValue: "too_long")
    public static let tooMany = RejectionCode(rawValue: "too_many")
    public static let controlCharacter = RejectionCode(rawValue: "control_character")
    public static let invalidTime = RejectionCode(rawValue: "invalid_time")
    public static let invalidBirthday = RejectionCode(rawValue: "invalid_birthday")
    public static let invalidEmail = RejectionCode(rawValue: "invalid_email")
    public static let invalidCurrency = RejectionCode(rawValue: "invalid_currency")
    public static let invalidAmount = RejectionCode(rawValue: "invalid_amount")
    public static let invalidNumber = RejectionCode(rawValue: "invalid_number")
    public static let negative = RejectionCode(rawValue: "negative")
    public static let outOfRange = RejectionCode(rawValue: "out_of_range")
    public static let missingStore = RejectionCode(rawValue: "missing_store")
    public static let contradiction = RejectionCode(rawValue: "contradiction")
}
