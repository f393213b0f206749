internal import SegmentModel

/// Tests of a list of texts: which of them hold, at one look-up per element.
struct ListMatcher: Sendable {
    private struct All: Sendable {
        /// Without the first.
        var operands: [Int]
        var payload: UInt32
    }

    private var table = TextTable()
    /// What holds if an operand is an element, by the operand's number.
    private var containing: [[UInt32]] = []
    /// What holds if an operand and some others are elements, by the number of the first.
    private var containingAll: [[All]] = []
    private var onNotEmpty: [UInt32] = []

    /// Distinct operands.
    var operandCount: Int { table.count }
    var isEmpty: Bool { table.count == 0 && onNotEmpty.isEmpty }

    /// Adds a test; with `isInverted`, of lists that do not pass it. A test that holds for the empty list is not taken:
    /// no leaf does.
    mutating func add(_ test: ListTest, isInverted: Bool, _ payload: UInt32) {
        switch test {
        case .doesNotContain(let operand): add(.contains(operand), isInverted: !isInverted, payload)
        case .isBlank: add(.isNotBlank, isInverted: !isInverted, payload)
        case .contains(let operand) where !isInverted: containing[number(of: operand)].append(payload)
        case .isNotBlank where !isInverted: onNotEmpty.append(payload)
        case .containsAll(let operands) where !isInverted:
            let numbers = Set(operands.map { number(of: $0) }).sorted()
            guard let first = numbers.first else { return }
            containingAll[first].append(All(operands: Array(numbers.dropFirst()), payload: payload))
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

    /// The number of the operand that a folded element is.
    func operand(of element: UnsafeRawBufferPointer) -> Int? { table.index(of: element) }

    /// Appends what holds for a list with these operands among its elements, each once.
    func match(_ operands: OperandSet, isEmpty: Bool, into payloads: inout [UInt32]) {
        if !isEmpty { payloads.append(contentsOf: onNotEmpty) }
        for operand in operands.members {
            payloads.append(contentsOf: containing[operand])
            for all in containingAll[operand] where all.operands.allSatisfy(operands.contains) {
                payloads.append(all.payload)
            }
        }
    }
}

/// The operands found in one list after another; emptied at no cost.
struct OperandSet {
    private(set) var members: [Int] = []
    private var generation: UInt64 = 1
    private var generations: [UInt64] = []

    /// Empties the set and makes room for operands below the count.
    mutating func reset(count: Int) {
        members.removeAll(keepingCapacity: true)
        generation += 1
        if generations.count < count {
            generations.append(contentsOf: repeatElement(0, count: count - generations.count))
        }
    }

    mutating func insert(_ operand: Int) {
        guard generations[operand] != generation else { return }
        generations[operand] = generation
        members.append(operand)
    }

    func contains(_ operand: Int) -> Bool { generations[operand] == generation }
}
