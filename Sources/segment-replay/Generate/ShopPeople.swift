/// Who the shop's customers are: names, addresses, the things they say when they sign up.
struct ShopPeople {
    private let places = WeightedDraw(Place.all.map(\.weight))
    private let domains = WeightedDraw(Self.mailDomains.map(\.weight))
    /// The names of each place's language, in the order of `Place.all`.
    private let names: [NameTable]

    /// Reserved names (RFC 2606): no mail can ever reach a real person.
    private static let mailDomains: [(name: String, weight: Int)] = [
        ("post.example", 34), ("mail.example", 22), ("inbox.example", 16), ("letters.example", 10), ("home.example", 8),
        ("example.com", 4), ("example.org", 3), ("example.net", 2), ("bakery.example", 1),
    ]
    private static let daysInMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    /// How letters outside ASCII are written in an address.
    private static let plainLetters: [Character: String] = [
        "á": "a", "ä": "ae", "é": "e", "è": "e", "ë": "e", "í": "i", "ñ": "n", "ó": "o", "ò": "o", "ö": "oe",
        "ú": "u", "ü": "ue", "ß": "ss", "ï": "i",
    ]

    init() {
        names = Place.all.map { place in NameTable.all[place.language] ?? NameTable(first: ["A."], last: ["Nonymous"]) }
    }

    /// A place to live; an index of `Place.all`.
    func place(_ random: inout SeededRandom) -> UInt8 {
        UInt8(places.draw(&random))
    }

    /// A name as people in that place have it.
    func name(in place: UInt8, _ random: inout SeededRandom) -> (first: String, last: String) {
        let table = names[Int(place)]
        return (table.first[random.below(table.first.count)], table.last[random.below(table.last.count)])
    }

    /// An address for a person of that name; no two numbers share one.
    func email(of name: (first: String, last: String), number: Int, _ random: inout SeededRandom) -> String {
        let domain = Self.mailDomains[domains.draw(&random)].name
        return "\(Self.plain(name.first)).\(Self.plain(name.last))\(number)@\(domain)"
    }

    /// A day of a leap year, all equally likely.
    func birthday(_ random: inout SeededRandom) -> (month: Int, day: Int) {
        var day = random.below(366)
        var month = 0
        while day >= Self.daysInMonth[month] {
            day -= Self.daysInMonth[month]
            month += 1
        }
        return (month + 1, day + 1)
    }

    private static func plain(_ name: String) -> String {
        var plain = ""
        for letter in name.lowercased() {
            if let replacement = plainLetters[letter] {
                plain += replacement
            } else if letter.isASCII && letter.isLetter {
                plain.append(letter)
            }
        }
        return plain
    }
}
