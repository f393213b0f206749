import Admission
import SegmentModel
import Testing

/// A bad line and what must be said of it.
struct BadLine: Sendable, CustomTestStringConvertible {
    let line: String
    let pointer: String
    let code: RejectionCode
    /// Words that the message must have.
    let says: String

    init(_ line: String, _ pointer: String, _ code: RejectionCode, says: String = "") {
        self.line = line
        self.pointer = pointer
        self.code = code
        self.says = says
    }

    var testDescription: String { code.rawValue + " " + pointer + " " + line.prefix(60) }

    static let envelope: [BadLine] = [
        BadLine("{", "", .invalidJSON, says: "at byte 1"),
        BadLine("hello", "", .invalidJSON, says: "at byte 0"),
        BadLine(#"{"a":01}"#, "", .invalidJSON, says: "zero"),
        BadLine(#"{"a":1,}"#, "", .invalidJSON, says: "key"),
        BadLine(#"{"a":1} {"b":2}"#, "", .invalidJSON, says: "at byte 8"),
        BadLine(#"{"a":"\x"}"#, "", .invalidJSON, says: "escape"),
        BadLine(#"{"a":"\ud800"}"#, "", .invalidJSON, says: "escape"),
        BadLine("{\"a\":\"tab\there\"}", "", .invalidJSON, says: "control character"),
        BadLine(#"{"a":\#(String(repeating: "[", count: 80))"#, "", .tooDeep, says: "64"),
        BadLine("[]", "", .wrongType, says: "CloudEvents object"),
        BadLine("3", "", .wrongType),
        BadLine("{}", "/specversion", .missingKey, says: "\"specversion\""),
        BadLine(#"{"specversion":"0.3"}"#, "/specversion", .unsupportedSpecversion, says: "1.0"),
        BadLine(#"{"specversion":1.0}"#, "/specversion", .unsupportedSpecversion),
        BadLine(#"{"specversion":"1.0","source":"s"}"#, "/id", .missingKey),
        BadLine(#"{"specversion":"1.0","id":"1"}"#, "/source", .missingKey),
        BadLine(#"{"specversion":"1.0","id":"1","source":"s"}"#, "/type", .missingKey),
        BadLine(#"{"specversion":"1.0","id":"1","source":"s","type":"contact.erased"}"#, "/data", .missingKey),
        BadLine(#"{"id":"1","id":"1"}"#, "/id", .repeatedKey, says: "twice"),
        BadLine(eventLine("contact.erased", #"{"contact":"c"}"#, rest: #","x":1,"x":1"#), "/x", .repeatedKey),
        BadLine(eventLine("contact.erased", #"{"contact":"c"}"#, rest: #","x":{"y":1,"y":2}"#), "/x/y", .repeatedKey),
        BadLine(
            eventLine("contact.erased", #"{"contact":"c"}"#, rest: #","data_base64":"AA==""#), "/data_base64",
            .unknownKey),
        BadLine(
            #"{"specversion":"1.0","id":"1","source":"s","type":"x","data_base64":"AA=="}"#, "/data_base64", .unknownKey
        ),
        BadLine(eventLine("contact.erased", #"{"contact":"c"}"#, id: ""), "/id", .blank),
        BadLine(eventLine("contact.erased", #"{"contact":"c"}"#, source: #" \t "#), "/source", .blank),
        BadLine(
            eventLine("contact.erased", #"{"contact":"c"}"#, id: String(repeating: "é", count: 101)), "/id", .tooLong,
            says: "202"),
        BadLine(eventLine("contact.erased", #"{"contact":"c"}"#, id: #"a\u0000"#), "/id", .controlCharacter),
        BadLine(eventLine("contact.erased", #"{"contact":"c"}"#, id: "a\u{85}b"), "/id", .controlCharacter),
        BadLine(eventLine("order.place", "{}"), "/type", .unknownType, says: "order.placed"),
        BadLine(eventLine("entirely.other", "{}"), "/type", .unknownType, says: "Known are"),
        BadLine(eventLine("contact.erased", "[]"), "/data", .wrongType),
        BadLine(
            eventLine("contact.erased", #"{"contact":"c"}"#, rest: #","time":"2026-03-01T14:05:00""#), "/time",
            .invalidTime),
        BadLine(
            eventLine("contact.erased", #"{"contact":"c"}"#, rest: #","time":"2026-02-30T14:05:00Z""#), "/time",
            .invalidTime),
        BadLine(eventLine("contact.erased", #"{"contact":"c"}"#, rest: #","time":1772373900"#), "/time", .wrongType),
    ]

    static let contacts: [BadLine] = [
        BadLine(eventLine("contact.changed", "{}"), "/data/contact", .missingKey),
        BadLine(eventLine("contact.changed", #"{"contact":null}"#), "/data/contact", .missingKey, says: "null"),
        BadLine(eventLine("contact.changed", #"{"contact":12}"#), "/data/contact", .wrongType, says: #""12""#),
        BadLine(contactLine(#""contact":"c2""#), "/data/contact", .repeatedKey),
        BadLine(contactLine(#""emial":"a@b""#), "/data/emial", .unknownKey, says: "email"),
        BadLine(contactLine(#""a/b~c":1"#), "/data/a~1b~0c", .unknownKey, says: "Known here"),
        BadLine(contactLine(#""email":"nobody""#), "/data/email", .invalidEmail, says: "nobody"),
        BadLine(contactLine(#""email":"@b""#), "/data/email", .invalidEmail),
        BadLine(contactLine(#""email":"a@""#), "/data/email", .invalidEmail),
        BadLine(contactLine(#""email":"\#(String(repeating: "a", count: 320))@b""#), "/data/email", .tooLong),
        BadLine(contactLine(#""status":"gone""#), "/data/status", .unknownValue, says: "\"cleaned\""),
        BadLine(contactLine(#""rating":6"#), "/data/rating", .outOfRange, says: "0 to 5"),
        BadLine(contactLine(#""rating":4.5"#), "/data/rating", .outOfRange),
        BadLine(contactLine(#""rating":"4""#), "/data/rating", .wrongType),
        BadLine(contactLine(#""rating":1e999"#), "/data/rating", .invalidNumber),
        BadLine(contactLine(#""vip":"yes""#), "/data/vip", .wrongType, says: "true or false"),
        BadLine(contactLine(#""latitude":90.0001"#), "/data/latitude", .outOfRange),
        BadLine(contactLine(#""longitude":-181"#), "/data/longitude", .outOfRange),
        BadLine(contactLine(#""birthday":"02-30""#), "/data/birthday", .invalidBirthday),
        BadLine(contactLine(#""signedUpAt":"2026-01-31""#), "/data/signedUpAt", .invalidTime),
        BadLine(contactLine(#""zip":12345"#), "/data/zip", .wrongType, says: "quotes"),
        BadLine(contactLine(#""city":"\#(String(repeating: "x", count: 4_097))""#), "/data/city", .tooLong),
        BadLine(contactLine(#""fields":null"#), "/data/fields", .wrongType),
        BadLine(contactLine(#""fields":{"a":1,"b":2,"a":3}"#), "/data/fields/a", .repeatedKey),
        BadLine(contactLine(#""fields":{"":1}"#), "/data/fields/", .blank),
        BadLine(
            contactLine(#""fields":{"\#(String(repeating: "n", count: 101))":1}"#),
            "/data/fields/" + String(repeating: "n", count: 101), .tooLong),
        BadLine(contactLine(#""fields":{"plan":{"name":"gold"}}"#), "/data/fields/plan", .wrongType),
        BadLine(contactLine(#""fields":{"sizes":["S",4]}"#), "/data/fields/sizes/1", .wrongType),
        BadLine(
            contactLine(#""fields":{"l":[\#(String(repeating: #""x","#, count: 1_000))"x"]}"#), "/data/fields/l",
            .tooMany),
        BadLine(
            contactLine(#""fields":{\#((0...500).map { #""f\#($0)":1"# }.joined(separator: ","))}"#),
            "/data/fields", .tooMany, says: "501"),
        BadLine(contactLine(#""tags":null"#), "/data/tags", .wrongType),
        BadLine(contactLine(#""tags":["vip"]"#), "/data/tags", .wrongType),
        BadLine(contactLine(#""tags":{"add":["vip","  "]}"#), "/data/tags/add/1", .blank),
        BadLine(contactLine(#""tags":{"add":["a"],"set":[]}"#), "/data/tags/add", .contradiction),
        BadLine(contactLine(#""tags":{"add":["VIP"],"remove":["vip"]}"#), "/data/tags", .contradiction),
        BadLine(contactLine(#""tags":{"put":["VIP"]}"#), "/data/tags/put", .unknownKey),
    ]

    static let orders: [BadLine] = [
        BadLine(orderLine(total: "-1"), "/data/total", .negative),
        BadLine(orderLine(total: "0.00001"), "/data/total", .invalidAmount),
        BadLine(orderLine(total: #""10,50""#), "/data/total", .invalidAmount, says: "10,50"),
        BadLine(orderLine(total: "1e30"), "/data/total", .invalidAmount),
        BadLine(orderLine(total: "true"), "/data/total", .wrongType),
        BadLine(orderLine(#","status":"shipped""#), "/data/status", .unknownValue, says: "\"fulfilled\""),
        BadLine(orderLine(#","test":0"#), "/data/test", .wrongType),
        BadLine(orderLine(#","placedAt":"yesterday""#), "/data/placedAt", .invalidTime),
        BadLine(orderLine(#","lines":{}"#), "/data/lines", .wrongType),
        BadLine(
            orderLine(#","lines":[{"product":"p","quantity":1,"price":1},{"product":"p","quantity":1}]"#),
            "/data/lines/1/price", .missingKey),
        BadLine(
            orderLine(#","lines":[{"product":7,"quantity":1,"price":1}]"#), "/data/lines/0/product", .wrongType,
            says: #""7""#),
        BadLine(orderLine(#","lines":[{"product":"p","quantity":-1,"price":1}]"#), "/data/lines/0/quantity", .negative),
        BadLine(orderLine(#","lines":[{"product":"p","qty":1,"price":1}]"#), "/data/lines/0/qty", .unknownKey),
        BadLine(
            eventLine("order.placed", #"{"order":"o","contact":"c","store":"s","currency":"£","total":1}"#),
            "/data/currency", .invalidCurrency),
        BadLine(eventLine("order.cancelled", #"{"order":"o"}"#), "/data/store", .missingKey),
        BadLine(
            eventLine("order.refunded", #"{"refund":"r","contact":"c","currency":"GBP","amount":1,"order":"o"}"#),
            "/data/store", .missingStore),
        BadLine(
            eventLine("integration.connected", #"{"integration":"i","platform":"shopify"}"#), "/data/stores",
            .missingKey),
        BadLine(
            eventLine("integration.connected", #"{"integration":"i","platform":"x","stores":[{"name":"n"}]}"#),
            "/data/stores/0/store", .missingKey),
        BadLine(
            eventLine(
                "campaign.clicked", #"{"contact":"c","campaign":"k","url":"\#(String(repeating: "u", count: 8_193))"}"#),
            "/data/url", .tooLong),
        BadLine(
            eventLine("activity.recorded", #"{"contact":"c","name":"viewed","properties":{"page":null}}"#),
            "/data/properties/page", .wrongType),
        BadLine(eventLine("activity.recorded", #"{"contact":"c","name":"a\nb"}"#), "/data/name", .controlCharacter),
    ]
}

@Suite("Rejections")
struct RejectionTests {
    @Test(
        "A bad line is rejected with its place and reason",
        arguments: BadLine.envelope + BadLine.contacts + BadLine.orders)
    func badLine(_ bad: BadLine) throws {
        let rejection = try #require(decode(bad.line).rejection)
        #expect(rejection.line == 1)
        #expect(rejection.pointer == bad.pointer)
        #expect(rejection.code == bad.code.rawValue, "\(rejection.message)")
        #expect(rejection.message.contains(bad.says), "\(rejection.message)")
        #expect(rejection.message.utf8.count < 500)
    }

    @Test("A rejection names source and id where they can be read")
    func names() throws {
        let rejection = try #require(decode(orderLine(total: "-1")).rejection)
        #expect(rejection.source == "shop")
        #expect(rejection.id == "e1")
        let nameless = try #require(decode(#"{"id":"","source":"s"}"#).rejection)
        #expect(nameless.source == "s")
        #expect(nameless.id == nil)
    }

    @Test(
        "Broken UTF-8 is rejected with the place of the first bad byte",
        arguments: [
            [0x80], [0xC0, 0xAF], [0xE0, 0x80, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF],
            [0xE2, 0x82],
        ] as [[UInt8]])
    func brokenUTF8(_ bytes: [UInt8]) throws {
        let line = Array(#"{"a":"é"#.utf8) + bytes + Array(#""}"#.utf8)
        let rejection = try #require(decode(line).rejection)
        #expect(rejection.code == RejectionCode.invalidUTF8.rawValue)
        #expect(rejection.message.contains("at byte 8"))
    }

    @Test("A line at its bound is taken, one byte more is too long")
    func lineBound() throws {
        let short = eventLine("contact.erased", #"{"contact":"c"}"#)
        let room = AdmissionLimits.lineBytesMax - short.utf8.count
        let full = short + String(repeating: " ", count: room)
        #expect(throws: Never.self) { try decode(full).get() }
        #expect(decode(full + " ").rejection?.code == RejectionCode.lineTooLong.rawValue)
    }
}
