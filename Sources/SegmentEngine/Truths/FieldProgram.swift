internal import SegmentModel

/// All leaves on one field of a contact, gathered before they become a `FieldProgram`.
struct FieldTests {
    fileprivate var values = ValueTests()
    fileprivate var days = DateTestList()
    fileprivate var instants = DateTestList()
    fileprivate var birthdays = BirthdayTests()
    fileprivate var lists = ListTests()

    /// Adds a leaf; with `isInverted`, what does not pass the test.
    mutating func add(_ test: FieldTest, isInverted: Bool, _ leaf: UInt32, _ compiler: inout WindowCompiler) {
        switch test {
        case .text(let test):
            values.add(test, isInverted: isInverted, leaf)
            addForLists(test, isInverted: isInverted, leaf)
        case .number(let test): values.add(test, isInverted: isInverted, leaf)
        case .boolean(let test): values.add(test, isInverted: isInverted, leaf)
        case .untyped(let test): values.add(test, isInverted: isInverted, leaf)
        case .list(let test): lists.add(test, isInverted: isInverted, leaf)
        case .day(let test): days.add(test, isInverted: isInverted, leaf) { compiler.days($0) }
        case .instant(let test): instants.add(test, isInverted: isInverted, leaf) { compiler.instants($0) }
        case .birthday(let test): birthdays.add(test, isInverted: isInverted, leaf, &compiler)
        }
    }

    /// Text is "contained" in a list if it is one of the elements.
    private mutating func addForLists(_ test: TextTest, isInverted: Bool, _ leaf: UInt32) {
        switch test {
        case .contains(let operand): lists.add(.contains(operand), isInverted: isInverted, leaf)
        case .doesNotContain(let operand): lists.add(.doesNotContain(operand), isInverted: isInverted, leaf)
        default: break
        }
    }
}

/// What is known of a field's leaves besides their tests.
struct FieldProgram: BitwiseCopyable, Sendable {
    /// Where the tests of a birthday stand in the program's; -1 if there are none.
    let birthdays: Int
    /// Whether what holds for a birthday is the same on all days.
    let areBirthdaysTimeless: Bool
    /// Whether what holds for a text is the same at all instants.
    let isTimeless: Bool
}

/// The leaves on fields and tags, by what they look at.
struct FieldPrograms {
    private var tests: [FieldTests] = []
    /// The program of each known attribute, by its slot.
    private var known: [Int?] = Array(repeating: nil, count: Int(AttributeSlot.customFirst))
    /// The programs of custom fields, by the numbers of their names.
    private var customNames = TextTable()
    private var custom: [Int] = []
    private var emailDomain: Int?
    private var firstSeenAt: Int?
    /// The field `tags`.
    private var tags: Int?

    static let status = Int(KnownAttribute.status.code)
    static let email = Int(KnownAttribute.email.code)

    mutating func add(_ condition: FieldCondition, isInverted: Bool, _ leaf: UInt32, _ compiler: inout WindowCompiler) {
        let index = program(of: condition.field)
        tests[index].add(condition.test, isInverted: isInverted, leaf, &compiler)
    }

    private mutating func program(of field: ContactField) -> Int {
        switch field {
        case .attribute(.known(let attribute)): FieldPrograms.ensure(&known[Int(attribute.code)], &tests)
        case .attribute(.custom(let name)): program(ofCustom: name)
        case .emailDomain: FieldPrograms.ensure(&emailDomain, &tests)
        case .firstSeenAt: FieldPrograms.ensure(&firstSeenAt, &tests)
        case .tags: FieldPrograms.ensure(&tags, &tests)
        }
    }

    private mutating func program(ofCustom name: String) -> Int {
        let number = customNames.insert(name)
        if number == custom.count {
            custom.append(tests.count)
            tests.append(FieldTests())
        }
        return custom[number]
    }

    private static func ensure(_ index: inout Int?, _ tests: inout [FieldTests]) -> Int {
        if let index { return index }
        tests.append(FieldTests())
        index = tests.count - 1
        return tests.count - 1
    }
}

// What becomes of them.
extension FieldPrograms {
    /// The tables, and the tests of birthdays, which have none.
    func tables(
        _ matchers: inout MatcherCompiler, _ dates: inout DateCompiler, _ builder: inout TableBuilder
    ) -> (tables: FieldTables, birthdays: [BirthdayTests]) {
        let birthdays = tests.map(\.birthdays).filter { !$0.isEmpty }
        var birthdayCount = 0
        let programs = tests.map { tests in
            if !tests.birthdays.isEmpty { birthdayCount += 1 }
            return FieldProgram(
                birthdays: tests.birthdays.isEmpty ? -1 : birthdayCount - 1,
                areBirthdaysTimeless: tests.birthdays.isTimeless,
                isTimeless: !tests.days.isMoving && !tests.instants.isMoving)
        }
        let tables = FieldTables(
            programs: builder.table(programs),
            values: builder.table(tests.map { matchers.matcher($0.values) }),
            days: builder.table(tests.map { dates.dates($0.days, &matchers.numbers) }),
            instants: builder.table(tests.map { dates.dates($0.instants, &matchers.numbers) }),
            lists: builder.table(tests.map { matchers.matcher($0.lists) }),
            known: builder.table(known.map(FieldPrograms.number)),
            customNames: customNames.index(&matchers.texts), custom: builder.table(custom.map(FieldPrograms.number)),
            emailDomain: FieldPrograms.number(emailDomain), firstSeenAt: FieldPrograms.number(firstSeenAt),
            tags: FieldPrograms.number(tags))
        return (tables, birthdays)
    }

    private static func number(_ index: Int?) -> Int { index ?? -1 }
}

/// Which field has which program; -1 stands for none.
struct FieldTables: BitwiseCopyable, Sendable {
    /// By the number of the program, like the four after it.
    let programs: PlainTable<FieldProgram>
    let values: PlainTable<ValueMatcher>
    let days: PlainTable<DateTests>
    let instants: PlainTable<DateTests>
    let lists: PlainTable<ListMatcher>
    /// By the slot of a known attribute.
    let known: PlainTable<Int>
    let customNames: TextIndex
    /// By the number of the name.
    let custom: PlainTable<Int>
    let emailDomain: Int
    let firstSeenAt: Int
    let tags: Int
}
