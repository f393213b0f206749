import SegmentModel
import Testing

@Suite("Operators on fields")
struct OperatorTests {
    let ask = Asking(
        contact: Sample.contact(
            [
                .country: .text("France"), .city: .text("Saint-ÉTIENNE"), .rating: .number(Number(4)),
                .vip: .boolean(false), .email: .text("ann@lists@Example.COM"), .region: .text(""),
                .signedUpAt: .instant(Sample.instant("2026-01-31T23:30:00Z")),
            ],
            fields: [
                "score": .number(Sample.number("7.25")), "renewal": .text("2026-03-05"), "shoe": .text("42"),
                "interests": .list(["Coffee", "tea"]), "odd": .text("soon"), "plan": .text("Gold"), "none": .list([]),
            ],
            tags: ["VIP", "früh"]),
        types: [
            "renewal": .date, "odd": .date, "shoe": .number, "interests": .list, "missing": .text, "score": .number,
            "seen": .instant,
        ])

    @Test("Text ignores case by folding, also beyond ASCII and across normal forms")
    func textIgnoresCase() throws {
        #expect(try ask.field("country", "is", "FRANCE"))
        #expect(try ask.field("city", "is", "saint-étienne"))
        #expect(try ask.field("city", "is", "Saint-E\u{301}tienne"))
        #expect(try ask.field("city", "contains", "éTI"))
        #expect(try ask.field("city", "starts_with", "SAINT"))
        #expect(try ask.field("city", "ends_with", "enne"))
        #expect(try !ask.field("city", "ends_with", "saint"))
        #expect(try !ask.field("country", "contains", "francea"))
        #expect(try ask.field("country", "in", ["Spain", "france"]))
        #expect(try !ask.field("country", "in", ["Spain", "fran"]))
    }

