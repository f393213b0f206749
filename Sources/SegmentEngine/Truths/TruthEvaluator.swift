internal import SegmentModel

/// Evaluates a program for contact after contact: which leaves hold at an instant, and until when.
///
/// One per thread. Keeps scratch memory and memos, so that in the steady state nothing is allocated per contact.
/// Invariant: up to the instant before the edge it returns, the truths are those it appended.
struct TruthEvaluator {
    let program: LeafProgram
    let texts: any SymbolTexts
    var clock: WindowClock
    let folding = FoldingBuffer()
    var payloads: [UInt32] = []

    // Fields.
    /// What holds for a symbol, by field program.
    var fieldMemos: [SymbolMemo]
    /// Field programs of custom fields, by the symbol of the name: 0 not asked yet, 1 none, else number plus two.
    var customPrograms: [UInt32] = []
    var operands = OperandSet()
    var tagMemo = SymbolMemo()

    // Activities.
    var gathering: ActivityGathering
    let columns: HistoryColumns
    var currencyMemo = SymbolMemo()

    /// An evaluator of a program; `texts` may grow while it is used.
    init(program: LeafProgram, texts: any SymbolTexts) {
        self.program = program
        self.texts = texts
        clock = WindowClock(program.calendar)
        fieldMemos = Array(repeating: SymbolMemo(), count: program.fields.programs.count)
        gathering = ActivityGathering(program: program.activities)
        columns = HistoryColumns(seriesCount: program.activities.series.count)
    }

    /// Appends the numbers of all leaves that hold for the contact at `now`, each once, in no particular order.
    ///
    /// - Parameter bytes: the record the contact was unpacked from.
    /// - Returns: an instant after `now`, not later than the first at which one of the program's leaves can change for
    ///   this contact without a new event; `Int64.max` if none ever can.
    mutating func evaluate(
        _ contact: borrowing DecodedContact, bytes: UnsafeRawBufferPointer, at now: Int64, truths: inout [UInt32]
    ) -> Int64 {
        clock.move(to: now)
        var edge = Int64.max
        evaluateFields(contact, bytes, edge: &edge, into: &truths)
        evaluateTags(contact, into: &truths)
        evaluateActivities(contact, bytes, edge: &edge, into: &truths)
        return edge
    }

    /// The bytes of a symbol's text, lent to the body.
    func withText<Value>(of symbol: Symbol, _ body: (UnsafeRawBufferPointer) -> Value) -> Value {
        var text = symbol == .none ? "" : texts.text(of: symbol)
        return text.withUTF8 { body(UnsafeRawBufferPointer($0)) }
    }
}
