import SegmentModel

/// Signing up, and being written to or not.
extension ShopGenerator {
    /// A contact comes into being.
    mutating func signUp(at now: Instant, isImport: Bool) {
        let number = UInt32(contacts.count)
        let place = people.place(&random)
        var contact = ShopContact(place: place, favourite: catalog.favourite(&random), &random)
        let source = isImport ? "import" : Self.signupSources[random.below(Self.signupSources.count)]
        let draw = random.below(100)
        if source == "checkout" && draw < 40 {
            contact.status = .transactional
        } else if source != "checkout" && draw < 8 {
            contact.status = isImport ? .unsubscribed : .pending
        }
        if contact.status == .subscribed && random.chance(5, in: 10) {
            contact.setTag(1, true)
        }
        if random.chance(12, in: 100) { contact.setTag(random.within(2...10), true) }
        contacts.append(contact)
        let ageDays = isImport ? random.within(30...1_100) : 0
        writeSignUp(number, source: source, signedUpAt: now.advanced(bySeconds: -86_400 * ageDays), at: now)
        scheduleLife(of: number, from: now, buysNow: source == "checkout")
    }

    private static let signupSources = [
        "checkout", "checkout", "checkout", "newsletter form", "newsletter form", "newsletter form", "pop-up", "pop-up",
        "competition", "high street", "friend",
    ]
    private static let newsletterTopics = ["coffee", "tea", "recipes", "offers", "events"]

    private mutating func writeSignUp(_ number: UInt32, source: String, signedUpAt: Instant, at now: Instant) {
        let contact = contacts[Int(number)]
        let place = Place.all[Int(contact.place)]
        let name = people.name(in: contact.place, &random)
        let email = people.email(of: name, number: Int(number) + 1_001, &random)
        let birthday = random.chance(42, in: 100) ? people.birthday(&random) : nil
        let topics = Self.newsletterTopics.filter { _ in random.chance(1, in: 4) }
        let score = random.below(60)
        let acceptsPost = random.chance(3, in: 10)
        let favourite = catalog.categories[Int(contact.favourite)]
        writer.contactChanged(number, at: .init(now)) { data in
            data.member("email", email)
            data.member("status", contact.status.name)
            data.member("language", place.language)
            data.address(place)
            data.member("signupSource", source)
            data.member("signedUpAt", signedUpAt)
            if let birthday { data.birthday(birthday) }
            data.object("fields") { fields in
                fields.member("firstName", name.first)
                fields.member("lastName", name.last)
                fields.member("plan", ShopContact.planNames[Int(contact.plan)])
                fields.member("score", score)
                fields.member("acceptsPost", acceptsPost)
                if score % 3 == 0 { fields.member("favouriteCategory", favourite) }
                if !topics.isEmpty { fields.member("newsletterTopics", topics) }
            }
            if contact.tags != 0 { data.tags(add: contact.tagList) }
        }
    }

    private mutating func scheduleLife(of number: UInt32, from now: Instant, buysNow: Bool) {
        if contacts[Int(number)].status == .pending && random.chance(7, in: 10) {
            let delay = random.within(60...200_000)
            agenda.schedule(ShopAct(arrival: now.advanced(bySeconds: delay), contact: number, kind: .confirm))
        }
        scheduleEdit(of: number, after: now)
        scheduleBrowse(by: number, after: now)
        if buysNow {
            let arrival = now.advanced(bySeconds: random.within(5...90))
            agenda.schedule(ShopAct(arrival: arrival, contact: number, kind: .purchase))
        } else {
            schedulePurchase(by: number, after: now)
        }
    }

    /// The link in the welcome mail was clicked.
    mutating func confirm(_ act: ShopAct) {
        guard contacts[Int(act.contact)].status == .pending else { return }
        setStatus(of: act.contact, to: .subscribed, at: act.arrival)
    }

    /// The link at the foot of a mail was clicked.
    mutating func unsubscribe(_ act: ShopAct) {
        guard contacts[Int(act.contact)].status == .subscribed else { return }
        setStatus(of: act.contact, to: .unsubscribed, at: act.arrival)
    }

    /// Reports a new status.
    mutating func setStatus(of number: UInt32, to status: ShopContact.Status, at now: Instant) {
        contacts[Int(number)].status = status
        writer.statusChanged(number, to: status, at: .init(now))
    }
}
