/// An order with its lines and all that will become of it, drawn from the order's number.
///
/// Every later event of the order draws it again instead of remembering it: the same number, contact and seed give the
/// same order.
struct ShopOrder {
    let number: UInt32
    let contact: UInt32
    /// Sold over the counter: in the second store, and finished at once.
    let isTill: Bool
    let isTest: Bool
    let lines: [Line]
    /// The sum of the lines, and postage for small orders.
    let totalCents: Int
    let fate: Fate

    /// One product of an order.
    struct Line {
        /// An index of `ShopCatalog.products`.
        var product: Int
        /// An index of the product's variants; nil if it comes in one size.
        var variant: Int?
        var quantity: Int
        var priceCents: Int
    }

    /// What becomes of an order. The times are seconds after it was placed; nil is never.
    struct Fate {
        var status = Status.paid
        /// How long the news of the order takes to arrive.
        var lateSeconds = 0
        var paidSeconds: Int?
        var fulfilledSeconds: Int?
        var cancelledSeconds: Int?
        var refund: Refund?
        /// Money given back as a kindness, on no order's account.
        var goodwillSeconds: Int?
        var reviewSeconds: Int?
    }

    /// Money given back for an order.
    struct Refund {
        var seconds: Int
        var cents: Int
        var isFull: Bool
    }

    /// The states that the shop reports.
    enum Status: String {
        case pending, placed, paid, fulfilled, refunded
    }

    private static let lineCounts = [1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 4, 5]
    private static let quantities = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 6]
    private static let postageCents = 490
    /// Orders of this value travel free.
    private static let freePostageCents = 5_000
    private static let hour = 3_600
    private static let day = 86_400

    /// Draws the order of that number.
    init(number: UInt32, contact: UInt32, of customer: ShopContact, catalog: ShopCatalog, seed: UInt64) {
        var random = SeededRandom(seed: seed, stream: UInt64(number))
        self.number = number
        self.contact = contact
        isTill = random.chance(14, in: 100)
        isTest = random.chance(3, in: 1_000)
        lines = Self.lines(for: customer, catalog: catalog, &random)
        let goods = lines.reduce(0) { $0 + $1.quantity * $1.priceCents }
        totalCents = isTill || goods >= Self.freePostageCents ? goods : goods + Self.postageCents
        if isTest {
            fate = Fate(status: .placed)
        } else if isTill {
            fate = Self.tillFate(&random)
        } else {
            fate = Self.webFate(totalCents: totalCents, lines: lines, &random)
        }
    }

    private static func lines(
        for customer: ShopContact, catalog: ShopCatalog, _ random: inout SeededRandom
    ) -> [Line] {
        let count = lineCounts[random.below(lineCounts.count)]
        return (0..<count).map { _ in
            let index = catalog.draw(favourite: customer.favourite, &random)
            let product = catalog.products[index]
            let variant = product.variants.isEmpty ? nil : min(random.below(6), product.variants.count - 1)
            let thousandths = variant.map { product.variants[$0].thousandths } ?? 1_000
            let quantity = quantities[random.below(quantities.count)] + (customer.isGenerous ? random.below(3) : 0)
            return Line(
                product: index, variant: variant, quantity: quantity,
                priceCents: product.priceCents * thousandths / 10_000 * 10)
        }
    }

    /// The till sends its day's orders in one go, hours later; when its line is down, days later.
    private static func tillFate(_ random: inout SeededRandom) -> Fate {
        var fate = Fate(status: .fulfilled)
        if random.chance(4, in: 100) {
            fate.lateSeconds = random.within(day...5 * day)
        } else if random.chance(5, in: 10) {
            fate.lateSeconds = random.within(hour...14 * hour)
        }
        return fate
    }

    private static func webFate(totalCents: Int, lines: [Line], _ random: inout SeededRandom) -> Fate {
        var fate = Fate()
        // A webhook that failed and was sent again later, while those after it came in time.
        if random.chance(12, in: 1_000) { fate.lateSeconds = random.within(hour...30 * hour) }
        let payment = random.below(100)
        if payment < 12 {
            fate.status = .pending
            guard random.chance(92, in: 100) else {
                fate.cancelledSeconds = 7 * day + random.below(hour)
                return fate
            }
            fate.paidSeconds = random.within(4 * hour...4 * day)
        } else if payment < 28 {
            fate.status = .placed
            fate.paidSeconds = random.within(9 * day...20 * day)
        }
        if random.chance(3, in: 100) {
            fate.cancelledSeconds = random.within(600...3 * hour)
            fate.paidSeconds = nil
            return fate
        }
        let ready = fate.status == .pending ? fate.paidSeconds ?? 0 : 0
        let fulfilled = ready + random.within(6 * hour...3 * day)
        fate.fulfilledSeconds = fulfilled
        // Nobody gives money back that has not come in.
        let settled = max(fulfilled, fate.paidSeconds ?? 0)
        addAftermath(to: &fate, settled: settled, totalCents: totalCents, lines: lines, &random)
        return fate
    }

    private static func addAftermath(
        to fate: inout Fate, settled: Int, totalCents: Int, lines: [Line], _ random: inout SeededRandom
    ) {
        if random.chance(6, in: 100) {
            let isFull = random.chance(45, in: 100)
            let part = lines.count > 1 ? lines[0].priceCents : totalCents * random.within(10...40) / 100
            fate.refund = Refund(
                seconds: settled + random.within(3 * day...25 * day), cents: isFull ? totalCents : max(1, part),
                isFull: isFull)
        } else if random.chance(1, in: 100) {
            fate.goodwillSeconds = settled + random.within(day...20 * day)
        }
        if random.chance(9, in: 100) { fate.reviewSeconds = settled + random.within(5 * day...20 * day) }
    }
}
