import Admission
import SegmentModel

/// The events and conditions that campaigns use: each is a function of its number, so that both sides know it.
enum Shop {
    static let audience = "shop"
    static let settings = #"{"id":"shop","name":"Shop","timezone":"UTC","currency":"EUR","visibilityDelay":"PT0S"}"#

    /// Conditions of all kinds: attributes, tags, orders within a window, and what others have not.
    static let conditions = [
        #"{"tag":"vip"}"#,
        #"{"field":"country","op":"is","value":"FR"}"#,
        #"{"activity":"order","within":{"last":"P30D"},"measure":"count","op":"at_least","value":2}"#,
        #"{"not":{"tag":"none"}}"#,
        #"{"all":[{"field":"email","op":"is_not_blank"},{"not":{"activity":"order"}}]}"#,
    ]

    /// Few contacts, so that events of all lanes meet in them.
    private static let contactCount = 23

    /// The lane of contacts that are there to be erased: so many events of each, one contact after the other.
    static let erasableLane = 50
    static let eventsOfErasable = 4

    /// The id of such a contact: a text that stands nowhere else.
    static func erasable(_ number: Int) -> String { "canary\(number)canary" }

    private static func contact(lane: Int, number: Int) -> String {
        lane == erasableLane ? erasable((number - 1) / eventsOfErasable) : "c\((number * 7 + lane) % contactCount)"
    }

    /// A lane's event as a line of NDJSON.
    static func line(lane: Int, number: Int) -> String {
        let contact = contact(lane: lane, number: number)
        let head = #"{"specversion":"1.0","source":"lane\#(lane)","id":"\#(number)","#
        guard !number.isMultiple(of: 3) else {
            return head + #""type":"order.placed","data":{"order":"\#(lane)-\#(number)","contact":"\#(contact)","#
                + #""store":"web","currency":"EUR","total":"\#(number % 90 + 1).50","#
                + #""lines":[{"product":"p\#(number % 5)","quantity":1,"price":9.95}]}}"#
        }
        let country = ["FR", "DE", "GB"][number % 3]
        let tag = number.isMultiple(of: 2) ? #","tags":{"add":["vip"]}"# : ""
        return head + #""type":"contact.changed","data":{"contact":"\#(contact)","email":"\#(contact)@x.test","#
            + #""country":"\#(country)"\#(tag)}}"#
    }

    /// A batch of a lane's events.
    static func lines(lane: Int, first: Int, count: Int) -> String {
        (first..<first + count).map { line(lane: lane, number: $0) + "\n" }.joined()
    }

    /// The same as admission makes them.
    static func batch(lane: Int, first: Int, count: Int) -> AdmittedBatch {
        let admission = NDJSONAdmission()
        admission.feed(Array(lines(lane: lane, first: first, count: count).utf8))
        return admission.next(maxEvents: count) ?? admission.finish()
    }

    static func condition(_ number: Int) throws -> Condition {
        try Condition(parsing: JSONDocument.parse(Array(conditions[number].utf8)))
    }
}
