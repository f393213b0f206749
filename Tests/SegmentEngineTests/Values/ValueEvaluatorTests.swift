import SegmentModel
import TestSupport
import Testing

@testable import SegmentEngine

@Suite struct ValueEvaluatorTests {
    @Test(arguments: ["UTC", "Europe/London", "America/New_York", "Pacific/Apia"])
    func `columns say of every contact what the reference says`(zone: String) throws {
        for seed in UInt64(1)...2 {
            let context = EvaluationContext(zone: try TruthWorld.zone(zone), currency: "EUR")
            var world = ValueWorld(seed: seed, context: context, contacts: 70)
            for _ in 0..<3 { world.compare(leaves: 60) }
        }
    }

    @Test func `every kind of condition on orders and activities is answered, both ways`() throws {
        var world = ValueWorld(
            seed: 31, context: EvaluationContext(zone: try TruthWorld.zone("Europe/London"), currency: "EUR"),
            contacts: 30)
        for _ in 0..<12 { world.compare(leaves: 150) }
        let missing = ValueWorld.shapes.subtracting(world.answered)
        #expect(missing.isEmpty)
        // Urls, properties and texts that are all different have no column.
        #expect(world.unanswered.allSatisfy { $0 == "url" || $0 == "property" }, "\(world.unanswered)")
        #expect(!world.unanswered.isEmpty)
    }

    @Test func `an attribute that differs from contact to contact is left to the records`() throws {
        let texts = SampleTexts()
        let context = EvaluationContext(zone: .utc, currency: "EUR")
        var builder = ValueChunkBuilder(contactCount: 6_000)
        for number in 0..<6_000 {
            var contact = Contact(id: "c", firstSeenAt: .earliest)
            contact.attributes[.known(.email)] = .text("c\(number)@\(number % 3).test")
            contact.attributes[.known(.rating)] = .number(Number(number % 5))
            let record = SampleRecord(contact, texts)
            record.bytes.withUnsafeBytes { builder.add(record.contact, $0, contact: number) }
        }
        let leaves = [
            FieldCondition(field: .attribute(.known(.email)), test: .text(.startsWith("c1"))),
            FieldCondition(field: .emailDomain, test: .text(.is("1.TEST"))),
            FieldCondition(field: .attribute(.known(.rating)), test: .number(.atLeast(Number(3)))),
            FieldCondition(field: .attribute(.known(.city)), test: .text(.isNotBlank)),
        ].map { Leaf(condition: .field($0), isInverted: false) }
        let evaluator = ValueEvaluator(leaves, ValueMoment(context, at: .earliest, texts: texts))
        let chunk = builder.finish()
        let counts = leaves.indices.map { evaluator.members(of: $0, in: chunk)?.count }
        #expect(counts == [nil, 2_000, 2_400, 0])
    }

    @Test func `a sum that is too large for a column is left to the records`() {
        let texts = SampleTexts()
        let context = EvaluationContext(zone: .utc, currency: "EUR")
        var contact = Contact(id: "c", firstSeenAt: .earliest)
        for number in 1...2 {
            contact.orders.append(
                Order(
                    key: OrderKey(store: "web", order: Identifier("\(number)")), currency: "EUR",
                    amount: Amount(tenThousandths: .max - 1), status: .placed, isTest: false, placedAt: .earliest,
                    lines: [], sequence: UInt64(number)))
        }
        let record = SampleRecord(contact, texts)
        var builder = ValueChunkBuilder(contactCount: 1)
        record.bytes.withUnsafeBytes { builder.add(record.contact, $0, contact: 0) }
        let leaves = [Measure.total, .largest].map { measure in
            Leaf(
                condition: .activity(
                    ActivityCondition(activity: .order, measure: measure, test: .number(.atLeast(Number(5))))),
                isInverted: false)
        }
        let evaluator = ValueEvaluator(leaves, ValueMoment(context, at: .latest, texts: texts))
        let chunk = builder.finish()
        #expect(evaluator.members(of: 0, in: chunk) == nil)
        #expect(evaluator.members(of: 1, in: chunk) == [0])
    }
}

