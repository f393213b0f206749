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
    func campaignActivity(_ kind: CampaignActivityKind, at data: Int) throws(Refusal) -> CampaignActivity {
        let members = try members(of: data, as: CampaignMember.self)
        var activity = CampaignActivity(
            kind: kind, contact: try identifier(.contact, in: members), campaign: try identifier(.campaign, in: members)
        )
        if let token = optional(.url, in: members) {
            activity.url = try text(at: token, bytesMax: AdmissionLimits.urlBytesMax)
        }
        return activity
    }

    func recordedActivity(at data: Int) throws(Refusal) -> RecordedActivity {
        let members = try members(of: data, as: ActivityMember.self)
        var activity = RecordedActivity(
            contact: try identifier(.contact, in: members),
            name: try name(
                at: required(.name, in: members), kind: "a name", bytesMax: AdmissionLimits.nameBytesMax))
        if let token = optional(.properties, in: members) {
            for name in try names(of: token, max: AdmissionLimits.propertiesMax, kind: "properties") {
                let value = try propertyValue(at: name + 1)
                activity.properties.append(ActivityProperty(name: self[name].string, value: value))
            }
        }
        return activity
    }

    private func propertyValue(at index: Int) throws(Refusal) -> PropertyValue {
        switch self[index].kind {
        case .string: return .text(try text(at: index))
        case .number: return .number(try number(at: index))
        case .true: return .boolean(true)
        case .false: return .boolean(false)
        case .null, .object, .array, .key: throw wrongType(index, expected: "a text, number or boolean")
        }
    }

    func integrationConnection(at data: Int) throws(Refusal) -> IntegrationConnection {
        let members = try members(of: data, as: ConnectionMember.self)
        var connection = IntegrationConnection(
            integration: try identifier(.integration, in: members),
            platform: try identifier(.platform, in: members).text)
        connection.stores = try list(
            at: required(.stores, in: members), max: AdmissionLimits.storesMax, of: "stores"
        ) { (store) throws(Refusal) in try self.store(at: store) }
        if let token = optional(.capabilities, in: members) {
            connection.capabilities = try list(
                at: token, max: AdmissionLimits.capabilitiesMax, of: "capabilities"
            ) { (capability) throws(Refusal) in
                try name(at: capability, kind: "a capability", bytesMax: AdmissionLimits.nameBytesMax)
            }
        }
        return connection
    }

    private func store(at index: Int) throws(Refusal) -> IntegrationConnection.Store {
        let members = try members(of: index, as: StoreMember.self)
        var store = IntegrationConnection.Store(
            store: try identifier(.store, in: members), name: try optionalText(.name, in: members))
        if let token = optional(.currency, in: members) { store.currency = try currency(at: token) }
        store.timezone = try optionalIdentifier(.timezone, in: members)?.text
        return store
    }

    func disconnectedIntegration(at data: Int) throws(Refusal) -> Identifier {
        try identifier(.integration, in: members(of: data, as: DisconnectionMember.self))
    }
}
