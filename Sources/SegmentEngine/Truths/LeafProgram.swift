internal import SegmentModel

/// Leaves compiled for evaluation: which of them hold for a contact at an instant, and until when.
///
/// Comes in: elementary conditions with the numbers of their leaves. Goes out, by way of `TruthEvaluator`, what
/// `ReferenceEvaluator` says of each, at a cost that goes with what the contact has and which leaves hold, not with how
/// many leaves there are. All in flat tables.
///
/// Invariant it relies on: no leaf holds for a contact of whom nothing is known but when it was first seen.
final class LeafProgram: Sendable {
    let tables: ProgramTables
    let calendar: StrideCalendar
    let birthdays: [BirthdayTests]
    private let memory: TableMemory

    /// The leaves on activities.
    var activities: SeriesTables { tables.activities }

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
        calendar = StrideCalendar(context.zone, strides: compiler.strides)
        var builder = TableBuilder()
        (tables, birthdays) = ProgramTables.make(fields, activities, context, &builder)
        memory = builder.finish()
    }
}

/// All tables of a program.
struct ProgramTables: BitwiseCopyable, Sendable {
    let fields: FieldTables
    let activities: SeriesTables
    let matchers: MatcherTables
    let dates: DateTables
    let windows: WindowTables
    /// Whether a status counts, by its code.
    let isCounted: PlainTable<Bool>
    /// Tells the audience's currency, whatever its case, by one number.
    let currency: PlainTable<ValueMatcher>

    fileprivate static func make(
        _ fields: FieldPrograms, _ activities: SeriesPrograms, _ context: EvaluationContext,
        _ builder: inout TableBuilder
    ) -> (ProgramTables, birthdays: [BirthdayTests]) {
        var matchers = MatcherCompiler()
        var dates = DateCompiler()
        let (fieldTables, birthdays) = fields.tables(&matchers, &dates, &builder)
        let seriesTables = activities.tables(&matchers, &dates, &builder)
        var currency = ValueTests()
        currency.add(TextTest.is(TextOperand(context.currency)), isInverted: false, 0)
        let currencyMatcher = matchers.matcher(currency)
        let isCounted = (0...UInt8.max).map { code in
            OrderStatus(code: code).map(context.countedStatuses.contains) ?? false
        }
        let tables = ProgramTables(
            fields: fieldTables, activities: seriesTables, matchers: matchers.tables(&builder),
            dates: dates.tables(&builder), windows: dates.index.tables(&builder),
            isCounted: builder.table(isCounted), currency: builder.table([currencyMatcher]))
        return (tables, birthdays)
    }
}
