// What each operator means for one value. A blank is nil; positive operators are false of it, negative ones are the
// exact negation of their positive.

extension TextTest {
    /// Whether the text passes; nil and the empty text are blank.
    public func holds(for text: String?) -> Bool {
        holds(forFolded: text.flatMap { $0.isEmpty ? nil : TextFolding.folded($0) })
    }

    private func holds(forFolded value: String?) -> Bool {
        switch self {
        case .is(let operand): value.map { sameScalars($0, operand.folded) } ?? false
        case .isNot(let operand): !TextTest.is(operand).holds(forFolded: value)
        case .contains(let operand): value.map { hasPart($0, operand.folded) } ?? false
        case .doesNotContain(let operand): !TextTest.contains(operand).holds(forFolded: value)
        case .startsWith(let operand): value.map { $0.utf8.starts(with: operand.folded.utf8) } ?? false
        case .endsWith(let operand):
            value.map { $0.utf8.reversed().starts(with: operand.folded.utf8.reversed()) } ?? false
        case .in(let operands): operands.contains { TextTest.is($0).holds(forFolded: value) }
        case .notIn(let operands): !TextTest.in(operands).holds(forFolded: value)
        case .isBlank: value == nil
        case .isNotBlank: value != nil
        }
    }
}

extension NumberTest {
    /// Whether `number / divisor` passes, compared without dividing; nil is blank. The divisor is positive.
    public func holds(for number: Number?, dividedBy divisor: Int = 1) -> Bool {
        func times(_ operand: Number) -> Number {
            Number(billionths: operand.billionths * Int128(divisor))
        }
        return switch self {
        case .is(let operand): number.map { $0 == times(operand) } ?? false
        case .isNot(let operand): !NumberTest.is(operand).holds(for: number, dividedBy: divisor)
        case .lessThan(let operand): number.map { $0 < times(operand) } ?? false
        case .atMost(let operand): number.map { $0 <= times(operand) } ?? false
        case .greaterThan(let operand): number.map { $0 > times(operand) } ?? false
        case .atLeast(let operand): number.map { $0 >= times(operand) } ?? false
        case .between(let low, let high): number.map { times(low) <= $0 && $0 <= times(high) } ?? false
        case .in(let operands): operands.contains { NumberTest.is($0).holds(for: number, dividedBy: divisor) }
        case .notIn(let operands): !NumberTest.in(operands).holds(for: number, dividedBy: divisor)
        case .isBlank: number == nil
        case .isNotBlank: number != nil
        }
    }
}

extension BooleanTest {
    /// Whether the value passes; nil is blank.
    public func holds(for value: Bool?) -> Bool {
        switch self {
        case .is(let operand): value == operand
        case .isBlank: value == nil
        case .isNotBlank: value != nil
        }
    }
}

extension ListTest {
    /// Whether the list passes; nil and the empty list are blank. Elements are compared folded.
    public func holds(for list: [String]?) -> Bool {
        let elements = (list ?? []).map { TextFolding.folded($0) }
        func has(_ operand: TextOperand) -> Bool {
            elements.contains { sameScalars($0, operand.folded) }
        }
        return switch self {
        case .contains(let operand): has(operand)
        case .doesNotContain(let operand): !has(operand)
        case .containsAll(let operands): operands.allSatisfy(has)
        case .isBlank: elements.isEmpty
        case .isNotBlank: !elements.isEmpty
        }
    }
}

extension BlankTest {
    /// Whether the presence of a value passes.
    public func holds(isBlank: Bool) -> Bool {
        switch self {
        case .isBlank: isBlank
        case .isNotBlank: !isBlank
        }
    }
}

/// Equality scalar by scalar; `==` of strings would also equate different normal forms.
func sameScalars(_ left: String, _ right: String) -> Bool {
    left.utf8.elementsEqual(right.utf8)
}

/// Whether the one text has the other somewhere in it. UTF-8 of whole scalars matches at scalar borders only.
private func hasPart(_ text: String, _ part: String) -> Bool {
    let (text, part) = (Array(text.utf8), Array(part.utf8))
    guard part.count <= text.count else { return false }
    return (0...(text.count - part.count)).contains { text[$0...].starts(with: part) }
}
