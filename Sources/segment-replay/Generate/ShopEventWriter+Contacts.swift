import SegmentModel

extension ShopEventWriter {
    /// `integration.connected` of the shop, with its web store and its till.
    mutating func integrationConnected(at moment: Moment) {
        event("integration.connected", source: .shop, at: moment) { id in
            id.raw("integration-1")
        } data: { [plan] data in
            data.member("integration", "shop")
            data.member("platform", "shopify")
            data.name("stores")
            data.raw("[{")
            data.store(plan.store, name: "Web shop", plan: plan)
            data.raw("},{")
            data.store(plan.tillStore, name: "High street till", plan: plan)
            data.raw("}]")
        }
    }

    /// `contact.changed` with what `change` writes of it. Changes are numbered by the number of events before them.
    mutating func contactChanged(_ contact: UInt32, at moment: Moment, _ change: (inout JSONLine) -> Void) {
        let number = eventCount
        event("contact.changed", source: .shop, at: moment) { id in
            id.raw("contact-")
            id.integer(number)
        } data: { data in
            data.contact(contact)
            change(&data)
        }
    }

    /// `contact.changed` that sets the status and nothing else.
    mutating func statusChanged(_ contact: UInt32, to status: ShopContact.Status, at moment: Moment) {
        contactChanged(contact, at: moment) { data in data.member("status", status.name) }
    }

    /// `activity.recorded` with the properties that `properties` writes.
    mutating func activityRecorded(
        _ name: String, by contact: UInt32, at moment: Moment, _ properties: (inout JSONLine) -> Void
    ) {
        let number = eventCount
        event("activity.recorded", source: .shop, at: moment) { id in
            id.raw("activity-")
            id.integer(number)
        } data: { data in
            data.contact(contact)
            data.member("name", name)
            data.object("properties", properties)
        }
    }

    /// `campaign.sent`, `.opened`, `.clicked` or `.bounced`: `step` is the last word.
    /// Each happens at most once to a contact in a campaign.
    mutating func campaign(_ step: String, campaign: String, contact: UInt32, url: String? = nil, at moment: Moment) {
        event("campaign.\(step)", source: .mail, at: moment) { id in
            id.raw(step)
            id.raw("-")
            id.raw(campaign)
            id.raw("-")
            id.contactID(contact)
        } data: { data in
            data.contact(contact)
            data.member("campaign", campaign)
            if let url { data.member("url", url) }
        }
    }
}

extension JSONLine {
    /// The members that say where a contact lives.
    mutating func address(_ place: Place) {
        member("country", place.country)
        member("region", place.region)
        member("city", place.city)
        member("zip", place.zip)
        member("latitude", raw: place.latitude)
        member("longitude", raw: place.longitude)
    }

    /// A birthday as `MM-DD`.
    mutating func birthday(_ birthday: (month: Int, day: Int)) {
        name("birthday")
        raw("\"")
        twoDigits(birthday.month)
        raw("-")
        twoDigits(birthday.day)
        raw("\"")
    }

    /// A change of tags that adds some and removes some.
    mutating func tags(add: [String], remove: [String] = []) {
        object("tags") { tags in
            if !add.isEmpty { tags.member("add", add) }
            if !remove.isEmpty { tags.member("remove", remove) }
        }
    }

    fileprivate mutating func store(_ store: String, name: String, plan: ShopPlan) {
        member("store", store)
        member("name", name)
        member("currency", plan.currency)
        member("timezone", plan.timezone)
    }
}
