extension OperandParser {
    func textTest() throws(DefinitionError) -> TextTest {
        switch op {
        case .is: .is(try value().textOperand())
        case .isNot: .isNot(try value().textOperand())
        case .contains: .contains(try value().textOperand())
        case .doesNotContain: .doesNotContain(try value().textOperand())
        case .startsWith: .startsWith(try value().textOperand())
        case .endsWith: .endsWith(try value().textOperand())
        case .in: .in(try listValue().textOperands())
        case .notIn: .notIn(try listValue().textOperands())
        case .isBlank: try withoutValue(.isBlank)
        case .isNotBlank: try withoutValue(.isNotBlank)
        default: throw unfit(.text)
        }
    }

    func numberTest() throws(DefinitionError) -> NumberTest {
        switch op {
        case .is: .is(try value().number())
        case .isNot: .isNot(try value().number())
        case .lessThan: .lessThan(try value().number())
        case .atMost: .atMost(try value().number())
        case .greaterThan: .greaterThan(try value().number())
        case .atLeast: .atLeast(try value().number())
        case .between: try betweenNumbers()
        case .in: .in(try listValue().numbers())
        case .notIn: .notIn(try listValue().numbers())
        case .isBlank: try withoutValue(.isBlank)
        case .isNotBlank: try withoutValue(.isNotBlank)
        default: throw unfit(.number)
        }
    }

    func booleanTest() throws(DefinitionError) -> BooleanTest {
        switch op {
        case .is:
            let node = try value()
            guard let operand = node.value.boolValue else { throw node.wrongType("true or false") }
            return .is(operand)
        case .isBlank: return try withoutValue(.isBlank)
        case .isNotBlank: return try withoutValue(.isNotBlank)
        default: throw unfit(.boolean)
        }
    }

    func listTest() throws(DefinitionError) -> ListTest {
        switch op {
        case .contains: .contains(try value().textOperand())
        case .doesNotContain: .doesNotContain(try value().textOperand())
        case .containsAll: .containsAll(try listValue().textOperands())
        case .isBlank: try withoutValue(.isBlank)
        case .isNotBlank: try withoutValue(.isNotBlank)
        default: throw unfit(.list)
        }
    }

    func birthdayTest() throws(DefinitionError) -> BirthdayTest {
        switch op {
        case .is: .is(try value().monthDay())
        case .within: .within(try value().birthdayWindow())
        case .monthIs: .monthIs(try value().month())
        case .isBlank: try withoutValue(.isBlank)
        case .isNotBlank: try withoutValue(.isNotBlank)
        default: throw unfit(.birthday)
        }
    }

    func dateTest(_ use: WindowUse) throws(DefinitionError) -> DateTest {
        switch op {
        case .on: .within(.on(try value().day()))
        case .before: .within(.before(try value().dateBound()))
        case .after: .within(.after(try value().dateBound()))
        case .between: .within(try listValue().betweenDates())
        case .within: .within(try value().window(use))
        case .notWithin: .notWithin(try value().window(use))
        case .isBlank: try withoutValue(.isBlank)
        case .isNotBlank: try withoutValue(.isNotBlank)
        default: throw unfit(use == .day ? .day : .instant)
        }
    }

    private func withoutValue<Test>(_ test: Test) throws(DefinitionError) -> Test {
        try noValue()
        return test
    }

    private func betweenNumbers() throws(DefinitionError) -> NumberTest {
        let node = try listValue()
        let (lowNode, highNode) = try node.pair("two numbers [low, high]")
        let (low, high) = (try lowNode.number(), try highNode.number())
        guard low <= high else {
            throw node.error(.invalidValue, "\(low) is above \(high), so nothing lies between them; swap them.")
        }
        return .between(low: low, high: high)
    }
}

extension DefinitionNode {
    func textOperand() throws(DefinitionError) -> TextOperand {
        if case .number = value { throw wrongType("text; write it in quotes: \"\(shown)\"") }
        return TextOperand(try text("text"))
    }

    func textOperands() throws(DefinitionError) -> [TextOperand] {
        var operands: [TextOperand] = []
        for node in try list("a list of texts") { operands.append(try node.textOperand()) }
        return operands
    }

    /// A JSON number or a string that holds one.
    func number() throws(DefinitionError) -> Number {
        switch value {
        case .number(let spelling), .string(let spelling):
            try parsed { () throws(ValueError) in try Number(decimal: spelling) }
        default: throw wrongType("a number")
        }
    }

    func numbers() throws(DefinitionError) -> [Number] {
        var numbers: [Number] = []
        for node in try list("a list of numbers") { numbers.append(try node.number()) }
        return numbers
    }

    /// Exactly two elements.
    func pair(_ expected: String) throws(DefinitionError) -> (DefinitionNode, DefinitionNode) {
        let elements = try list(expected)
        guard elements.count == 2 else {
            throw error(.invalidValue, "The list has \(elements.count) elements; expected \(expected).")
        }
        return (elements[0], elements[1])
    }

    func monthDay() throws(DefinitionError) -> MonthDay {
        let text = try text("a birthday such as \"03-14\"")
        return try parsed { () throws(ValueError) in try MonthDay(text: text) }
    }

    /// January is 1.
    func month() throws(DefinitionError) -> Int {
        let number = try number()
        guard let month = (1...12).first(where: { Number($0) == number }) else {
            throw error(
                .invalidValue, "\(shown) is no month; expected a whole number from 1 (January) to 12 (December).")
        }
        return month
    }
}
