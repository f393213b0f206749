/// Why a definition is not a condition: where, what, and what to write instead.
public struct DefinitionError: Error, Equatable, Sendable {
    /// JSON pointer (RFC 6901) to the offending place, relative to the node that was parsed; empty for that node.
    public var path: String
    /// What kind of mistake it is; stable, for programs.
    public var code: Code
    /// A sentence for people: the value, what is allowed, and the nearest word if it looks like a slip.
    public var message: String

    /// Makes an error from its parts.
    public init(path: String, code: Code, message: String) {
        self.path = path
        self.code = code
        self.message = message
    }

    /// A kind of mistake. Open: later versions may add codes.
    public struct Code: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
        /// The code as programs see it, in snake case.
        public let rawValue: String

        /// Makes a code from its text.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        public var description: String { rawValue }

        /// A key the form does not have.
        public static let unknownKey = Code(rawValue: "unknown_key")
        /// A key the form needs.
        public static let missingKey = Code(rawValue: "missing_key")
        /// A key that this operator or measure does not take.
        public static let unexpectedKey = Code(rawValue: "unexpected_key")
        /// The same key twice in one object.
        public static let repeatedKey = Code(rawValue: "repeated_key")
        /// Keys of two forms in one node.
        public static let severalForms = Code(rawValue: "several_forms")
        /// A string where a list belongs, and the like.
        public static let wrongType = Code(rawValue: "wrong_type")
        /// No such operator, or not for a value of that type.
        public static let unknownOperator = Code(rawValue: "unknown_operator")
        /// No such field, or not for this activity.
        public static let unknownField = Code(rawValue: "unknown_field")
        /// A date operator on a custom field whose type was never declared.
        public static let undeclaredField = Code(rawValue: "undeclared_field")
        /// No such activity.
        public static let unknownActivity = Code(rawValue: "unknown_activity")
        /// No such measure, or not for this activity.
        public static let unknownMeasure = Code(rawValue: "unknown_measure")
        /// The right type with a value that cannot be meant.
        public static let invalidValue = Code(rawValue: "invalid_value")
        /// A window that does not suit what it is applied to.
        public static let invalidWindow = Code(rawValue: "invalid_window")
        /// A sum over amounts of several currencies.
        public static let severalCurrencies = Code(rawValue: "several_currencies")
        /// A list without elements.
        public static let emptyList = Code(rawValue: "empty_list")
        /// More than `ConditionLimits.listCountMax` values or `filterCountMax` filters.
        public static let tooManyValues = Code(rawValue: "too_many_values")
        /// A text longer than `ConditionLimits.textBytesMax`.
        public static let tooLong = Code(rawValue: "too_long")
        /// More levels than `ConditionLimits.depthMax`.
        public static let tooDeep = Code(rawValue: "too_deep")
        /// More elementary conditions than `ConditionLimits.conditionCountMax`.
        public static let tooManyConditions = Code(rawValue: "too_many_conditions")
    }
}
