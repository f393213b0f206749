internal import SegmentModel

/// All leaves on one field of a contact, gathered before they become a `FieldProgram`. Payloads are numbers of leaves.
struct FieldTests {
    fileprivate private(set) var values = ValueTests()
    fileprivate private(set) var days = DateTestList()
    fileprivate private(set) var instants = DateTestList()
    fileprivate private(set) var birthdays = BirthdayTests()
    fileprivate private(set) var lists = ListMatcher()

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

/// All leaves on one field of a contact.
final class FieldProgram: Sendable {
    let values: ValueMatcher
    let days: DateTests
    let instants: DateTests
    let birthdays: BirthdayTests
    let lists: ListMatcher
    /// Whether what holds for a text is the same at all instants.
    let isTimeless: Bool
    /// Whether text must be read as a day or an instant.
    let hasDates: Bool

    init(_ tests: FieldTests) {
        values = ValueMatcher(tests.values)
        days = DateTests(tests.days)
        instants = DateTests(tests.instants)
        birthdays = tests.birthdays
        lists = tests.lists
        isTimeless = days.moving.isEmpty && instants.moving.isEmpty
        hasDates = !days.isEmpty || !instants.isEmpty
    }
}

/// The leaves on fields and tags, by what they look at.
struct FieldPrograms: Sendable {
    private(set) var programs: [FieldProgram] = []
    private var tests: [FieldTests] = []
    /// The program of each known attribute, by its slot.
    private(set) var known: [Int?] = Array(repeating: nil, count: Int(AttributeSlot.customFirst))
    /// The programs of custom fields, by their names.
    private(set) var customNames = TextTable()
    private(set) var custom: [Int] = []
    private(set) var emailDomain: Int?
    private(set) var firstSeenAt: Int?
    /// The field `tags`.
    private(set) var tags: Int?
    /// What holds for a contact without a status.
    private(set) var onNoStatus: [UInt32] = []

    static let status = Int(KnownAttribute.status.code)
    static let email = Int(KnownAttribute.email.code)

    mutating func add(_ condition: FieldCondition, isInverted: Bool, _ leaf: UInt32, _ compiler: inout WindowCompiler) {
        let index = program(of: condition.field)
        tests[index].add(condition.test, isInverted: isInverted, leaf, &compiler)
    }

    mutating func seal() {
        programs = tests.map(FieldProgram.init)
        tests = []
        guard let status = known[FieldPrograms.status] else { return }
        var text = ContactStatus.subscribed.rawValue
        text.withUTF8 {
            programs[status].values.match(text: UnsafeRawBufferPointer($0), FoldingBuffer(), into: &onNoStatus)
        }
    }

    /// The program of a custom field by its name.
    func program(named name: UnsafeRawBufferPointer) -> Int? {
        customNames.index(of: name).map { custom[$0] }
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
