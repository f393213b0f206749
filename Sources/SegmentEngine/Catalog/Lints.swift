internal import SegmentModel

/// Something in a definition that its author may not have meant. Never a reason to refuse it.
struct Lint: Equatable, Sendable {
    var code: LintCode
    /// A sentence that names the conditions.
    var message: String
    /// JSON pointers to the nodes concerned, in the definition.
    var paths: [String]
}

/// What kind of lint; the raw value is what answers carry.
enum LintCode: String, Sendable {
    /// No contact can satisfy these together, or this one alone.
    case contradiction
    /// Every contact satisfies one of these, or this one alone.
    case tautology
    /// A saved segment has the same members, whoever they are.
    case duplicateSegment = "duplicate_segment"
    /// A saved segment has exactly the other contacts as members.
    case complementOfSegment = "complement_of_segment"
    /// It says what is said already.
    case redundantCondition = "redundant_condition"
    /// No event ever gave a contact this field.
    case unknownField = "unknown_field"
}

extension Catalog {
    /// What is odd about a definition. Everything said is provable from the meaning of conditions; what is odd in a way
    /// that takes more than two conditions to see may go unsaid.
    ///
    /// - Parameters:
    ///   - saved: the segments to compare with, by the name to show; without the one that is being edited.
    ///   - fieldTypes: the custom fields of the audience; others have no value for any contact.
    /// Cost: quadratic in the conditions of one `all` or `any`, up to a bound.
    func lints(
        of condition: Condition, saved: [(name: String, edge: Edge)], fieldTypes: [Identifier: FieldType]
    ) -> [Lint] {
        var walk = LintWalk(forms: forms, countedStatuses: countedStatuses, fieldNames: Set(fieldTypes.keys))
        walk.visit(condition)
        return walk.lints + duplicates(of: condition, among: saved)
    }

    private func duplicates(of condition: Condition, among saved: [(name: String, edge: Edge)]) -> [Lint] {
        guard let edge = existingEdge(of: condition), !edge.isConstant else { return [] }
        return saved.compactMap { name, other in
            if other == edge {
                return Lint(
                    code: .duplicateSegment, message: "The segment “\(name)” has the same members at all times.",
                    paths: [""])
            }
            guard other == edge.negated else { return nil }
            return Lint(
                code: .complementOfSegment,
                message: "This is the opposite of the segment “\(name)”: every contact is in exactly one of them.",
                paths: [""])
        }
    }
}
