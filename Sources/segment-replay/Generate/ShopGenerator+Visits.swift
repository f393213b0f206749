import SegmentModel

/// Looking around in the shop.
extension ShopGenerator {
    /// Between two visits of one customer that leave a trace, on average.
    private static let browseIntervalSeconds = 150.0 * 86_400

    /// Puts the customer's next visit on the agenda.
    mutating func scheduleBrowse(by number: UInt32, after now: Instant) {
        let wait = Int(random.waiting(mean: Self.browseIntervalSeconds))
        agenda.schedule(ShopAct(arrival: now.advanced(bySeconds: wait + 30), contact: number, kind: .browse))
    }

    /// Somebody looks at the shop.
    mutating func browse(_ act: ShopAct) {
        let moment = ShopEventWriter.Moment(act.arrival)
        let contact = contacts[Int(act.contact)]
        let product = catalog.products[catalog.draw(favourite: contact.favourite, &random)]
        let category = catalog.categories[product.category]
        let kind = random.below(100)
        if kind < 55 {
            writer.activityRecorded("viewed product", by: act.contact, at: moment) { properties in
                properties.member("product", product.id)
                properties.member("category", category)
                properties.member("price", cents: product.priceCents)
            }
        } else if kind < 75 {
            writer.activityRecorded("searched", by: act.contact, at: moment) { properties in
                properties.member("query", category.lowercased())
            }
        } else if kind < 92 {
            let quantity = random.within(1...4)
            writer.activityRecorded("left basket", by: act.contact, at: moment) { properties in
                properties.member("product", product.id)
                properties.member("value", cents: product.priceCents * quantity)
                properties.member("signedIn", quantity > 1)
            }
        } else {
            writer.activityRecorded("used app", by: act.contact, at: moment) { _ in }
        }
        // Who buys nothing more soon stops looking.
        guard contact.buying > 0 || random.chance(1, in: 2) else { return }
        scheduleBrowse(by: act.contact, after: act.arrival)
    }
}
