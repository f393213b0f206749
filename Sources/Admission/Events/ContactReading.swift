import SegmentModel

enum ContactMember: Int, MemberKey {
    case contact, email, status, rating, vip, language, country, region, city, zip, latitude, longitude, signupSource
    case signedUpAt, birthday, fields, tags

    static let table = MemberTable<ContactMember>()

    /// The members that are attributes, in the canonical order of attributes.
    static let attributes: [(ContactMember, KnownAttribute)] = [
        (.email, .email), (.status, .status), (.rating, .rating), (.vip, .vip), (.language, .language),
        (.country, .country), (.region, .region), (.city, .city), (.zip, .zip), (.latitude, .latitude),
        (.longitude, .longitude), (.signupSource, .signupSource), (.signedUpAt, .signedUpAt), (.birthday, .birthday),
    ]
}

enum ErasureMember: Int, MemberKey {
    case contact

    static let table = MemberTable<ErasureMember>()
}

enum TagMember: Int, MemberKey {
    case add, remove, set

    static let table = MemberTable<TagMember>()
}

extension JSONTokens {
    func contactChange(at data: Int) throws(Refusal) -> ContactChange {
        let members = try members(of: data, as: ContactMember.self)
        var change = ContactChange(contact: try identifier(.contact, in: members))
        for (member, attribute) in ContactMember.attributes {
            guard let token = members[member] else { continue }
            let value = self[token].kind == .null ? nil : try value(of: attribute, at: token)
            change.attributes.append(AttributeChange(key: .known(attribute), value: value))
        }
        if let token = members[.fields] { change.attributes += try customFields(at: token) }
        if let token = members[.tags] { change.tags = try tagChange(at: token) }
        return change
    }

    func erasedContact(at data: Int) throws(Refusal) -> Identifier {
        try identifier(.contact, in: members(of: data, as: ErasureMember.self))
    }

    private func value(of attribute: KnownAttribute, at index: Int) throws(Refusal) -> AttributeValue {
        switch attribute {
        case .email: return .text(try email(at: index))
        case .status: return .text(try choice(at: index, of: ContactStatus.self).rawValue)
        case .vip: return .boolean(try boolean(at: index))
        case .rating: return .number(try rating(at: index))
        case .latitude: return .number(try degrees(at: index, max: AdmissionLimits.latitudeMax))
        case .longitude: return .number(try degrees(at: index, max: AdmissionLimits.longitudeMax))
        case .signedUpAt: return .instant(try instant(at: index))
        case .birthday: return try birthday(at: index)
        case .language, .country, .region, .city, .zip, .signupSource: return .text(try text(at: index))
        }
    }

    /// Only what an address cannot do without; whether mail arrives is for the mail tool to find out.
    private func email(at index: Int) throws(Refusal) -> String {
        let email = try text(at: index, bytesMax: AdmissionLimits.emailBytesMax)
        let bytes = self[index].text
        guard let at = bytes.lastIndex(of: UInt8(ascii: "@")), at > 0, at < bytes.count - 1, !bytes.hasControlCharacter
        else {
            throw Refusal(
                index, .invalidEmail,
                "\(quoted(bytes)) is not an e-mail address; something@something is expected, or null to clear it.")
        }
        return email
    }

    private func rating(at index: Int) throws(Refusal) -> Number {
        let rating = try number(at: index)
        for whole in 0...AdmissionLimits.ratingMax where rating == Number(whole) { return rating }
        throw Refusal(
            index, .outOfRange,
            "\(rating) is not a rating; a whole number from 0 to \(AdmissionLimits.ratingMax) is expected.")
    }

    private func degrees(at index: Int, max: Int) throws(Refusal) -> Number {
        let degrees = try number(at: index)
        guard degrees >= Number(-max), degrees <= Number(max) else {
            throw Refusal(index, .outOfRange, "\(degrees) is out of range; -\(max) to \(max) degrees are expected.")
        }
        return degrees
    }

    private func birthday(at index: Int) throws(Refusal) -> AttributeValue {
        let token = self[index]
        guard token.kind == .string else { throw wrongType(index, expected: "a text with month and day, \"MM-DD\",") }
        do {
            let day = try MonthDay(text: token.raw)
            return .birthday(month: day.month, day: day.day)
        } catch {
            throw Refusal(index, .invalidBirthday, error.message)
        }
    }

    /// Custom fields in the order of the bytes of their names.
    private func customFields(at index: Int) throws(Refusal) -> [AttributeChange] {
        var changes: [AttributeChange] = []
        let names = try names(of: index, max: AdmissionLimits.fieldsMax, kind: "fields")
        changes.reserveCapacity(names.count)
        for name in names {
            changes.append(AttributeChange(key: .custom(self[name].string), value: try customValue(at: name + 1)))
        }
        return changes
    }

    private func customValue(at index: Int) throws(Refusal) -> AttributeValue? {
        switch self[index].kind {
        case .null: return nil
        case .string: return .text(try text(at: index))
        case .number: return .number(try number(at: index))
        case .true: return .boolean(true)
        case .false: return .boolean(false)
        case .array: return .list(try texts(at: index))
        case .object, .key: throw wrongType(index, expected: "a text, number, boolean, list of texts or null")
        }
    }

    /// The key tokens of an object whose keys are names of the source's choosing, checked, in the order of their bytes.
    func names(of index: Int, max: Int, kind: String) throws(Refusal) -> [Int] {
        guard self[index].kind == .object else { throw wrongType(index, expected: "an object of \(kind)") }
        var names = keys(of: index)
        guard names.count <= max else {
            throw Refusal(index, .tooMany, "The object has \(names.count) \(kind); at most \(max) are taken.")
        }
        for name in names {
            try checkName(name, self[name].text, kind: "a name", bytesMax: AdmissionLimits.nameBytesMax)
        }
        names.sort { self[$0].text.lexicographicallyPrecedes(self[$1].text) }
        if let key = firstRepeated(in: names) { throw repeatedKey(key) }
        return names
    }
}
