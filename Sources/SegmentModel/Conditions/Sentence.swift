extension Condition {
    /// The condition in plain English, as it would follow "a contact who": "has ordered at least 2 times in the last
    /// 30 days and country is France or Germany".
    ///
    /// `all` reads "and", `any` "or"; inside one another they stand in parentheses, so there is one way to read it.
    /// `segmentName` gives the name of a saved segment for the reference the condition uses.
    public func sentence(segmentName: (String) -> String = { $0 }) -> String {
        switch self {
        case .all(let children):
            children.map { $0.nestedSentence(segmentName) }.joined(separator: " and ")
        case .any(let children):
            children.map { $0.nestedSentence(segmentName) }.joined(separator: " or ")
        case .not(let child): child.clause(segmentName)?.negative ?? "not (\(child.sentence(segmentName: segmentName)))"
        case .field, .tag, .segment, .activity: clause(segmentName)?.positive ?? ""
        }
    }

    private func nestedSentence(_ segmentName: (String) -> String) -> String {
        let sentence = sentence(segmentName: segmentName)
        return children.count > 1 ? "(\(sentence))" : sentence
    }

    /// The words of an elementary condition; nil for the others.
    private func clause(_ segmentName: (String) -> String) -> Clause? {
        switch self {
        case .all, .any, .not: nil
        case .field(let condition): condition.clause
        case .tag(let tag): Clause("has", "does not have", "the tag \(tag.quoted)")
        case .segment(let reference): Clause("is", "is not", "in segment \(segmentName(reference).inQuotes)")
        case .activity(let condition): condition.clause
        }
    }
}

/// A statement and its negation.
struct Clause {
    var positive: String
    var negative: String

    init(positive: String, negative: String) {
        self.positive = positive
        self.negative = negative
    }

    /// Two verbs with the same rest.
    init(_ positive: String, _ negative: String, _ rest: String) {
        self.init(positive: positive + " " + rest, negative: negative + " " + rest)
    }

    /// The statement that says the opposite.
    var negated: Clause { Clause(positive: negative, negative: positive) }

    func preceded(by words: String) -> Clause {
        Clause(positive: words + " " + positive, negative: words + " " + negative)
    }
}

extension FieldCondition {
    fileprivate var clause: Clause {
        switch (field, test) {
        case (.tags, .list(let test)): test.tagClause
        default: test.clause.preceded(by: field.phrase)
        }
    }
}

extension ContactField {
    /// The field's name in English.
    var phrase: String {
        switch self {
        case .attribute(.known(.signupSource)): "signup source"
        case .attribute(.known(.signedUpAt)): "signup time"
        case .attribute(.known(.vip)): "VIP"
        case .attribute(.known(let attribute)): attribute.rawValue
        case .attribute(.custom(let name)): "field \(name.asValue)"
        case .emailDomain: "email domain"
        case .firstSeenAt: "first seen time"
        case .tags: "tags"
        }
    }
}

extension FieldTest {
    fileprivate var clause: Clause {
        switch self {
        case .text(let test): test.clause
        case .number(let test): test.clause
        case .boolean(let test): test.clause
        case .day(let test), .instant(let test): test.clause
        case .birthday(let test): test.clause
        case .list(let test): test.clause
        case .untyped(let test): test == .isBlank ? Clause.blank : Clause.blank.negated
        }
    }
}

extension ListTest {
    /// Tags have words of their own.
    fileprivate var tagClause: Clause {
        switch self {
        case .contains(let tag): Clause("has", "does not have", "the tag \(tag.quoted)")
        case .doesNotContain(let tag): ListTest.contains(tag).tagClause.negated
        case .containsAll(let tags):
            Clause("has", "does not have", "all of the tags \(joined(tags.map(\.quoted), by: "and"))")
        case .isBlank: Clause(positive: "has no tags", negative: "has tags")
        case .isNotBlank: ListTest.isBlank.tagClause.negated
        }
    }
}

/// `a`, `a or b`, `a, b or c`.
func joined(_ words: [String], by conjunction: String) -> String {
    guard let last = words.last, words.count > 1 else { return words.joined() }
    return words.dropLast().joined(separator: ", ") + " \(conjunction) " + last
}

extension TextOperand {
    /// In quotes.
    var quoted: String { spelling.inQuotes }
}

extension String {
    var inQuotes: String { "“\(self)”" }

    /// As it is if it is one plain word, else in quotes, so that nothing in it reads as part of the sentence.
    var asValue: String {
        let reserved = ["and", "or", "nor", "not", "blank", "in", "is"]
        let isPlain = !isEmpty && allSatisfy { $0.isLetter || $0.isNumber || "._-@+/:".contains($0) }
        return isPlain && !reserved.contains(lowercased()) ? self : inQuotes
    }
}
