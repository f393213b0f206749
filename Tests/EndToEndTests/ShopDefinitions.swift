/// A definition of every form, each of which selects some of a generated shop's contacts.
enum ShopDefinitions {
    /// All of them as a JSON list.
    static var json: String { "[" + list.joined(separator: ",") + "]" }

    /// Each as `{"name", "where"}`.
    static var list: [String] { all.map { #"{"name": "\#($0.name)", "where": \#($0.condition)}"# } }

    /// In an order in which they can be saved.
    static let all: [(name: String, condition: String)] = [
        ("Baden", #"{"field": "region", "op": "starts_with", "value": "BADEN-w"}"#),
        ("Post mail", #"{"field": "emailDomain", "op": "in", "value": ["post.example", "x.org"]}"#),
        ("No birthday", #"{"field": "birthday", "op": "is_blank"}"#),
        ("October", #"{"field": "birthday", "op": "month_is", "value": 10}"#),
        ("High score", #"{"field": "fields.score", "op": "between", "value": [60, 80]}"#),
        ("Tea readers", #"{"field": "fields.newsletterTopics", "op": "contains", "value": "tea"}"#),
        ("Tagged", #"{"any": [{"tag": "VIP"}, {"tag": "wholesale"}]}"#),
        ("Lately signed up", #"{"field": "signedUpAt", "op": "within", "value": {"last": "P6M"}}"#),
        ("New here", #"{"field": "firstSeenAt", "op": "after", "value": "2026-01-01"}"#),
        ("Good baskets", #"{"activity": "order", "measure": "average", "op": "greater_than", "value": 40}"#),
        ("Net", #"{"activity": "order", "measure": "netTotal", "op": "at_least", "value": "150.5"}"#),
        ("Till", #"{"activity": "order", "where": [{"field": "store", "op": "is", "value": "web-till"}]}"#),
        (
            "Tea and nothing dear",
            """
            {"activity": "order", "measure": "lineTotal", "op": "at_least", "value": 30,
             "where": [{"field": "category", "op": "is", "value": "tea"},
                       {"field": "price", "op": "at_most", "value": 15}]}
            """
        ),
        ("Many things", #"{"activity": "order", "measure": "products", "op": "at_least", "value": 6}"#),
        ("Away", #"{"activity": "order", "measure": "daysSinceLast", "op": "at_least", "value": 100}"#),
        ("Since December", #"{"activity": "order", "measure": "first", "op": "after", "value": "2025-12-01"}"#),
        ("Summer", #"{"activity": "order", "within": {"between": ["2025-06-01", "2025-08-31"]}, "value": 2}"#),
        ("Clickers", #"{"activity": "click", "within": {"last": "P1Y"}}"#),
        ("Never opened", #"{"all": [{"activity": "sent", "value": 3}, {"not": {"activity": "open"}}]}"#),
        (
            "Looked at dear things",
            """
            {"activity": "activity:viewed product", "op": "at_least", "value": 2,
             "where": [{"field": "price", "op": "greater_than", "value": 20}]}
            """
        ),
        (
            "Of others",
            """
            {"all": [{"not": {"segment": "Clickers"}},
                     {"any": [{"segment": "repeat-customers"}, {"segment": "Tagged"}]}]}
            """
        ),
    ]
}
