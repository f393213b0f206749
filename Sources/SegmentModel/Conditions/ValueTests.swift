/// A text operand: as it was spelt, and folded for comparison.
///
/// Two operands are equal if they are spelt with the same bytes; two that only fold alike compare alike with every
/// value but are written differently.
public struct TextOperand: Hashable, Sendable {
    /// The text as it was written.
    public let spelling: String
    /// `TextFolding.folded(spelling)`; compared scalar by scalar, that is by its UTF-8 bytes.
    public let folded: String

    /// Folds the text.
    public init(_ spelling: String) {
        self.spelling = spelling
        folded = TextFolding.folded(spelling)
    }

    public static func == (left: TextOperand, right: TextOperand) -> Bool {
        left.spelling.utf8.elementsEqual(right.spelling.utf8)
    }

    public func hash(into hasher: inout Hasher) {
        Identifier(spelling).hash(into: &hasher)
    }
}

extension TextOperand: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) {
        self.init(value)
    }
}

/// An operator of text with its operand. Blank: absent or empty.
public enum TextTest: Hashable, Sendable {
    case `is`(TextOperand)
    case isNot(TextOperand)
    case contains(TextOperand)
    case doesNotContain(TextOperand)
    case startsWith(TextOperand)
    case endsWith(TextOperand)
    /// One of them; never empty when parsed.
    case `in`([TextOperand])
    case notIn([TextOperand])
    case isBlank
    case isNotBlank
}

/// An operator of numbers and amounts with its operand.
public enum NumberTest: Hashable, Sendable {
    case `is`(Number)
    case isNot(Number)
    case lessThan(Number)
    case atMost(Number)
    case greaterThan(Number)
    case atLeast(Number)
    /// Both ends included; low is not above high when parsed.
    case between(low: Number, high: Number)
    /// One of them; never empty when parsed.
    case `in`([Number])
    case notIn([Number])
    case isBlank
    case isNotBlank
}

/// An operator of true and false with its operand.
public enum BooleanTest: Hashable, Sendable {
    case `is`(Bool)
    case isBlank
    case isNotBlank
}

/// An operator of lists of text (tags, list fields) with its operand.
public enum ListTest: Hashable, Sendable {
    /// One element is the text, whatever its case.
    case contains(TextOperand)
    case doesNotContain(TextOperand)
    /// Each of them is an element; never empty when parsed.
    case containsAll([TextOperand])
    case isBlank
    case isNotBlank
}

/// An operator of birthdays with its operand.
public enum BirthdayTest: Hashable, Sendable {
    /// The birthday itself; 29 February is not 28 February.
    case `is`(MonthDay)
    /// It is celebrated within the window, by calendar day.
    case within(BirthdayWindow)
    /// January is 1.
    case monthIs(Int)
    case isBlank
    case isNotBlank
}

/// A window a birthday may fall into. Its period has no hours.
public enum BirthdayWindow: Hashable, Sendable {
    /// Today or one of the days of the period before it.
    case last(Period)
    /// Today or one of the days of the period after it.
    case next(Period)
}

/// Whether there is a value at all, of whatever type.
public enum BlankTest: Hashable, Sendable {
    case isBlank
    case isNotBlank
}
