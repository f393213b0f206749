/// How decimals are written in a file: with which sign between whole and fraction, and which between thousands.
public struct DecimalForm: Equatable, Sendable {
    /// `.` or `,`.
    public var sign: Character = "."
    /// `.`, `,`, a space or an apostrophe; nil: digits are not grouped.
    public var grouping: Character?

    public init(sign: Character = ".", grouping: Character? = nil) {
        self.sign = sign
        self.grouping = grouping
    }

    static let signs: [Character] = [".", ","]
    static let groupings: [Character] = [".", ",", " ", "'"]

    /// The number in the grammar of JSON; nil if it is not written in this form.
    ///
    /// Groups have three digits each: where `.` groups, `1.50` is no number, and never one hundred and fifty.
    func json(_ text: some StringProtocol) -> String? {
        var rest = Substring(text)
        var isNegative = false
        if let first = rest.first, first == "-" || first == "+" || first == "−" {
            isNegative = first != "+"
            rest = rest.dropFirst()
        }
        let parts = rest.split(separator: sign, maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, let digits = ungrouped(whole) else { return nil }
        var number = String(digits.drop { $0 == "0" })
        if number.isEmpty { number = "0" }
        if parts.count == 2 {
            guard Self.isDigits(parts[1]) else { return nil }
            number += "." + parts[1]
        }
        return isNegative ? "-" + number : number
    }

    private func ungrouped(_ text: Substring) -> String? {
        guard let grouping else { return Self.isDigits(text) ? String(text) : nil }
        let groups = text.split(omittingEmptySubsequences: false) { isGrouping($0, grouping) }
        guard groups.allSatisfy(Self.isDigits), groups.count == 1 || groups[0].count <= 3,
            groups.dropFirst().allSatisfy({ $0.count == 3 })
        else { return nil }
        return groups.joined()
    }

    /// Spaces that do not break count as spaces, and the apostrophe of print as one.
    private func isGrouping(_ character: Character, _ grouping: Character) -> Bool {
        switch grouping {
        case " ": character == " " || character == "\u{A0}" || character == "\u{202F}" || character == "\u{2009}"
        case "'": character == "'" || character == "’"
        default: character == grouping
        }
    }

    private static func isDigits(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 &- 0x30 <= 9 }
    }

    /// What is expected, for messages.
    var expectation: String {
        let whole = grouping.map { "1\($0)234" } ?? "1234"
        return "a number such as “\(whole)\(sign)50”"
    }
}
