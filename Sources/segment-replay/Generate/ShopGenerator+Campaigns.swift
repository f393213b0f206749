import SegmentModel

/// A newsletter every second Tuesday, to a sample of those who want it.
extension ShopGenerator {
    private static let sendSecondOfDay = 9 * 3_600
    private static let batchSeconds = 2
    /// A campaign goes out in at most so many batches, and so within an hour and a half.
    private static let batchesMax = 2_400
    private static let batchMin = 20
    private static let openMaxSeconds = 6 * 86_400

    /// Puts the campaign on the agenda if the day has one.
    mutating func scheduleCampaign(onDay day: Int) {
        let weekday = ShopSeasons.weekday(ofDay: plan.from.daysSinceEpoch + day)
        guard weekday == 1, day / 7 % 2 == 0 else { return }
        let date = LocalDate(daysSinceEpoch: plan.from.daysSinceEpoch + day)
        campaigns.append("news-\(date)")
        let arrival = agenda.start(ofDay: day).advanced(bySeconds: Self.sendSecondOfDay)
        agenda.schedule(
            ShopAct(arrival: arrival, contact: 0, number: UInt32(campaigns.count - 1), kind: .sendCampaign))
    }

    /// Sends to the next batch of contacts and puts the batch after it on the agenda.
    mutating func sendCampaign(_ act: ShopAct) {
        let size = max(Self.batchMin, contacts.count / Self.batchesMax + 1)
        let first = Int(act.contact)
        let end = min(first + size, contacts.count)
        for number in first..<end where contacts[number].status == .subscribed && random.chance(1, in: 4) {
            send(campaign: act.number, to: UInt32(number), at: act.arrival)
        }
        guard end < contacts.count else { return }
        var next = act
        next.contact = UInt32(end)
        next.arrival = act.arrival.advanced(bySeconds: Self.batchSeconds)
        agenda.schedule(next)
    }

    private mutating func send(campaign: UInt32, to contact: UInt32, at now: Instant) {
        writer.campaign("sent", campaign: campaigns[Int(campaign)], contact: contact, at: .init(now))
        if random.chance(9, in: 1_000) {
            let arrival = now.advanced(bySeconds: random.within(1...60))
            agenda.schedule(ShopAct(arrival: arrival, contact: contact, number: campaign, kind: .bounce))
            return
        }
        guard random.chance(Int(contacts[Int(contact)].engagement), in: 255) else {
            if random.chance(4, in: 100) { contacts[Int(contact)].engagement = 0 }
            return
        }
        let wait = 30 + min(Int(random.waiting(mean: 18_000)), Self.openMaxSeconds)
        // Read without a network; the phone tells when it has one again.
        let late = random.chance(3, in: 100) ? random.within(1_800...260_000) : 0
        agenda.schedule(
            ShopAct(
                arrival: now.advanced(bySeconds: wait + late), contact: contact, number: campaign,
                sinceSeconds: UInt32(late), kind: .open))
    }

    /// The mail came back; some addresses are gone for good.
    mutating func bounce(_ act: ShopAct) {
        writer.campaign(
            "bounced", campaign: campaigns[Int(act.number)], contact: act.contact, at: .init(act.arrival))
        guard random.chance(4, in: 10), contacts[Int(act.contact)].status == .subscribed else { return }
        setStatus(of: act.contact, to: .cleaned, at: act.arrival)
    }

    /// The mail was opened.
    mutating func open(_ act: ShopAct) {
        let moment = ShopEventWriter.Moment(arrival: act.arrival, lateSeconds: Int(act.sinceSeconds))
        writer.campaign("opened", campaign: campaigns[Int(act.number)], contact: act.contact, at: moment)
        let arrival = act.arrival.advanced(bySeconds: random.within(5...900))
        if random.chance(22, in: 100) {
            agenda.schedule(
                ShopAct(
                    arrival: arrival, contact: act.contact, number: act.number, sinceSeconds: act.sinceSeconds,
                    kind: .click))
        } else if random.chance(1, in: 100) {
            agenda.schedule(ShopAct(arrival: arrival, contact: act.contact, kind: .unsubscribe))
        }
    }

    /// A link in the mail was followed.
    mutating func click(_ act: ShopAct) {
        let campaign = campaigns[Int(act.number)]
        let product = catalog.products[catalog.draw(favourite: contacts[Int(act.contact)].favourite, &random)]
        writer.campaign(
            "clicked", campaign: campaign, contact: act.contact,
            url: "https://shop.example/products/\(product.id)?utm_campaign=\(campaign)",
            at: .init(arrival: act.arrival, lateSeconds: Int(act.sinceSeconds)))
    }
}
