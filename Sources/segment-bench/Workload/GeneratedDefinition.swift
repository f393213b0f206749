/// A definition made from its number alone: two to four conditions under `all` or `any`, one of them perhaps negated.
struct GeneratedDefinition {
    /// The definition as JSON.
    let text: String

    init(number: Int) {
        var choice = Choice(state: UInt64(number) &* 0xD134_2543_DE82_EF95)
        let conditions = (0..<2 + choice.below(3)).map { _ in
            let leaf = Self.leaf(&choice)
            return choice.below(5) == 0 ? "{\"not\":\(leaf)}" : leaf
        }
        text = "{\"\(choice.below(3) == 0 ? "any" : "all")\":[\(conditions.joined(separator: ","))]}"
    }

    private static let countries = ["FR", "DE", "GB", "IT", "BE", "ES", "CH", "NL"]
    private static let statuses = ["subscribed", "unsubscribed", "pending", "cleaned"]
    private static let tags = ["newsletter", "vip", "referral", "loyal", "gift-buyer", "wholesale"]
    private static let vendors = ["Acme", "Leaf & Co", "Nordlicht", "Maison Bleue", "Forno Rossi", "Cacao Frères"]
    private static let categories = ["Coffee", "Tea", "Biscuits", "Brewing", "Chocolate", "Kitchen Linen"]
    private static let periods = ["P7D", "P30D", "P60D", "P90D", "P6M", "P1Y"]
    private static let campaignActivities = ["open", "click", "sent"]

    private static func leaf(_ choice: inout Choice) -> String {
        switch choice.below(9) {
        case 0: field("country", "in", list([choice.of(countries), choice.of(countries)]))
        case 1: field("status", "is", quoted(choice.of(statuses)))
        case 2: field("signedUpAt", "within", "{\"last\":\"\(choice.of(periods))\"}")
        case 3: field("birthday", "within", "{\"next\":\"P\(7 + choice.below(4) * 7)D\"}")
        case 4: "{\"tag\":\(quoted(choice.of(tags)))}"
        case 5: order(filter("vendor", choice.of(vendors)), nil, "count", 1 + choice.below(3))
        case 6: order(filter("category", choice.of(categories)), choice.of(periods), "count", 1 + choice.below(2))
        case 7: order("", choice.below(2) == 0 ? nil : choice.of(periods), "total", 50 * (1 + choice.below(8)))
        default: activity(choice.of(campaignActivities), choice.of(periods), 1 + choice.below(3))
        }
    }

    private static func field(_ name: String, _ comparison: String, _ value: String) -> String {
        "{\"field\":\"\(name)\",\"op\":\"\(comparison)\",\"value\":\(value)}"
    }

    private static func order(_ filter: String, _ period: String?, _ measure: String, _ value: Int) -> String {
        "{\"activity\":\"order\",\(filter)\(within(period))\"measure\":\"\(measure)\",\"op\":\"at_least\",\"value\":\(value)}"
    }

    private static func activity(_ name: String, _ period: String, _ value: Int) -> String {
        "{\"activity\":\"\(name)\",\(within(period))\"op\":\"at_least\",\"value\":\(value)}"
    }

    private static func filter(_ field: String, _ value: String) -> String {
        "\"where\":[\(Self.field(field, "is", quoted(value)))],"
    }

    private static func within(_ period: String?) -> String {
        period.map { "\"within\":{\"last\":\"\($0)\"}," } ?? ""
    }

    /// None of the words above has anything to escape.
    private static func quoted(_ word: String) -> String { "\"\(word)\"" }

    private static func list(_ words: [String]) -> String {
        let distinct = words.enumerated().filter { index, word in words.firstIndex(of: word) == index }
        return "[\(distinct.map { quoted($0.element) }.joined(separator: ","))]"
    }
}

/// Repeatable choices (SplitMix64).
private struct Choice {
    var state: UInt64

    mutating func below(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
    }

    mutating func of(_ words: [String]) -> String { words[below(words.count)] }
}
