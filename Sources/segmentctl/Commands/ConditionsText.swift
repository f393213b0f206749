import SegmentModel

/// The catalogue of conditions for people, for terminals of 80 columns.
///
/// Names and types come from the tables by which conditions are read, so that none can be missing here.
enum ConditionsText {
    /// A help breaks what would reach the last column.
    static let widthMax = 79

    static let text = [
        forms, examples, fields, operators, operands, windows, activities, filters, measures, limits,
    ].joined(separator: "\n")

    /// Conditions that are shown, each with what it says.
    static let shown: [(says: String, json: String)] = [
        (
            "in France, and tagged vip",
            #"{"all": [{"field": "country", "op": "is", "value": "FR"}, {"tag": "vip"}]}"#
        ),
        ("ordered in the last 30 days", #"{"activity": "order", "within": {"last": "P30D"}}"#),
        ("has never ordered", #"{"not": {"activity": "order"}}"#),
        (
            "spent 500 or more in all, or 100 on average",
            #"""
            {"any": [{"activity": "order", "measure": "total", "value": 500},
                     {"activity": "order", "measure": "average", "value": 100}]}
            """#
        ),
        (
            "bought twice from Acme within a year",
            #"""
            {"activity": "order", "within": {"last": "P1Y"}, "value": 2,
             "where": [{"field": "vendor", "op": "is", "value": "Acme"}]}
            """#
        ),
        (
            "last ordered before 2026",
            #"""
            {"activity": "order", "measure": "last",
             "op": "before", "value": "2026-01-01"}
            """#
        ),
        (
            "has a birthday within a week",
            #"{"field": "birthday", "op": "within", "value": {"next": "P7D"}}"#
        ),
        (
            "was sent the campaign spring and did not open it",
            #"""
            {"all": [
              {"activity": "sent",
               "where": [{"field": "campaign", "op": "is", "value": "spring"}]},
              {"not":
                {"activity": "open",
                 "where": [{"field": "campaign", "op": "is", "value": "spring"}]}}]}
            """#
        ),
        (
            "viewed a product for 100 or more",
            #"""
            {"activity": "activity:viewed product",
             "where": [{"field": "price", "op": "at_least", "value": 100}]}
            """#
        ),
        (
            "is in one segment and not in another",
            #"{"all": [{"segment": "Big spenders"}, {"not": {"segment": "s3"}}]}"#
        ),
    ]

    private static let forms = section(
        "FORMS",
        "A condition is a JSON object of one of these forms; C is again a condition.",
        rows: [
            ("{\"all\": [C, …]}", "all of them hold"),
            ("{\"any\": [C, …]}", "at least one of them holds"),
            ("{\"not\": C}", "it does not hold"),
            ("{\"field\", \"op\", \"value\"}", "a field of the contact, compared"),
            ("{\"tag\"}", "the contact has the tag"),
            ("{\"segment\"}", "the contact is in that saved segment, by name or id"),
            (
                "{\"activity\", \"where\", \"within\", \"measure\", \"op\", \"value\"}",
                "a measure over the contact's activities, compared; by default: at least 1, ever"
            ),
        ])

    private static let examples =
        "EXAMPLES\n"
        + shown.map { example in
            "  \(example.says)\n"
                + example.json.split(separator: "\n").map { "    \($0)\n" }.joined()
        }.joined()

    private static let fields = section(
        "FIELDS OF CONTACTS", nil,
        rows: ValueType.allCases.map { type in
            (type.name, ContactField.known.filter { $0.type == type }.map(\.field.path).joined(separator: " "))
        }.filter { !$0.1.isEmpty } + [
            (
                "fields.NAME",
                "a custom field, of the type it is declared with: "
                    + FieldType.allCases.map(\.rawValue).joined(separator: " ")
            )
        ])

    private static let operators = section(
        "OPERATORS BY TYPE", nil,
        rows: ValueType.allCases.map { ($0.name, $0.operators.map(\.rawValue).joined(separator: " ")) })

    private static let operands = section(
        "OPERATORS",
        "Text is compared whatever its case. A missing, null or empty value is blank: is_not, does_not_contain, not_in "
            + "and not_within are true of it, every other operator but is_blank is false.",
        rows: Operator.allCases.map { ($0.rawValue, $0.explanation) })

    private static let windows = section(
        "WINDOWS",
        "For \"within\" of activities and for the operators within and not_within. Periods are ISO 8601 (P30D, P8M, "
            + "P1Y, P2W, PT12H), days are days in the audience's time zone.",
        rows: WindowKey.allCases.map { ("{\"\($0.rawValue)\": \($0.operand)}", $0.explanation) })

    private static let activities = section(
        "ACTIVITIES", nil,
        rows: [("order", "orders that count: no tests, none pending, cancelled or refunded")]
            + CampaignActivityKind.allCases.map { ($0.rawValue, "a campaign: \($0.explanation)") }
            + [("activity:NAME", "what was recorded under that very name")])

    private static let filters = section(
        "FILTERS",
        "\"where\" is a list of {\"field\", \"op\", \"value\"}, all of which hold for the same activity; those on lines for "
            + "the same line of the order.",
        rows: [
            ("order", OrderField.allCases.map(\.rawValue).joined(separator: " ")),
            ("its lines", LineField.allCases.map(\.rawValue).joined(separator: " ")),
            (
                CampaignActivityKind.allCases.map(\.rawValue).joined(separator: " "),
                CampaignField.allCases.map(\.rawValue).joined(separator: " ")
            ),
            ("activity:NAME", "its properties, by name"),
        ])

    private static let measures = section(
        "MEASURES",
        "Those marked * are for orders only. Money is in the audience's currency unless \"where\" filters by currency.",
        rows: Measure.allCases.map { measure in
            (measure.rawValue + (measure.isForEveryActivity ? "" : " *"), measure.explanation)
        })

    private static let limits = section(
        "LIMITS",
        "\(ConditionLimits.conditionCountMax) elementary conditions, \(ConditionLimits.depthMax) levels, "
            + "\(ConditionLimits.listCountMax) elements of a list, \(ConditionLimits.filterCountMax) filters of one "
            + "\"where\"; the audience's plan may allow less. docs/semantics.md says exactly what each means.",
        rows: [])

    /// A heading, a paragraph, and names with what is said of them.
    private static func section(_ title: String, _ paragraph: String?, rows: [(name: String, says: String)]) -> String {
        var text = title + "\n"
        if let paragraph { text += lines(of: paragraph, width: widthMax - 2).map { "  \($0)\n" }.joined() }
        let column = min(rows.map(\.name.count).max() ?? 0, 24)
        for row in rows {
            let indent = String(repeating: " ", count: column + 4)
            let says = lines(of: row.says, width: widthMax - column - 4)
            if row.name.count > column { text += "  \(row.name)\n" }
            for (index, line) in says.enumerated() {
                let isNamed = index == 0 && row.name.count <= column
                let start =
                    isNamed ? "  " + row.name + String(repeating: " ", count: column + 2 - row.name.count) : indent
                text += start + line + "\n"
            }
        }
        return text
    }

    /// The words in lines of at most that many characters.
    private static func lines(of text: String, width: Int) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, last.count + 1 + word.count <= width {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
