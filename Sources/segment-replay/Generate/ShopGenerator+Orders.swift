import SegmentModel

/// Buying, and what becomes of orders.
extension ShopGenerator {
    /// The order at which a customer becomes a VIP.
    private static let vipOrders: UInt16 = 5

    /// Finds when the customer buys next, and puts it on the agenda unless that is after the last day.
    ///
    /// Waiting times come from the strongest possible season and are thinned out by the day's own (Lewis and
    /// Shedler 1979), so that buying follows the seasons exactly.
    mutating func schedulePurchase(by number: UInt32, after now: Instant) {
        let buying = contacts[Int(number)].buying
        guard buying > 0 else { return }
        let strongest = Double(buying) * Double(ShopSeasons.strengthMax)
        let mean = ShopContact.buyingIntervalDays * 86_400 * 1_000_000 / strongest
        var candidate = now
        while true {
            // Beyond any plan; also keeps the whole number of seconds far from overflow.
            let wait = min(random.waiting(mean: mean), 1e9)
            candidate = candidate.advanced(bySeconds: Int(wait) + 1)
            guard let day = agenda.day(of: candidate) else { return }
            guard random.chance(seasons.strength(day: day), in: ShopSeasons.strengthMax) else { continue }
            let awake = agenda.start(ofDay: day).advanced(bySeconds: seasons.secondOfDay(&random))
            let arrival = awake > now ? awake : candidate
            agenda.schedule(ShopAct(arrival: arrival, contact: number, kind: .purchase))
            return
        }
    }

    /// A customer buys.
    mutating func purchase(_ act: ShopAct) {
        let contact = act.contact
        orderNumber += 1
        let order = order(orderNumber, of: contact)
        if order.fate.lateSeconds == 0 {
            writer.orderPlaced(order, at: .init(act.arrival))
        } else {
            schedule(.placeLate, order, placedAt: act.arrival, after: order.fate.lateSeconds)
        }
        scheduleFate(of: order, placedAt: act.arrival)
        if !order.isTest { contacts[Int(contact)].orders += 1 }
        if contacts[Int(contact)].orders == Self.vipOrders { makeVIP(contact, at: act.arrival) }
        if random.chance(Int(contacts[Int(contact)].dropout), in: 100) { contacts[Int(contact)].buying = 0 }
        schedulePurchase(by: contact, after: act.arrival)
    }

    private func order(_ number: UInt32, of contact: UInt32) -> ShopOrder {
        ShopOrder(
            number: number, contact: contact, of: contacts[Int(contact)], catalog: catalog, seed: plan.seed)
    }

    private mutating func makeVIP(_ contact: UInt32, at now: Instant) {
        guard !contacts[Int(contact)].hasTag(ShopContact.vipTag) else { return }
        contacts[Int(contact)].setTag(ShopContact.vipTag, true)
        writer.contactChanged(contact, at: .init(now)) { data in
            data.member("vip", true)
            data.tags(add: [ShopContact.tagNames[ShopContact.vipTag]])
        }
    }

    private mutating func scheduleFate(of order: ShopOrder, placedAt: Instant) {
        let fate = order.fate
        let steps: [(ShopAct.Kind, Int?)] = [
            (.pay, fate.paidSeconds), (.fulfil, fate.fulfilledSeconds), (.cancel, fate.cancelledSeconds),
            (.refund, fate.refund?.seconds), (.refundWithoutOrder, fate.goodwillSeconds),
            (.review, fate.reviewSeconds),
        ]
        for case (let kind, let seconds?) in steps {
            schedule(kind, order, placedAt: placedAt, after: seconds)
        }
    }

    private mutating func schedule(_ kind: ShopAct.Kind, _ order: ShopOrder, placedAt: Instant, after seconds: Int) {
        agenda.schedule(
            ShopAct(
                arrival: placedAt.advanced(bySeconds: seconds), contact: order.contact, number: order.number,
                sinceSeconds: UInt32(seconds), kind: kind))
    }

    /// The next step of an order placed earlier.
    mutating func continueOrder(_ act: ShopAct) {
        let order = order(act.number, of: act.contact)
        let placedAt = act.arrival.advanced(bySeconds: -Int(act.sinceSeconds))
        let moment = ShopEventWriter.Moment(act.arrival)
        switch act.kind {
        case .placeLate:
            writer.orderPlaced(order, at: .init(arrival: act.arrival, lateSeconds: Int(act.sinceSeconds)))
        case .pay: writer.orderChanged(order, to: .paid, placedAt: placedAt, at: moment)
        case .fulfil: writer.orderChanged(order, to: .fulfilled, placedAt: placedAt, at: moment)
        case .cancel: writer.orderCancelled(order, at: moment)
        case .refund: refund(order, placedAt: placedAt, at: moment)
        case .refundWithoutOrder:
            writer.goodwillRefunded(order, cents: 500 + 100 * random.below(11), at: moment)
        case .review: review(order, at: moment)
        default: preconditionFailure("Not a step of an order.")
        }
    }

    private mutating func refund(_ order: ShopOrder, placedAt: Instant, at moment: ShopEventWriter.Moment) {
        guard let refund = order.fate.refund else { return }
        writer.orderRefunded(order, cents: refund.cents, at: moment)
        if refund.isFull && random.chance(1, in: 2) {
            writer.orderChanged(order, to: .refunded, placedAt: placedAt, at: moment)
        }
    }

    private mutating func review(_ order: ShopOrder, at moment: ShopEventWriter.Moment) {
        let rating = 5 - random.below(random.within(1...4))
        let product = catalog.products[order.lines[0].product]
        let isPublic = random.chance(8, in: 10)
        writer.activityRecorded("reviewed", by: order.contact, at: moment) { properties in
            properties.member("product", product.id)
            properties.member("rating", rating)
            properties.member("public", isPublic)
        }
    }
}