/// Random contacts laid out in columns, asked random leaves, with the reference as the judge.
private struct ValueWorld {
    let context: EvaluationContext
    private var contacts: RandomContacts
    private var known: [Int: Contact] = [:]
    private let texts = SampleTexts()
    private let chunk: ValueChunk
    /// Which kinds of conditions were answered, for contacts of whom they are true and of whom they are false.
    private(set) var answered: Set<String> = []
    /// What kept conditions from being answered.
    private(set) var unanswered: Set<String> = []

    init(seed: UInt64, context: EvaluationContext, contacts count: Int) {
        self.context = context
        contacts = RandomContacts(random: SeededGenerator(seed: seed))
        var builder = ValueChunkBuilder(contactCount: count)
        for place in 0..<count where contacts.random.chance(0.9) {
            let contact = contacts.contact()
            known[place] = contact
            let record = SampleRecord(contact, texts)
            record.bytes.withUnsafeBytes { builder.add(record.contact, $0, contact: place) }
        }
        chunk = builder.finish()
    }

    /// Asks random leaves at one random instant.
    mutating func compare(leaves count: Int) {
        let reference = ReferenceEvaluator(context: context)
        var source = RandomLeaves(contacts: contacts, evaluator: reference)
        let leaves = (0..<count).map { _ in source.leaf() }
        contacts = source.contacts
        let now = contacts.instant()
        let evaluator = ValueEvaluator(leaves, ValueMoment(context, at: now, texts: texts))
        for (number, leaf) in leaves.enumerated() {
            guard let members = evaluator.members(of: number, in: chunk) else {
                unanswered.insert(leaf.obstacle)
                continue
            }
            let expected = known.filter { reference.isTrue(leaf.condition, of: $1, at: now) != leaf.isInverted }.keys
            #expect(members == expected.sorted(), "\(now) \(leaf)")
            if !expected.isEmpty { answered.formUnion(leaf.shapes.map { "\($0) true" }) }
            if expected.count < known.count { answered.formUnion(leaf.shapes.map { "\($0) false" }) }
        }
    }

    /// Every measure, filter and kind of field there is, with columns.
    static var shapes: Set<String> {
        let measures = Measure.allCases.map(\.rawValue)
        let filters = OrderField.allCases.map(\.rawValue) + LineField.allCases.map(\.rawValue) + ["campaign"]
        let fields = ["text", "number", "boolean", "day", "instant", "birthday", "list", "untyped", "tag", "tags"]
        let others = ["emailDomain", "firstSeenAt", "viewed", "windowed"]
        return Set((measures + filters + fields + others).flatMap { ["\($0) true", "\($0) false"] })
    }
}

extension ValueEvaluator {
    /// The places of the contacts of whom the leaf is true; nil if only records can tell.
    fileprivate func members(of leaf: Int, in chunk: ValueChunk) -> [Int]? {
        var words = [UInt64](repeating: 0, count: ColumnChunk.wordCount)
        let isAnswered = words.withUnsafeMutableBufferPointer { words in
            words.baseAddress.map { evaluate(leaf, in: chunk, into: $0) } ?? false
        }
        guard isAnswered else { return nil }
        return words.indices.filter { words[$0] != 0 }.flatMap { word in
            (0..<64).filter { words[word] >> UInt64($0) & 1 == 1 }.map { word * 64 + $0 }
        }
    }
}

extension Leaf {
    /// What kind of condition it is.
    fileprivate var shapes: [String] {
        switch condition {
        case .tag: return ["tag"]
        case .activity(let condition):
            let name = if case .recorded(let name) = condition.activity { [name] } else { [String]() }
            return condition.filters.map(\.field.path) + [condition.measure.rawValue] + name
                + (condition.window == nil ? [] : ["windowed"])
        case .field(let condition):
            return [condition.field.path, condition.test.kind]
        case .all, .any, .not, .segment: return []
        }
    }

    /// What of it has no column.
    fileprivate var obstacle: String {
        guard case .activity(let condition) = condition else { return "\(self)" }
        for filter in condition.filters {
            if case .property = filter.field { return "property" }
            if filter.field == .campaign(.url) { return "url" }
        }
        return "\(self)"
    }
}

extension FieldTest {
    fileprivate var kind: String {
        switch self {
        case .text: "text"
        case .number: "number"
        case .boolean: "boolean"
        case .day: "day"
        case .instant: "instant"
        case .birthday: "birthday"
        case .list: "list"
        case .untyped: "untyped"
        }
    }
}
