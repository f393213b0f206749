import SegmentModel
import TestSupport
import Testing

@testable import SegmentEngine

@Suite struct CanonicalFormsTests {
    private let forms = CanonicalForms(context: EvaluationContext(zone: .utc, currency: "EUR"))

    private func literal(_ json: JSONValue) throws -> Literal {
        forms.literal(of: try Condition(parsing: json, types: ["points": .number, "due": .date]))
    }

    @Test(arguments: 0..<16) func `a literal is true exactly where its condition is`(seed: UInt64) throws {
        var world = try RandomWorld(seed: seed)
        let evaluator = ReferenceEvaluator(context: world.context)
        for _ in 0..<50 {
            let condition = world.elementary()
            let literal = forms.literal(of: condition)
            for contact in world.contacts + [world.empty] {
                let now = RandomEvents.instant(using: &world.random)
                let truth: Bool
                switch literal {
                case .constant(let value): truth = value
                case .test(let leaf, let isNegated):
                    let holds = evaluator.isTrue(leaf.condition, of: contact, at: now)
                    truth = (holds != leaf.isInverted) != isNegated
                }
                try #require(
                    truth == evaluator.isTrue(condition, of: contact, at: now),
                    "seed \(seed): \(condition.json.text) as \(literal) for \(contact) at \(now)")
            }
        }
    }

    @Test(arguments: 100..<130) func `a leaf is false for an empty contact at any time`(seed: UInt64) throws {
        var world = try RandomWorld(seed: seed, eventCount: 1)
        let evaluator = ReferenceEvaluator(context: world.context)
        for _ in 0..<100 {
            guard case .test(let leaf, _) = forms.literal(of: world.elementary()) else { continue }
            if case .field(let field) = leaf.condition, field.field == .firstSeenAt {
                #expect(!leaf.isInverted)
                continue
            }
            let now = RandomEvents.instant(using: &world.random)
            let holds = evaluator.isTrue(leaf.condition, of: world.empty, at: now)
            #expect(holds == leaf.isInverted, "\(leaf)")
        }
    }

    @Test(arguments: 200..<220) func `the canonical form of a leaf is that leaf`(seed: UInt64) throws {
        var world = try RandomWorld(seed: seed, eventCount: 1)
        for _ in 0..<100 {
            guard case .test(let leaf, _) = forms.literal(of: world.elementary()) else { continue }
            #expect(forms.literal(of: leaf.condition) == .test(leaf, isNegated: leaf.isInverted), "\(leaf)")
        }
    }

    @Test func `spelling, order and repetition make no other leaf`() throws {
        let pairs: [(JSONValue, JSONValue)] = [
            (["field": "country", "op": "is", "value": "FR"], ["value": "fr", "op": "is", "field": "country"]),
            (
                ["field": "country", "op": "in", "value": ["FR", "de", "fr"]],
                ["field": "country", "op": "in", "value": ["DE", "Fr"]]
            ),
            (
                ["field": "country", "op": "in", "value": ["FR", "fr"]],
                ["field": "country", "op": "is", "value": "FR"]
            ),
            (["tag": "VIP"], ["field": "tags", "op": "contains", "value": "vip"]),
            (["activity": "order"], ["activity": "order", "op": "greater_than", "value": "0.5"]),
            (["activity": "order", "value": 3], ["activity": "order", "value": "2.5"]),
            (["activity": "order"], ["activity": "order", "measure": "last", "op": "is_not_blank"]),
            (
                ["activity": "order", "within": ["last": "P2W"]], ["activity": "order", "within": ["last": "P14D"]]
            ),
            (
                [
                    "activity": "order",
                    "where": [
                        ["field": "vendor", "op": "is", "value": "Acme"],
                        ["field": "price", "op": "at_least", "value": 5],
                    ],
                ],
                [
                    "activity": "order",
                    "where": [
                        ["field": "price", "op": "at_least", "value": 5],
                        ["field": "vendor", "op": "in", "value": ["ACME"]],
                        ["field": "vendor", "op": "is", "value": "acme"],
                    ],
                ]
            ),
        ]
        for (left, right) in pairs { #expect(try literal(left) == literal(right), "\(left.text) \(right.text)") }
    }

    @Test func `negative operators are the negation of their positive`() throws {
        let pairs: [(JSONValue, JSONValue)] = [
            (["field": "country", "op": "is_not", "value": "FR"], ["field": "country", "op": "is", "value": "FR"]),
            (["field": "country", "op": "is_blank"], ["field": "country", "op": "is_not_blank"]),
            (["activity": "order", "op": "less_than", "value": 2], ["activity": "order", "value": 2]),
            (["activity": "order", "op": "is", "value": 0], ["activity": "order"]),
            (
                ["activity": "order", "measure": "total", "op": "at_most", "value": 10],
                ["activity": "order", "measure": "total", "op": "greater_than", "value": 10]
            ),
            (
                ["field": "fields.due", "op": "not_within", "value": ["next": "P7D"]],
                ["field": "fields.due", "op": "within", "value": ["next": "P7D"]]
            ),
        ]
        for (left, right) in pairs { #expect(try literal(left) == literal(right).negated, "\(left.text)") }
    }

    @Test func `what may be blank keeps both sides apart`() throws {
        let less = try literal(["field": "rating", "op": "less_than", "value": 3])
        let least = try literal(["field": "rating", "op": "at_least", "value": 3])
        #expect(less != least.negated)
        let average: [(JSONValue)] = ["less_than", "at_least"].map {
            ["activity": "order", "measure": "average", "op": .string($0), "value": 3]
        }
        #expect(try literal(average[0]) != literal(average[1]).negated)
    }

    @Test func `what is always or never so is a constant`() throws {
        #expect(try literal(["activity": "order", "op": "at_least", "value": 0]) == .constant(true))
        #expect(try literal(["activity": "order", "op": "less_than", "value": 0]) == .constant(false))
        #expect(try literal(["activity": "order", "op": "is", "value": "1.5"]) == .constant(false))
        #expect(try literal(["activity": "order", "measure": "total", "op": "is_blank"]) == .constant(false))
        #expect(try literal(["field": "firstSeenAt", "op": "is_not_blank"]) == .constant(true))
        let backwards: JSONValue = ["between": ["2024-03-02", "2024-03-01T12:00:00Z"]]
        #expect(try literal(["activity": "order", "within": backwards]) == .constant(false))
        #expect(try literal(["activity": "order", "op": "at_most", "within": backwards]) == .constant(true))
        #expect(
            try literal(["activity": "order", "measure": "netTotal", "op": "at_least", "value": 0]) != .constant(true))
    }

    @Test func `names that only look alike are different leaves`() {
        func named(_ name: String) -> Literal {
            forms.literal(of: .activity(ActivityCondition(activity: .recorded(name))))
        }
        #expect(named("caf\u{E9}") != named("cafe\u{301}"))
        #expect(named("a") != named("A"))
    }

    @Test func `text that folds further when folded again keeps its spelling`() {
        // A capital J with caron has no composed form, the small one has.
        let operand = TextOperand("J\u{30C}")
        #expect(operand.canonical.folded.utf8.elementsEqual(operand.folded.utf8))
        #expect(TextOperand("ÀB").canonical.spelling == "àb")
    }
}
