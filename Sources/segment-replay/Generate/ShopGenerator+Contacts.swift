import SegmentModel

/// Signing up, and what customers change later.
extension ShopGenerator {
    private static let editIntervalDays = 330.0
    private static let browseIntervalDays = 150.0
    private static let secondsPerDay = 86_400.0

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

    private mutating func scheduleEdit(of number: UInt32, after now: Instant) {
        let wait = Int(random.waiting(mean: Self.editIntervalDays * Self.secondsPerDay))
        agenda.schedule(
            ShopAct(arrival: now.advanced(bySeconds: wait + 60), contact: number, kind: .editContact))
    }

    private mutating func scheduleBrowse(by number: UInt32, after now: Instant) {
        let wait = Int(random.waiting(mean: Self.browseIntervalDays * Self.secondsPerDay))
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

    /// Something about a customer changes.
    mutating func editContact(_ act: ShopAct) {
        let number = act.contact
        let moment = ShopEventWriter.Moment(act.arrival)
        switch random.below(100) {
        case 0..<20: move(number, at: moment)
        case 20..<34: changeSubscription(number, at: act.arrival)
        case 34..<66: changeTags(number, at: moment)
        case 66..<78: changePlan(number, at: moment)
        case 78..<92: changeRating(number, at: moment)
        case 92..<97:
            let birthday = people.birthday(&random)
            writer.contactChanged(number, at: moment) { data in data.birthday(birthday) }
        default:
            writer.contactChanged(number, at: moment) { data in
                data.member("zip", raw: "null")
                data.object("fields") { fields in fields.member("newsletterTopics", raw: "null") }
            }
        }
        scheduleEdit(of: number, after: act.arrival)
    }

    private mutating func move(_ number: UInt32, at moment: ShopEventWriter.Moment) {
        let place = people.place(&random)
        contacts[Int(number)].place = place
        writer.contactChanged(number, at: moment) { data in data.address(Place.all[Int(place)]) }
    }

    private mutating func changeSubscription(_ number: UInt32, at now: Instant) {
        switch contacts[Int(number)].status {
        case .subscribed: setStatus(of: number, to: random.chance(9, in: 10) ? .unsubscribed : .archived, at: now)
        case .unsubscribed, .transactional, .pending: setStatus(of: number, to: .subscribed, at: now)
        case .cleaned, .archived: break
        }
    }

    private mutating func changeTags(_ number: UInt32, at moment: ShopEventWriter.Moment) {
        let tag = random.within(1...ShopContact.tagNames.count - 1)
        let dropped = random.within(1...ShopContact.tagNames.count - 1)
        var contact = contacts[Int(number)]
        let removes = dropped != tag && contact.hasTag(dropped)
        contact.setTag(tag, true)
        if removes { contact.setTag(dropped, false) }
        contacts[Int(number)] = contact
        let setsAll = random.chance(1, in: 10)
        writer.contactChanged(number, at: moment) { data in
            if setsAll {
                data.object("tags") { tags in tags.member("set", contact.tagList) }
            } else {
                let names = ShopContact.tagNames
                data.tags(add: [names[tag]], remove: removes ? [names[dropped]] : [])
            }
        }
    }

    private mutating func changePlan(_ number: UInt32, at moment: ShopEventWriter.Moment) {
        let plan = UInt8(random.below(ShopContact.planNames.count))
        contacts[Int(number)].plan = plan
        writer.contactChanged(number, at: moment) { data in
            data.object("fields") { fields in fields.member("plan", ShopContact.planNames[Int(plan)]) }
        }
    }

    private mutating func changeRating(_ number: UInt32, at moment: ShopEventWriter.Moment) {
        let rating = random.within(1...5)
        let score = rating * 20 - random.below(20)
        writer.contactChanged(number, at: moment) { data in
            data.member("rating", rating)
            data.object("fields") { fields in fields.member("score", score) }
        }
    }
}
