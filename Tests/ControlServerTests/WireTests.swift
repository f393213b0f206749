import ControlAPI
import SegmentModel
import Testing

@testable import ControlServer

@Suite struct WireTests {
    @Test func `a JSON tree keeps its values, numbers exactly`() throws {
        let text = #"{"a":[1,-2.50,12345678901234567890.0001,true,null,"x/y"],"b":{}}"#
        let tree = try WireCoding.decode(JSONTree.self, from: Array(text.utf8))
        let expected: JSONValue = .object([
            .init(
                "a",
                .array([
                    .number("1"), .number("-2.5"), .number("12345678901234567890.0001"), .bool(true), .null,
                    .string("x/y"),
                ])), .init("b", .object([])),
        ])
        #expect(tree.value == expected)
        #expect(
            String(decoding: try WireCoding.encode(tree), as: UTF8.self)
                == #"{"a":[1,-2.5,12345678901234567890.0001,true,null,"x/y"],"b":{}}"#)
    }

    @Test func `paths encode whatever an id is made of`() {
        #expect(
            Routes.members(of: "Élan & Co/1", in: "shop", limit: 2, after: "a+b")
                == "/v1/audiences/shop/segments/%C3%89lan%20%26%20Co%2F1/members?limit=2&after=a%2Bb")
        #expect(percentDecoded("%C3%89lan%20%26%20Co%2F1") == "Élan & Co/1")
        #expect(percentDecoded("a+b") == "a+b")
        #expect(percentDecoded("%C3") == nil)
        #expect(percentDecoded("%4") == nil)
        #expect(percentDecoded("%+1") == nil)
    }

    @Test(
        arguments: [
            (0, "PT0S"), (1, "PT1S"), (7_200, "PT2H"), (5_400, "PT1H30M"), (90_061, "PT25H1M1S"),
        ] as [(Int64, String)])
    func `a delay is written in hours, minutes and seconds`(seconds: Int64, text: String) {
        #expect(exactPeriod(seconds * 1_000_000) == text)
    }
}
