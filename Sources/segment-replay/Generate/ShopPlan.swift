import SegmentModel

/// What is wrong with the options, as a full sentence.
struct ShopPlanError: Error, Equatable, CustomStringConvertible {
    let description: String
}

/// What shop to generate. Two equal plans give the same bytes.
struct ShopPlan: Equatable, Sendable {
    /// How many contacts sign up.
    var contacts: Int
    var seed: UInt64
    /// The first and the last day on which something happens, both included, in UTC.
    var from: LocalDate
    var to: LocalDate
    /// Three letters; every amount is in it.
    var currency = "EUR"
    /// The time zone the stores say they are in.
    var timezone = "Europe/Paris"
    /// The web store; the shop's till is a second store named after it.
    var store = "web"

    /// Keeps a contact's number in 32 bits with room to spare.
    static let contactsMax = 20_000_000
    static let daysMax = 3_660
    /// Leaves room for the suffix of the till's name in an identifier of 200 bytes.
    static let nameBytesMax = 180

    /// The store that sells over the counter and delivers its orders late.
    var tillStore: String { store + "-till" }

    /// The number of days from `from` to `to`, both included.
    var dayCount: Int { to.daysSinceEpoch - from.daysSinceEpoch + 1 }

    /// Returns when the plan can be carried out; throws the first thing that is wrong with it.
    func validate() throws(ShopPlanError) {
        guard (1...Self.contactsMax).contains(contacts) else {
            throw ShopPlanError(
                description: "The number of contacts is \(contacts); it must be from 1 to \(Self.contactsMax).")
        }
        guard from <= to else {
            throw ShopPlanError(description: "The first day, \(from), comes after the last, \(to).")
        }
        guard dayCount <= Self.daysMax else {
            throw ShopPlanError(
                description: "From \(from) to \(to) are \(dayCount) days; at most \(Self.daysMax) can be generated.")
        }
        guard currency.utf8.count == 3, currency.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else {
            throw ShopPlanError(
                description: "The currency is “\(currency)”; it must be three capital letters, such as EUR.")
        }
        try Self.validate(name: store, of: "store")
        try Self.validate(name: timezone, of: "time zone")
    }

    private static func validate(name: String, of what: String) throws(ShopPlanError) {
        let isControl: (Unicode.Scalar) -> Bool = { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }
        guard (1...nameBytesMax).contains(name.utf8.count), !name.unicodeScalars.contains(where: isControl) else {
            throw ShopPlanError(
                description: "The name of the \(what) must have 1 to \(nameBytesMax) bytes and no control characters.")
        }
    }
}
