internal import SegmentModel

/// Goes through a definition and notes what is odd about its conditions, alone and in pairs.
struct LintWalk {
    let forms: CanonicalForms
    let countedStatuses: Set<OrderStatus>
    let fieldNames: Set<Identifier>
    private(set) var lints: [Lint] = []

    /// Pairs of conditions compared in one `all` or `any`.
    private static let pairCountMax = 20_000

    init(forms: CanonicalForms, countedStatuses: Set<OrderStatus>, fieldNames: Set<Identifier>) {
        self.forms = forms
        self.countedStatuses = countedStatuses
        self.fieldNames = fieldNames
    }

    /// An elementary condition in its place, as the `all` or `any` around it sees it.
    private struct Part {
        var path: String
        var sentence: String
        var claim: Claim
    }

    /// Looks at the whole definition.
    mutating func visit(_ condition: Condition) {
        visit(condition, path: "", isNegated: false)
    }

    /// A gate is gone through from the top, with all of the same kind right below it as one.
    private mutating func visit(_ condition: Condition, path: String, isNegated: Bool) {
        var parts: [Part] = []
        switch condition {
        case .not(let child): visit(child, path: path + "/not", isNegated: !isNegated)
        case .all, .any:
            let isAll = condition.isAll(isNegated: isNegated)
            collect(condition, path: path, isNegated: isNegated, isAll: isAll, into: &parts)
            compare(parts, isAll: isAll)
        case .field, .tag, .activity, .segment:
            collect(condition, path: path, isNegated: isNegated, isAll: true, into: &parts)
        }
    }

    private mutating func collect(
        _ condition: Condition, path: String, isNegated: Bool, isAll: Bool, into parts: inout [Part]
    ) {
        switch condition {
        case .not(let child):
            collect(child, path: path + "/not", isNegated: !isNegated, isAll: isAll, into: &parts)
        case .all(let children), .any(let children):
            guard condition.isAll(isNegated: isNegated) == isAll else {
                return visit(condition, path: path, isNegated: isNegated)
            }
            let key = if case .all = condition { "/all/" } else { "/any/" }
            for (index, child) in children.enumerated() {
                collect(child, path: path + key + String(index), isNegated: isNegated, isAll: isAll, into: &parts)
            }
        case .field, .tag, .activity, .segment:
            let sentence = (isNegated ? Condition.not(condition) : condition).sentence()
            if let claim = claim(condition, path: path, sentence: sentence, isNegated: isNegated) {
                parts.append(Part(path: path, sentence: sentence, claim: claim))
            }
        }
    }

    /// What the condition claims; nil after noting that it is always so or never.
    private mutating func claim(_ condition: Condition, path: String, sentence: String, isNegated: Bool) -> Claim? {
        if case .segment = condition { return Claim(condition: condition, isNegated: isNegated) }
        switch forms.literal(of: condition) {
        case .constant(let value): note(constant: value != isNegated, path: path, sentence: sentence)
        case .test(let leaf, let isLeafNegated):
            let claim = Claim(condition: leaf.condition, isNegated: (leaf.isInverted != isLeafNegated) != isNegated)
            if let name = claim.customField, !fieldNames.contains(Identifier(name)) {
                note(unknownField: name, path: path, isAlwaysTrue: claim.isNegated)
            } else if leaf.condition.isLeafNeverTrue(countedStatuses: countedStatuses, zone: forms.zone) {
                note(constant: isLeafNegated != isNegated, path: path, sentence: sentence)
            } else {
                return claim
            }
        }
        return nil
    }

    private mutating func compare(_ parts: [Part], isAll: Bool) {
        var pairCount = 0
        var redundant: Set<Int> = []
        for second in parts.indices {
            for first in parts.indices.prefix(second) {
                pairCount += 1
                guard pairCount <= LintWalk.pairCountMax else { return }
                compare(parts, first, second, isAll: isAll, redundant: &redundant)
            }
        }
    }

    /// In an `any` everything is the other way round: what excludes each other there are the negations.
    private mutating func compare(
        _ parts: [Part], _ first: Int, _ second: Int, isAll: Bool, redundant: inout Set<Int>
    ) {
        let (one, other) = (parts[first], parts[second])
        func excludes(_ left: Claim, _ right: Claim) -> Bool { left.excludes(right, zone: forms.zone) }
        let (left, right) = isAll ? (one.claim, other.claim) : (one.claim.negated, other.claim.negated)
        if excludes(left, right) { return noteTogether(one, other, isAll: isAll) }
        // The claim that follows from the other is the one to leave out.
        if !redundant.contains(second), excludes(left, right.negated) {
            redundant.insert(second)
            noteRedundant(other, beside: one, isAll: isAll)
        } else if !redundant.contains(first), !redundant.contains(second), excludes(right, left.negated) {
            redundant.insert(first)
            noteRedundant(one, beside: other, isAll: isAll)
        }
    }
}

// The sentences.
extension LintWalk {
    private mutating func note(constant value: Bool, path: String, sentence: String) {
        lints.append(
            Lint(
                code: value ? .tautology : .contradiction,
                message: value
                    ? "Every contact satisfies “\(sentence)”, so it chooses nobody."
                    : "No contact can ever satisfy “\(sentence)”.",
                paths: [path]))
    }

    private mutating func note(unknownField name: String, path: String, isAlwaysTrue: Bool) {
        let consequence = isAlwaysTrue ? "so every contact satisfies this" : "so no contact satisfies this"
        lints.append(
            Lint(
                code: .unknownField, message: "No event has ever set the field “\(name)”, \(consequence).",
                paths: [path]))
    }

    private mutating func noteTogether(_ one: Part, _ other: Part, isAll: Bool) {
        lints.append(
            Lint(
                code: isAll ? .contradiction : .tautology,
                message: isAll
                    ? "No contact can satisfy both “\(one.sentence)” and “\(other.sentence)”."
                    : "Every contact satisfies “\(one.sentence)” or “\(other.sentence)”.",
                paths: [one.path, other.path]))
    }

    private mutating func noteRedundant(_ part: Part, beside other: Part, isAll: Bool) {
        let reason =
            part.claim.isSame(as: other.claim)
            ? "“\(other.sentence)” says the same"
            : isAll
                ? "whoever satisfies “\(other.sentence)” satisfies it"
                : "whoever satisfies it satisfies “\(other.sentence)”"
        lints.append(
            Lint(
                code: .redundantCondition, message: "“\(part.sentence)” adds nothing: \(reason).",
                paths: [part.path, other.path]))
    }
}

extension Condition {
    /// Whether a gate asks for all of its parts, once a negation around it is carried inwards.
    fileprivate func isAll(isNegated: Bool) -> Bool {
        if case .all = self { return !isNegated }
        return isNegated
    }
}
