/// A line that must not be taken, and what must be said of it.
struct BadLine: Sendable {
    let bytes: [UInt8]
    let code: String
    /// Where in the line the fault lies; nil where that is the whole line.
    let pointer: String?

    private init(_ line: String, _ code: String, _ pointer: String? = nil) {
        bytes = Array(line.utf8)
        self.code = code
        self.pointer = pointer
    }

    private init(_ bytes: [UInt8], _ code: String) {
        self.bytes = bytes
        self.code = code
        pointer = nil
    }

    private static func event(_ type: String, _ data: String, envelope: String = #""id":"bad","source":"s""#) -> String
    {
        #"{"specversion":"1.0",\#(envelope),"type":"\#(type)","data":\#(data)}"#
    }

    private static func contact(_ rest: String) -> String {
        event("contact.changed", #"{"contact":"c",\#(rest)}"#)
    }

    private static func order(_ rest: String, total: String = "1", currency: String = "EUR") -> String {
        event(
            "order.placed",
            #"{"store":"s","order":"o","contact":"c","currency":"\#(currency)","total":\#(total)\#(rest)}"#)
    }

    private static func long(_ count: Int) -> String { String(repeating: "x", count: count) }

    /// One line of every kind of fault.
    static let all: [BadLine] = text + envelope + contacts + facts

    private static let text = [
        BadLine("{", "invalid_json"),
        BadLine("not JSON", "invalid_json"),
        BadLine(#"{"a":1} {"b":2}"#, "invalid_json"),
        BadLine(Array(#"{"a":""#.utf8) + [0xC3, 0x28] + Array(#""}"#.utf8), "invalid_utf8"),
        BadLine(#"{"a":"# + String(repeating: "[", count: 80), "too_deep"),
        BadLine(#"{"a":""# + long(1_048_576) + #""}"#, "line_too_long"),
        BadLine("[]", "wrong_type"),
        BadLine(#"{"id":"1","id":"1"}"#, "repeated_key", "/id"),
    ]

    private static let envelope = [
        BadLine("{}", "missing_key", "/specversion"),
        BadLine(#"{"specversion":"0.3"}"#, "unsupported_specversion", "/specversion"),
        BadLine(#"{"specversion":"1.0","id":"1","source":"s"}"#, "missing_key", "/type"),
        BadLine(event("contact.erased", #"{"contact":"c"}"#, envelope: #""id":"","source":"s""#), "blank", "/id"),
        BadLine(
            event("contact.erased", #"{"contact":"c"}"#, envelope: #""id":"\#(long(201))","source":"s""#), "too_long",
            "/id"),
        BadLine(
            event("contact.erased", #"{"contact":"c"}"#, envelope: #""id":"a\u0000","source":"s""#),
            "control_character", "/id"),
        BadLine(
            event("contact.erased", #"{"contact":"c"}"#, envelope: #""id":"1","source":"s","time":"yesterday""#),
            "invalid_time", "/time"),
        BadLine(event("order.place", "{}"), "unknown_type", "/type"),
    ]

    private static let contacts = [
        BadLine(event("contact.changed", "{}"), "missing_key", "/data/contact"),
        BadLine(contact(#""emial":"a@b""#), "unknown_key", "/data/emial"),
        BadLine(contact(#""email":"nobody""#), "invalid_email", "/data/email"),
        BadLine(contact(#""status":"gone""#), "unknown_value", "/data/status"),
        BadLine(contact(#""rating":6"#), "out_of_range", "/data/rating"),
        BadLine(contact(#""rating":1e999"#), "invalid_number", "/data/rating"),
        BadLine(contact(#""vip":"yes""#), "wrong_type", "/data/vip"),
        BadLine(contact(#""birthday":"02-30""#), "invalid_birthday", "/data/birthday"),
        BadLine(contact(#""signedUpAt":"2026-01-31""#), "invalid_time", "/data/signedUpAt"),
        BadLine(contact(#""fields":{"sizes":["S",4]}"#), "wrong_type", "/data/fields/sizes/1"),
        BadLine(contact(#""fields":{"a/b~c":{}}"#), "wrong_type", "/data/fields/a~1b~0c"),
        BadLine(contact(#""tags":{"add":["vip","  "]}"#), "blank", "/data/tags/add/1"),
        BadLine(contact(#""tags":{"add":["VIP"],"remove":["vip"]}"#), "contradiction", "/data/tags"),
        BadLine(
            contact(#""fields":{"l":[\#(String(repeating: #""x","#, count: 1_000))"x"]}"#), "too_many", "/data/fields/l"
        ),
    ]

    private static let facts = [
        BadLine(order("", total: "-1"), "negative", "/data/total"),
        BadLine(order("", total: "0.00001"), "invalid_amount", "/data/total"),
        BadLine(order("", currency: "euro"), "invalid_currency", "/data/currency"),
        BadLine(
            order(#","lines":[{"product":"p","quantity":1,"price":1},{"product":"p","quantity":1}]"#), "missing_key",
            "/data/lines/1/price"),
        BadLine(
            event("order.refunded", #"{"refund":"r","contact":"c","currency":"EUR","amount":1,"order":"o"}"#),
            "missing_store", "/data/store"),
        BadLine(event("order.cancelled", #"{"order":"o"}"#), "missing_key", "/data/store"),
        BadLine(event("activity.recorded", #"{"contact":"c","name":"a\nb"}"#), "control_character", "/data/name"),
        BadLine(
            event("campaign.clicked", #"{"contact":"c","campaign":"k","url":"\#(long(8_193))"}"#), "too_long",
            "/data/url"),
    ]
}
