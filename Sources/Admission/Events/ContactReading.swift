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
    /// - Returns: whether it gives values to custom fields.
    func contactChange(at data: Int, to form: inout EventWriter) throws(Refusal) -> Bool {
        let members = try members(of: data, as: ContactMember.self)
        try identifier(.contact, in: members, to: &form)
        let known = ContactMember.attributes.count { members[$0.0] != nil }
        let custom = members[.fields].map { memberCount(of: $0) } ?? 0
        form.count(known + custom)
        for (member, attribute) in ContactMember.attributes {
            guard let token = members[member] else { continue }
            form.byte(attribute.code)
            if self[token].kind == .null {
                form.value(.null)
            } else {
                try value(of: attribute, at: token, to: &form)
            }
        }
        if let token = members[.fields] { try customFields(at: token, to: &form) }
        if let token = members[.tags] {
            try tagChange(at: token, to: &form)
        } else {
            form.byte(TagCode.unchanged.rawValue)
        }
        return custom > 0
    }

    func erasedContact(at data: Int, to form: inout EventWriter) throws(Refusal) {
        try identifier(.contact, in: members(of: data, as: ErasureMember.self), to: &form)
    }

    private func value(of attribute: KnownAttribute, at index: Int, to form: inout EventWriter) throws(Refusal) {
        switch attribute {
        case .vip: form.boolean(try boolean(at: index))
        case .rating: try value(rating(at: index), to: &form)
        case .latitude: try value(degrees(at: index, max: AdmissionLimits.latitudeMax), to: &form)
        case .longitude: try value(degrees(at: index, max: AdmissionLimits.longitudeMax), to: &form)
        case .signedUpAt:
            form.value(.instant)
            form.instant(try instant(at: index))
        case .birthday:
            let day = try birthday(at: index)
            form.value(.birthday)
            form.count(day.month)
            form.count(day.day)
        case .email:
            form.value(.text)
            try email(at: index, to: &form)
        case .status:
            // What is one of the choices is spelt as it is.
            _ = try choice(at: index, of: ContactStatus.self)
            form.value(.text)
            form.text(self[index].raw)
        case .language, .country, .region, .city, .zip, .signupSource:
            form.value(.text)
            try text(at: index, to: &form)
        }
    }

    private func value(_ number: Number, to form: inout EventWriter) {
        form.value(.number)
        form.number(number)
    }

    /// Only what an address cannot do without; whether mail arrives is for the mail tool to find out.
    private func email(at index: Int, to form: inout EventWriter) throws(Refusal) {
        try text(at: index, bytesMax: AdmissionLimits.emailBytesMax, to: &form)
        let bytes = self[index].text
        guard let at = bytes.lastIndex(of: UInt8(ascii: "@")), at > 0, at < bytes.count - 1, !bytes.hasControlCharacter
        else {
            throw Refusal(
                index, .invalidEmail,
                "\(quoted(bytes)) is not an e-mail address; something@something is expected, or null to clear it.")
        }
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

    private func birthday(at index: Int) throws(Refusal) -> MonthDay {
        let token = self[index]
        guard token.kind == .string else { throw wrongType(index, expected: "a text with month and day, \"MM-DD\",") }
        do { return try MonthDay(text: token.raw) } catch {
            throw Refusal(index, .invalidBirthday, error.message)
        }
    }

    /// Custom fields in the order of the bytes of their names.
    private func customFields(at index: Int, to form: inout EventWriter) throws(Refusal) {
        for name in try names(of: index, max: AdmissionLimits.fieldsMax, kind: "fields") {
            form.byte(0)
            form.text(self[name].raw)
            try customValue(at: name + 1, to: &form)
        }
    }

    private func customValue(at index: Int, to form: inout EventWriter) throws(Refusal) {
        switch self[index].kind {
        case .null: form.value(.null)
        case .string:
            form.value(.text)
            try text(at: index, to: &form)
        case .number: try value(number(at: index), to: &form)
        case .true: form.boolean(true)
        case .false: form.boolean(false)
        case .array:
            form.value(.list)
            try list(at: index, max: AdmissionLimits.listTextsMax, of: "texts", to: &form) {
                (element, form) throws(Refusal) in try text(at: element, to: &form)
            }
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
