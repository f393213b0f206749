internal import SegmentModel

/// Evaluates a program for contact after contact: which leaves hold at an instant, and until when.
///
/// One per thread; copies share its memory. In the steady state nothing is allocated per contact.
/// Invariant: up to the instant before the edge it returns, the truths are those it appended.
struct TruthEvaluator {
    private let workspace: TruthWorkspace

    var program: LeafProgram { workspace.program }

    /// An evaluator of a program; `texts` may grow while it is used.
    init(program: LeafProgram, texts: any SymbolTexts) {
        workspace = TruthWorkspace(program: program, texts: texts)
    }

    /// What does the work.
    var kernel: UnsafeMutablePointer<TruthKernel> { workspace.kernel }

    /// Appends the numbers of the leaves of one part that hold for the contact at `now`; otherwise as for all parts.
    mutating func evaluate(
        _ part: ContactPart, of contact: borrowing DecodedContact, bytes: UnsafeRawBufferPointer, at now: Int64,
        truths: inout [UInt32]
    ) -> Int64 {
        kernel.pointee.begin(at: now)
        switch part {
        case .head:
            kernel.pointee.evaluateFields(contact, bytes)
            kernel.pointee.evaluateTags(contact)
        case .orders: kernel.pointee.evaluateOrders(contact)
        case .activities: kernel.pointee.evaluateActivities(contact, bytes)
        }
        truths.append(contentsOf: kernel.pointee.sink.numbers())
        return kernel.pointee.edge
    }

    /// Appends the numbers of all leaves that hold for the contact at `now`, each once, in no particular order.
    ///
    /// - Parameter bytes: the record the contact was unpacked from.
    /// - Returns: an instant after `now`, not later than the first at which one of the program's leaves can change for
    ///   this contact without a new event; `Int64.max` if none ever can.
    mutating func evaluate(
        _ contact: borrowing DecodedContact, bytes: UnsafeRawBufferPointer, at now: Int64, truths: inout [UInt32]
    ) -> Int64 {
        kernel.pointee.begin(at: now)
        kernel.pointee.evaluateFields(contact, bytes)
        kernel.pointee.evaluateTags(contact)
        kernel.pointee.evaluateOrders(contact)
        kernel.pointee.evaluateActivities(contact, bytes)
        truths.append(contentsOf: kernel.pointee.sink.numbers())
        return kernel.pointee.edge
    }
}

/// The parts of a contact that conditions look at. Each condition looks at one, and most events change one.
enum ContactPart: Int, CaseIterable {
    /// Attributes and tags.
    case head
    /// Orders, and refunds without one.
    case orders
    /// Campaign and recorded activity.
    case activities
}

/// The memory of an evaluator, and what it works with that is not plain memory.
final class TruthWorkspace {
    let program: LeafProgram
    let texts: any SymbolTexts
    fileprivate let kernel: UnsafeMutablePointer<TruthKernel>

    fileprivate init(program: LeafProgram, texts: any SymbolTexts) {
        self.program = program
        self.texts = texts
        kernel = .allocate(capacity: 1)
        kernel.initialize(to: TruthKernel(program: program, workspace: .passUnretained(self)))
    }

    deinit {
        kernel.pointee.deallocate()
        kernel.deallocate()
    }

    /// The bytes of a symbol's text, lent to the body.
    func withText<Value>(of symbol: Symbol, _ body: (UnsafeRawBufferPointer) -> Value) -> Value {
        var text = symbol == .none ? "" : texts.text(of: symbol)
        return text.withUTF8 { body(UnsafeRawBufferPointer($0)) }
    }
}
