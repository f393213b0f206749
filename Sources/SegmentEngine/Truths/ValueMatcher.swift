internal import SegmentModel

/// Tests of a value, gathered before they are arranged as a `ValueMatcher`. An inverted one is of what does not pass.
struct ValueTests {
    fileprivate var text = TextTests()
    fileprivate var number = NumberTests()
    fileprivate var onTrue: [UInt32] = []
    fileprivate var onFalse: [UInt32] = []
    fileprivate var onNoBoolean: [UInt32] = []
    fileprivate var onPresent: [UInt32] = []
    fileprivate var onAbsent: [UInt32] = []

    mutating func add(_ test: TextTest, isInverted: Bool, _ number: UInt32) {
        text.add(test, isInverted: isInverted, number)
    }

    mutating func add(_ test: NumberTest, isInverted: Bool, _ number: UInt32) {
        self.number.add(test, isInverted: isInverted, number)
    }

    mutating func add(_ test: BooleanTest, isInverted: Bool, _ number: UInt32) {
        if test.holds(for: true) != isInverted { onTrue.append(number) }
        if test.holds(for: false) != isInverted { onFalse.append(number) }
        if test.holds(for: nil) != isInverted { onNoBoolean.append(number) }
    }

    mutating func add(_ test: BlankTest, isInverted: Bool, _ number: UInt32) {
        if test.holds(isBlank: false) != isInverted { onPresent.append(number) } else { onAbsent.append(number) }
    }

    mutating func add(_ test: FilterTest, _ number: UInt32) {
        switch test {
        case .text(let test): add(test, isInverted: false, number)
        case .number(let test): add(test, isInverted: false, number)
        case .boolean(let test): add(test, isInverted: false, number)
        case .untyped(let test): add(test, isInverted: false, number)
        }
    }
}

/// Tests of a value whose type is not known before it comes: a custom field, a property. Which of them hold.
///
/// As the reference has it: a value of another type than a test asks for is blank, and text that spells a number counts
/// as that number.
struct ValueMatcher: BitwiseCopyable, Sendable {
    fileprivate let text: TextMatcher
    fileprivate let number: NumberChain
    fileprivate let onTrue: TableSlice
    fileprivate let onFalse: TableSlice
    fileprivate let onNoBoolean: TableSlice
    fileprivate let onPresent: TableSlice
    fileprivate let onAbsent: TableSlice
    /// What holds for a value of no type that is asked for here: all tests of types find it blank.
    fileprivate let onOtherType: TableSlice
}

/// The tables of all matchers of a program while it is being made.
struct MatcherCompiler {
    var texts = TextCompiler()
    var chains = ChainCompiler()
    /// Leaves or filters, list after list.
    var numbers: [UInt32] = []
    /// Lists, by the operand they belong to.
    var lists: [TableSlice] = []
    var textOperands: [TableSlice] = []
    var textOthers: [TextMatcher.Other] = []
    var listAlls: [ListMatcher.All] = []

    mutating func slice(_ list: [UInt32]) -> TableSlice { TableSlice(list, in: &numbers) }

    mutating func matcher(_ tests: ValueTests) -> ValueMatcher {
        let text = matcher(tests.text)
        let number = chains.chain(tests.number)
        return ValueMatcher(
            text: text, number: number, onTrue: slice(tests.onTrue), onFalse: slice(tests.onFalse),
            onNoBoolean: slice(tests.onNoBoolean), onPresent: slice(tests.onPresent), onAbsent: slice(tests.onAbsent),
            onOtherType: slice(tests.text.onBlank + tests.number.onBlank + tests.onNoBoolean))
    }

    func tables(_ builder: inout TableBuilder) -> MatcherTables {
        MatcherTables(
            texts: texts.tables(&builder), chains: chains.tables(&builder), numbers: builder.table(numbers),
            lists: builder.table(lists), textOperands: builder.table(textOperands),
            textOthers: builder.table(textOthers), listAlls: builder.table(listAlls))
    }
}

/// The tables of all matchers of a program.
struct MatcherTables: BitwiseCopyable, Sendable {
    let texts: TextTables
    let chains: ChainTables
    let numbers: PlainTable<UInt32>
    let lists: PlainTable<TableSlice>
    let textOperands: PlainTable<TableSlice>
    let textOthers: PlainTable<TextMatcher.Other>
    let listAlls: PlainTable<ListMatcher.All>

    @inline(__always)
    func append(_ list: TableSlice, to sink: inout NumberSink) {
        if list.count > 0 { sink.append(numbers.pointer(list.start), count: Int(list.count)) }
    }
}

extension MatcherTables {
    /// Appends what holds for text in UTF-8, not folded yet.
    func match(
        _ matcher: UnsafePointer<ValueMatcher>, text bytes: UnsafeRawBufferPointer, _ folding: inout FoldingBuffer,
        into sink: inout NumberSink
    ) {
        if !matcher.pointee.text.isEmpty { match(matcher.pointee.text, folded: folding.folded(bytes), into: &sink) }
        if !matcher.pointee.number.isEmpty {
            if let spelt = MatcherTables.number(speltBy: bytes) {
                match(matcher.pointee.number, spelt, into: &sink)
            } else {
                chains.matchBlank(matcher.pointee.number, into: &sink)
            }
        }
        append(matcher.pointee.onNoBoolean, to: &sink)
        append(bytes.isEmpty ? matcher.pointee.onAbsent : matcher.pointee.onPresent, to: &sink)
    }

    private func match(_ chain: NumberChain, _ value: Int128, into sink: inout NumberSink) {
        if !chain.isEmpty { chains.match(chain, rank: chains.rank(chain, of: value), into: &sink) }
    }

    /// Appends what holds for a number in billionths.
    func match(_ matcher: UnsafePointer<ValueMatcher>, number value: Int128, into sink: inout NumberSink) {
        append(matcher.pointee.text.onBlank, to: &sink)
        match(matcher.pointee.number, value, into: &sink)
        append(matcher.pointee.onNoBoolean, to: &sink)
        append(matcher.pointee.onPresent, to: &sink)
    }

    /// Appends what holds for true or false.
    func match(_ matcher: UnsafePointer<ValueMatcher>, boolean value: Bool, into sink: inout NumberSink) {
        append(matcher.pointee.text.onBlank, to: &sink)
        chains.matchBlank(matcher.pointee.number, into: &sink)
        append(value ? matcher.pointee.onTrue : matcher.pointee.onFalse, to: &sink)
        append(matcher.pointee.onPresent, to: &sink)
    }

    /// Appends what holds for a value of no type that is asked for here, or for none at all.
    @inline(__always)
    func matchOther(_ matcher: UnsafePointer<ValueMatcher>, isBlank: Bool, into sink: inout NumberSink) {
        append(matcher.pointee.onOtherType, to: &sink)
        append(isBlank ? matcher.pointee.onAbsent : matcher.pointee.onPresent, to: &sink)
    }

    /// The number in billionths that a text spells. Does not read what cannot be one: describing why costs memory.
    private static func number(speltBy text: UnsafeRawBufferPointer) -> Int128? {
        guard let first = text.first, first == UInt8(ascii: "-") || first &- 0x30 < 10 else { return nil }
        return try? Number(decimal: text).billionths
    }
}
