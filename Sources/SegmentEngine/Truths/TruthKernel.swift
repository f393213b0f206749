internal import SegmentModel

/// The inner loops of `TruthEvaluator`: tables of the program, scratch memory, and numbers.
///
/// All of it is plain memory. Contacts are evaluated millions of times a second, and counting references to arrays and
/// objects, or checking who else has access to them, would cost more than the work. What is not plain, texts above all,
/// is asked for by way of the workspace, and only for what no memo knows yet.
struct TruthKernel: BitwiseCopyable {
    let tables: ProgramTables
    private let unmanagedWorkspace: Unmanaged<TruthWorkspace>
    var clock: WindowClock
    /// The first instant ahead found so far at which a truth may change.
    var edge = Int64.max
    /// The leaves found so far to hold.
    var sink: NumberSink

    /// Lists by symbol; the questions are numbered by `Questions`.
    var memos: SymbolMemos
    let questions: Questions
    var folding = FoldingBuffer()
    var operands = OperandSet()
    var birthdays: BirthdayMemo

    var gathering: ActivityGathering
    var columns = HistoryColumns()
    let counts = BoundCounts()

    /// What is remembered of symbols: a list each for …
    struct Questions: BitwiseCopyable {
        /// … the text in a field, from 0 on: how many leaves hold, and which;
        let fieldCount: Int
        /// … the text in a dimension of filters, after those: see `SeriesList`;
        let dimensionCount: Int

        func dimension(_ number: Int) -> Int { fieldCount + number }

        private var rest: Int { fieldCount + dimensionCount }
        /// … the tag: the number of the operand it is, plus one;
        var tag: Int { rest }
        /// … the currency: whether it is the audience's;
        var currency: Int { rest + 1 }
        /// … the name of an activity: the number of its group, plus one;
        var activity: Int { rest + 2 }
        /// … the name of a property: its number among those asked for, plus one;
        var property: Int { rest + 3 }
        /// … the name of a field: the number of its program, plus one;
        var field: Int { rest + 4 }
        /// … no text at all: how many leaves hold for a contact without a status, and which.
        var noStatus: Int { rest + 5 }
        var count: Int { rest + 6 }
    }

    init(program: LeafProgram, workspace: Unmanaged<TruthWorkspace>) {
        tables = program.tables
        unmanagedWorkspace = workspace
        clock = WindowClock(program.calendar)
        sink = NumberSink(capacity: 256)
        questions = Questions(
            fieldCount: tables.fields.programs.count, dimensionCount: tables.activities.filters.dimensions.count)
        memos = SymbolMemos(questionCount: questions.count)
        birthdays = BirthdayMemo(testsCount: program.birthdays.count)
        gathering = ActivityGathering(program.tables.activities)
    }

    func deallocate() {
        clock.deallocate()
        sink.deallocate()
        memos.deallocate()
        folding.deallocate()
        operands.deallocate()
        birthdays.deallocate()
        gathering.deallocate()
        columns.deallocate()
        counts.deallocate()
    }

    var workspace: TruthWorkspace { unmanagedWorkspace.takeUnretainedValue() }

    /// Forgets the last contact.
    mutating func begin(at now: Int64) {
        clock.move(to: now)
        edge = .max
        sink.removeAll()
    }

    /// Appends the leaves of a list.
    @inline(__always)
    mutating func append(_ leaves: TableSlice) {
        tables.matchers.append(leaves, to: &sink)
    }

    /// The number that is remembered for a symbol less one; nil for 0.
    @inline(__always)
    mutating func number(
        _ question: Int, _ symbol: Symbol, _ ask: (TextTables, UnsafeRawBufferPointer) -> Int?
    ) -> Int? {
        if let known = memos.find(question, symbol) { return known[0] == 0 ? nil : Int(known[0]) - 1 }
        let found = workspace.withText(of: symbol) { ask(tables.matchers.texts, $0) }
        memos.insert(CollectionOfOne(found.map { UInt32($0) + 1 } ?? 0), question, symbol)
        return found
    }
}