    @Test("Negative text operators are the exact negation, so true on a blank")
    func negativeText() throws {
        #expect(try !ask.field("country", "is_not", "france"))
        #expect(try ask.field("country", "is_not", "fr"))
        for op in ["is_not", "does_not_contain"] { #expect(try ask.field("language", op, "x")) }
        #expect(try ask.field("language", "not_in", ["x"]))
        for op in ["is", "contains", "starts_with", "ends_with"] { #expect(try !ask.field("language", op, "x")) }
        #expect(try !ask.field("country", "not_in", ["FRANCE"]))
    }

    @Test("The empty text and the empty list are blank, false and zero are not")
    func blanks() throws {
        for field in ["region", "language", "fields.none", "fields.nowhere", "fields.missing"] {
            #expect(try ask.field(field, "is_blank"), "\(field)")
            #expect(try !ask.field(field, "is_not_blank"), "\(field)")
        }
        for field in ["vip", "country", "fields.score", "tags", "status", "firstSeenAt"] {
            #expect(try ask.field(field, "is_not_blank"), "\(field)")
            #expect(try !ask.field(field, "is_blank"), "\(field)")
        }
    }

    @Test("Numbers compare exactly, both ends of between included")
    func numbers() throws {
        #expect(try ask.field("fields.score", "is", .number("7.250")))
        #expect(try ask.field("fields.score", "is", "7.25"))
        #expect(try !ask.field("fields.score", "less_than", .number("7.25")))
        #expect(try ask.field("fields.score", "less_than", .number("7.250000001")))
        #expect(try ask.field("fields.score", "at_most", .number("7.25")))
        #expect(try !ask.field("fields.score", "greater_than", .number("7.25")))
        #expect(try ask.field("fields.score", "at_least", .number("7.25")))
        #expect(try ask.field("rating", "between", [4, 5]))
        #expect(try ask.field("rating", "between", [3, 4]))
        #expect(try !ask.field("rating", "between", [1, 3]))
        #expect(try ask.field("rating", "in", [1, 4]))
        #expect(try !ask.field("rating", "not_in", [1, 4]))
        #expect(try !ask.field("latitude", "at_most", 5))
        #expect(try ask.field("latitude", "is_not", 5))
    }

    @Test("Text that reads as the declared number is that number")
    func numberFromText() throws {
        #expect(try ask.field("fields.shoe", "greater_than", 41))
        #expect(try !ask.field("fields.shoe", "is_blank"))
        let odd = Asking(contact: Sample.contact(fields: ["shoe": .text("big")]), types: ["shoe": .number])
        #expect(try odd.field("fields.shoe", "is_blank"))
    }

    @Test("A boolean that is absent is neither true nor false")
    func booleans() throws {
        #expect(try ask.field("vip", "is", false))
        #expect(try !ask.field("vip", "is", true))
        let nobody = Asking(contact: Sample.contact())
        #expect(try !nobody.field("vip", "is", false))
        #expect(try nobody(["not": ["field": "vip", "op": "is", "value": true]]))
    }

    @Test("Lists and tags compare whole elements, folded")
    func lists() throws {
        #expect(try ask.field("tags", "contains", "vip"))
        #expect(try ask(["tag": "FRÜH"]))
        #expect(try !ask(["tag": "vi"]))
        #expect(try ask.field("tags", "does_not_contain", "vi"))
        #expect(try ask.field("tags", "contains_all", ["früh", "Vip"]))
        #expect(try !ask.field("tags", "contains_all", ["früh", "new"]))
        #expect(try ask.field("fields.interests", "contains", "COFFEE"))
        #expect(try !ask.field("fields.interests", "contains", "coff"))
        let undeclared = Asking(contact: ask.contact)
        #expect(try undeclared.field("fields.interests", "contains", "TEA"))
        #expect(try undeclared.field("fields.interests", "does_not_contain", "te"))
        #expect(try !Asking(contact: Sample.contact()).field("tags", "contains_all", ["a"]))
    }

    @Test("An undeclared field takes its type from the operand; another type is blank")
    func undeclaredFields() throws {
        #expect(try ask.field("fields.plan", "is", "GOLD"))
        #expect(try !ask.field("fields.plan", "is", 1))
        #expect(try ask.field("fields.plan", "is_not", 1))
        #expect(try !ask.field("fields.plan", "is", true))
        #expect(try ask.field("fields.plan", "is_not_blank"))
    }

    @Test("A contact without a status is subscribed, and the domain follows the last @")
    func derivedFields() throws {
        #expect(try ask.field("status", "is", "Subscribed"))
        #expect(try ask.field("emailDomain", "is", "example.com"))
        #expect(try Asking(contact: Sample.contact()).field("emailDomain", "is_blank"))
        #expect(try Asking(contact: Sample.contact([.email: .text("a@")])).field("emailDomain", "is_blank"))
    }

    @Test("A declared date is compared by calendar day, and text that is no date is blank")
    func declaredDates() throws {
        #expect(try ask.field("fields.renewal", "on", "2026-03-05"))
        #expect(try ask.field("fields.renewal", "before", "2026-03-06"))
        #expect(try !ask.field("fields.renewal", "before", "2026-03-05"))
        #expect(try !ask.field("fields.renewal", "after", "2026-03-05T01:00:00Z"))
        #expect(try ask.field("fields.renewal", "after", "2026-03-04T23:00:00Z"))
        #expect(try ask.field("fields.renewal", "between", ["2026-03-05", "2026-03-05"]))
        #expect(try ask.field("fields.renewal", "within", ["next": "P4D"]))
        #expect(try !ask.field("fields.renewal", "within", ["next": "P3D"]))
        #expect(try ask.field("fields.renewal", "within", ["next": "P4D"], now: "2026-03-05T23:59:59.999999Z"))
        #expect(try ask.field("fields.renewal", "within", ["last": "P4D"], now: "2026-03-09T23:59:59Z"))
        #expect(try !ask.field("fields.renewal", "within", ["last": "P4D"], now: "2026-03-10T00:00:00Z"))
        #expect(try ask.field("fields.renewal", "within", ["notLast": "P4D"], now: "2026-03-10T00:00:00Z"))
        #expect(try !ask.field("fields.renewal", "within", ["notLast": "P4D"], now: "2026-03-09T23:00:00Z"))
        #expect(try ask.field("fields.odd", "is_blank"))
        #expect(try ask.field("fields.odd", "not_within", ["last": "P1D"]))
        #expect(try !ask.field("fields.odd", "before", "2030-01-01"))
    }

    @Test("An instant compares by days of the audience's zone, or exactly")
    func instants() throws {
        var there = ask
        #expect(try there.field("signedUpAt", "on", "2026-01-31"))
        there.zone = try Sample.zone("Europe/Paris")
        #expect(try there.field("signedUpAt", "on", "2026-02-01"))
        #expect(try there.field("signedUpAt", "after", "2026-01-31"))
        #expect(try !there.field("signedUpAt", "before", "2026-02-01"))
        #expect(try !there.field("signedUpAt", "after", "2026-01-31T23:30:00Z"))
        #expect(try there.field("signedUpAt", "after", "2026-01-31T23:29:59.999999Z"))
        #expect(try there.field("signedUpAt", "between", ["2026-01-31T23:30:00Z", "2026-01-31T23:30:00Z"]))
        #expect(try there.field("firstSeenAt", "before", "2026-01-01"))
    }

    @Test("Saved segments count as their condition; a missing one and a circle are false")
    func segments() throws {
        var there = ask
        there.segments = [
            "s1": try Condition(parsing: ["tag": "vip"]), "s2": .segment("s1"), "a": .segment("b"),
            "b": .segment("a"),
        ]
        #expect(try there(["segment": "s1"]))
        #expect(try there(["segment": "s2"]))
        #expect(try !there(["segment": "s3"]))
        #expect(try there(["not": ["segment": "s3"]]))
        #expect(try !there(["segment": "a"]))
    }

    @Test("Gates are Boolean")
    func gates() throws {
        let (yes, no): (JSONValue, JSONValue) = (["tag": "vip"], ["tag": "none"])
        #expect(try ask(["all": [yes, yes]]))
        #expect(try !ask(["all": [yes, no]]))
        #expect(try ask(["any": [no, yes]]))
        #expect(try !ask(["any": [no, no]]))
        #expect(try ask(["not": ["not": yes]]))
    }
}
