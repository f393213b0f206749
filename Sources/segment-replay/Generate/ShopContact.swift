/// What the shop remembers of a customer between two events: a few bytes, so that millions fit.
struct ShopContact {
    /// Where the customer lives now; an index of `Place.all`.
    var place: UInt8
    var status: Status
    var plan: UInt8
    /// The category bought most often; an index of `ShopCatalog.categories`.
    var favourite: UInt8
    /// Buys more pieces at a time.
    var isGenerous: Bool
    /// How likely, of 255, a mail is opened; falls to 0 for good when the customer loses interest.
    var engagement: UInt8
    /// How likely, of 100, an order is the last one.
    var dropout: UInt8
    /// How often the customer buys, in thousandths of the average; 0 once nothing more will be bought.
    var buying: UInt16
    var orders: UInt16 = 0
    /// The tags the customer has, one bit each, in the order of `tagNames`.
    var tags: UInt16 = 0

    /// The states of a contact that the shop uses.
    enum Status: UInt8 {
        case subscribed, unsubscribed, pending, cleaned, transactional, archived

        var name: String {
            switch self {
            case .subscribed: "subscribed"
            case .unsubscribed: "unsubscribed"
            case .pending: "pending"
            case .cleaned: "cleaned"
            case .transactional: "transactional"
            case .archived: "archived"
            }
        }
    }

    static let planNames = ["basic", "plus", "club"]
    static let tagNames = [
        "vip", "newsletter", "loyal", "coffee-lover", "tea-lover", "gift-buyer", "wholesale", "press", "student",
        "referral", "competition", "black-friday", "survey", "returns",
    ]
    static let vipTag = 0

    /// The mean of each fortieth of a gamma distribution with shape 0.6 and mean 1,000: a few customers buy often,
    /// most hardly ever. With customers who drop out at some order (BG/NBD), the usual picture of repeat buying.
    static let buyingRates: [UInt16] = [
        1, 6, 14, 24, 37, 52, 69, 88, 109, 132, 158, 185, 215, 248, 283, 320, 360, 404, 450, 500, 554, 611, 674, 741,
        814, 893, 980, 1_074, 1_178, 1_294, 1_423, 1_569, 1_735, 1_929, 2_158, 2_438, 2_795, 3_284, 4_051, 6_150,
    ]
    /// Between two orders of an average customer in ordinary weeks.
    static let buyingIntervalDays = 150.0
    private static let dropouts: [UInt8] = [3, 5, 8, 12, 18, 30]

    /// A new customer.
    init(place: UInt8, favourite: UInt8, _ random: inout SeededRandom) {
        self.place = place
        self.favourite = favourite
        status = .subscribed
        let planDraw = random.below(100)
        plan = planDraw < 78 ? 0 : planDraw < 95 ? 1 : 2
        isGenerous = random.chance(15, in: 100)
        // A quarter never opens a mail; the others differ widely.
        engagement = random.chance(1, in: 4) ? 0 : UInt8(10 + min(random.below(246), random.below(246)))
        dropout = Self.dropouts[random.below(Self.dropouts.count)]
        buying = Self.buyingRates[random.below(Self.buyingRates.count)]
    }

    /// Gives the tag, or takes it away.
    mutating func setTag(_ tag: Int, _ isSet: Bool) {
        if isSet { tags |= 1 << tag } else { tags &= ~(1 << tag) }
    }

    /// Whether the customer has the tag.
    func hasTag(_ tag: Int) -> Bool {
        tags & (1 << tag) != 0
    }

    /// The names of all tags the customer has.
    var tagList: [String] {
        Self.tagNames.indices.filter(hasTag).map { Self.tagNames[$0] }
    }
}
