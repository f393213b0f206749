import SegmentModel

enum CampaignMember: Int, MemberKey {
    case contact, campaign, url

    static let table = MemberTable<CampaignMember>()
}

enum ActivityMember: Int, MemberKey {
    case contact, name, properties

    static let table = MemberTable<ActivityMember>()
}

enum ConnectionMember: Int, MemberKey {
    case integration, platform, stores, capabilities

    static let table = MemberTable<ConnectionMember>()
}

enum StoreMember: Int, MemberKey {
    case store, name, currency, timezone

    static let table = MemberTable<StoreMember>()
}

enum DisconnectionMember: Int, MemberKey {
    case integration

    static let table = MemberTable<DisconnectionMember>()
}

extension JSONTokens {
    func campaignActivity(at data: Int, to form: inout EventWriter) throws(Refusal) {
        let members = try members(of: data, as: CampaignMember.self)
        let url = optional(.url, in: members)
        form.byte(url == nil ? 0 : 1)
        try identifier(.contact, in: members, to: &form)
        try identifier(.campaign, in: members, to: &form)
        if let url { try text(at: url, bytesMax: AdmissionLimits.urlBytesMax, to: &form) }
    }

    func recordedActivity(at data: Int, to form: inout EventWriter) throws(Refusal) {
        let members = try members(of: data, as: ActivityMember.self)
        try identifier(.contact, in: members, to: &form)
        form.text(
            try name(
                at: required(.name, in: members), kind: "a name", bytesMax: AdmissionLimits.nameBytesMax))
        guard let token = optional(.properties, in: members) else { return form.count(0) }
        let names = try names(of: token, max: AdmissionLimits.propertiesMax, kind: "properties")
        form.count(names.count)
        for name in names {
            form.text(self[name].raw)
            try propertyValue(at: name + 1, to: &form)
        }
    }

    private func propertyValue(at index: Int, to form: inout EventWriter) throws(Refusal) {
        switch self[index].kind {
        case .string:
            form.value(.text)
            try text(at: index, to: &form)
        case .number:
            form.value(.number)
            form.number(try number(at: index))
        case .true: form.boolean(true)
        case .false: form.boolean(false)
        case .null, .object, .array, .key: throw wrongType(index, expected: "a text, number or boolean")
        }
    }

    func integrationConnection(at data: Int, to form: inout EventWriter) throws(Refusal) {
        let members = try members(of: data, as: ConnectionMember.self)
        try identifier(.integration, in: members, to: &form)
        try identifier(.platform, in: members, to: &form)
        try list(at: required(.stores, in: members), max: AdmissionLimits.storesMax, of: "stores", to: &form) {
            (store, form) throws(Refusal) in try self.store(at: store, to: &form)
        }
        let capabilities = optional(.capabilities, in: members)
        form.byte(capabilities == nil ? 0 : 1)
        guard let capabilities else { return }
        try list(at: capabilities, max: AdmissionLimits.capabilitiesMax, of: "capabilities", to: &form) {
            (capability, form) throws(Refusal) in
            form.text(try name(at: capability, kind: "a capability", bytesMax: AdmissionLimits.nameBytesMax))
        }
    }

    private func store(at index: Int, to form: inout EventWriter) throws(Refusal) {
        let members = try members(of: index, as: StoreMember.self)
        let bits = form.size
        form.byte(0)
        try identifier(.store, in: members, to: &form)
        if let name = optional(.name, in: members) {
            form.set(EventFormat.storeHasName, at: bits)
            try text(at: name, to: &form)
        }
        if let currency = optional(.currency, in: members) {
            form.set(EventFormat.storeHasCurrency, at: bits)
            try self.currency(at: currency, to: &form)
        }
        if let timezone = optional(.timezone, in: members) {
            form.set(EventFormat.storeHasTimezone, at: bits)
            form.text(try identifier(at: timezone))
        }
    }

    func disconnectedIntegration(at data: Int, to form: inout EventWriter) throws(Refusal) {
        try identifier(.integration, in: members(of: data, as: DisconnectionMember.self), to: &form)
    }
}
