internal import SegmentModel

/// Tests of a list of texts, gathered before they are arranged as a `ListMatcher`.
struct ListTests {
    fileprivate struct All {
        /// Without the first.
        var operands: [Int]
        var number: UInt32
    }

    fileprivate var table = TextTable()
    /// What holds if an operand is an element, by the operand's number.
    fileprivate var containing: [[UInt32]] = []
    /// What holds if an operand and some others are elements, by the number of the first.
    fileprivate var containingAll: [[All]] = []
    fileprivate var onNotEmpty: [UInt32] = []

    /// Adds a test; with `isInverted`, of lists that do not pass it. A test that holds for the empty list is not taken:
    /// no leaf does.
    mutating func add(_ test: ListTest, isInverted: Bool, _ number: UInt32) {
        switch test {
        case .doesNotContain(let operand): add(.contains(operand), isInverted: !isInverted, number)
        case .isBlank: add(.isNotBlank, isInverted: !isInverted, number)
        case .contains(let operand) where !isInverted: containing[self.number(of: operand)].append(number)
        case .isNotBlank where !isInverted: onNotEmpty.append(number)
        case .containsAll(let operands) where !isInverted:
            let numbers = Set(operands.map { self.number(of: $0) }).sorted()
            guard let first = numbers.first else { return }
            containingAll[first].append(All(operands: Array(numbers.dropFirst()), number: number))
        case .contains, .containsAll, .isNotBlank: break
        }
    }

    private mutating func number(of operand: TextOperand) -> Int {
        let number = table.insert(operand.folded)
        if number == containing.count {
            containing.append([])
            containingAll.append([])
        }
        return number
    }
}

/// Tests of a list of texts: which of them hold, at one look-up per element.
struct ListMatcher: BitwiseCopyable, Sendable {
    /// A test of several elements.
    struct All: BitwiseCopyable, Sendable {
        /// The numbers of the operands without the first.
        fileprivate let operands: TableSlice
        fileprivate let number: UInt32
    }

    let index: TextIndex
    /// Lists of what holds, by the operand's number.
    fileprivate let containing: UInt32
    /// Tests of several, by the first one's number.
    fileprivate let containingAll: UInt32
    fileprivate let onNotEmpty: TableSlice
    /// Distinct operands.
    let operandCount: Int
    let isEmpty: Bool
}

extension MatcherCompiler {
    mutating func matcher(_ tests: ListTests) -> ListMatcher {
        let containing = UInt32(lists.count)
        for numbers in tests.containing { lists.append(slice(numbers)) }
        let containingAll = UInt32(lists.count)
        for alls in tests.containingAll {
            let entries = alls.map {
                ListMatcher.All(operands: slice($0.operands.map { UInt32($0) }), number: $0.number)
            }
            lists.append(TableSlice(entries, in: &listAlls))
        }
        return ListMatcher(
            index: tests.table.index(&texts), containing: containing, containingAll: containingAll,
            onNotEmpty: slice(tests.onNotEmpty), operandCount: tests.table.count,
            isEmpty: tests.table.count == 0 && tests.onNotEmpty.isEmpty)
    }
}

extension MatcherTables {
    /// The number of the operand that a folded element is.
    func operand(_ matcher: UnsafePointer<ListMatcher>, of element: UnsafeRawBufferPointer) -> Int? {
        texts.number(of: element, in: matcher.pointee.index)
    }

    /// Appends what holds for a list with these operands among its elements, each once.
    func match(
        _ matcher: UnsafePointer<ListMatcher>, _ operands: OperandSet, isEmpty: Bool, into sink: inout NumberSink
    ) {
        if !isEmpty { append(matcher.pointee.onNotEmpty, to: &sink) }
        for index in 0..<operands.count {
            let operand = operands[index]
            append(lists[Int(matcher.pointee.containing) + operand], to: &sink)
            for place in lists[Int(matcher.pointee.containingAll) + operand].places {
                let all = listAlls[place]
                if all.operands.places.allSatisfy({ operands.contains(Int(numbers[$0])) }) { sink.append(all.number) }
            }
        }
    }
}

/// The operands found in one list after another; emptied at no cost.
struct OperandSet: BitwiseCopyable {
    private var members = ScratchTable<UInt32>(capacity: 16)
    private(set) var count = 0
    private var generation: UInt64 = 1
    private var generations = ScratchTable<UInt64>(repeating: 0, count: 16)

    /// Empties the set and makes room for operands below the count.
    mutating func reset(operandCount: Int) {
        count = 0
        generation += 1
        generations.reserve(operandCount, filling: 0)
        members.reserve(operandCount)
    }

    subscript(index: Int) -> Int { Int(members[index]) }

    mutating func insert(_ operand: Int) {
        guard generations[operand] != generation else { return }
        generations[operand] = generation
        members[count] = UInt32(operand)
        count += 1
    }

    func contains(_ operand: Int) -> Bool { generations[operand] == generation }

    func deallocate() {
        members.deallocate()
        generations.deallocate()
    }
}
