import SegmentModel

/// What customers change about themselves in the course of time.
extension ShopGenerator {
    /// Between two changes of one customer, on average.
    private static let editIntervalSeconds = 330.0 * 86_400

    /// Puts the customer's next change on the agenda.
    mutating func scheduleEdit(of number: UInt32, after now: Instant) {
        let wait = Int(random.waiting(mean: Self.editIntervalSeconds))
        agenda.schedule(
            ShopAct(arrival: now.advanced(bySeconds: wait + 60), contact: number, kind: .editContact))
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
