internal import SegmentModel

/// Leaves compiled for evaluation: which of them hold for a contact at an instant, and until when.
///
/// Comes in: elementary conditions with the numbers of their leaves. Goes out, by way of `TruthEvaluator`, what
/// `ReferenceEvaluator` says of each, at a cost that goes with what the contact has and which leaves hold, not with how
/// many leaves there are.
///
/// Invariant it relies on: no leaf holds for a contact of whom nothing is known but when it was first seen.
final class LeafProgram: Sendable {
    let fields: FieldPrograms
    let activities: SeriesPrograms
    let calendar: StrideCalendar
    /// Whether a status counts, by its code.
    let isCounted: [Bool]
    /// Tells the audience's currency, whatever its case, by one payload.
    let currency: ValueMatcher

    /// Compiles leaves. Cost: some microseconds per leaf.
    init(leaves: [(id: LeafID, leaf: Leaf)], context: EvaluationContext) {
        var compiler = WindowCompiler(zone: context.zone)
        var fields = FieldPrograms()
        var activities = SeriesPrograms(currency: context.currency)
        for (id, leaf) in leaves {
            switch leaf.condition {
            case .field(let field):
                fields.add(field, isInverted: leaf.isInverted, id.rawValue, &compiler)
            case .tag(let tag):
                let condition = FieldCondition(field: .tags, test: .list(.contains(tag)))
                fields.add(condition, isInverted: leaf.isInverted, id.rawValue, &compiler)
            case .activity(let activity):
                activities.add(activity, isInverted: leaf.isInverted, id.rawValue, &compiler)
            case .all, .any, .not, .segment:
                preconditionFailure("gates and segments are no leaves")
            }
        }
        fields.seal()
        activities.seal()
        self.fields = fields
        self.activities = activities
        calendar = StrideCalendar(context.zone, strides: compiler.strides)
        isCounted = (0...UInt8.max).map { code in
            OrderStatus(code: code).map(context.countedStatuses.contains) ?? false
        }
        var currency = ValueTests()
        currency.add(TextTest.is(TextOperand(context.currency)), isInverted: false, 0)
        self.currency = ValueMatcher(currency)
    }
}
