internal import SegmentModel

/// A place in a condition that needs a capability.
struct NeededCapability: Equatable, Sendable {
    let capability: Capability
    /// JSON pointer into the definition.
    let path: String
}

extension Condition {
    /// What the condition itself needs, in order of appearance; not what segments need that it refers to.
    func neededCapabilities(at path: String = "") -> [NeededCapability] {
        switch self {
        case .all(let children): Self.needed(by: children, at: path + "/all")
        case .any(let children): Self.needed(by: children, at: path + "/any")
        case .not(let child): child.neededCapabilities(at: path + "/not")
        case .activity(let activity): activity.neededCapabilities(at: path)
        case .field, .tag, .segment: []
        }
    }

    private static func needed(by children: [Condition], at path: String) -> [NeededCapability] {
        children.enumerated().flatMap { index, child in child.neededCapabilities(at: path + "/\(index)") }
    }
}

extension ActivityCondition {
    fileprivate func neededCapabilities(at path: String) -> [NeededCapability] {
        guard activity == .order else { return [] }
        let vendors = filters.indices.filter { filters[$0].field == .line(.vendor) }
            .map { NeededCapability(capability: .vendor, path: path + "/where/\($0)") }
        return vendors + (isCounting ? [NeededCapability(capability: .orderCount, path: path)] : [])
    }

    /// Whether it tells numbers of orders apart, and not just some from none.
    private var isCounting: Bool {
        guard measure == .count, case .number(let test) = test else { return false }
        switch test {
        case .atLeast(Number(1)), .greaterThan(.zero), .isNot(.zero): return false
        case .is(.zero), .atMost(.zero), .lessThan(Number(1)), .lessThan(.zero): return false
        // A count is never blank.
        case .isBlank, .isNotBlank: return false
        default: return true
        }
    }
}

extension IntegrationEvents {
    /// Places of a condition that need what no connected integration offers.
    ///
    /// None in an audience that no integration ever sent its events to: whoever hands in files knows what is in them.
    func missing(for condition: Condition) -> [NeededCapability] {
        let needed = condition.neededCapabilities()
        guard platforms != nil, !needed.isEmpty, !isEmpty else { return [] }
        let offered = Set(
            integrations.compactMap(\.present).filter(\.isConnected).flatMap(\.capabilities))
        return needed.filter { !offered.contains($0.capability.rawValue) }
    }

    /// Why it is missing, who would offer it, and which pending integration will, from when on.
    func explanation(of missing: NeededCapability) -> String {
        let capability = missing.capability
        return """
            \(capability.need), and no connected integration of this audience does. \
            \(providers(of: capability)) \(outlook(for: capability))
            """
    }

    private func providers(of capability: Capability) -> String {
        let names = platforms?.platforms(offering: capability).joined(separator: ", ") ?? ""
        let others = platforms?.isOfferedByOthers(capability) == true ? ", and any that is not listed" : ""
        return
            "Platforms that do: \(names)\(others); any integration may name “\(capability.rawValue)” in its capabilities."
    }

    private func outlook(for capability: Capability) -> String {
        let coming =
            integrations
            .flatMap { integration in integration.pending.map { (integration.id, $0) } }
            .filter { $0.1.isConnected && $0.1.capabilities.contains(capability.rawValue) }
            .min { $0.1.sequence < $1.1.sequence }
        guard let (id, state) = coming, let connection = state.connection else {
            return "No integration that is on its way will bring it."
        }
        let name = connection.stores.lazy.compactMap(\.name).first ?? id.text
        return "The shop “\(name)” (\(connection.platform)) will bring it at \(state.visibleAt)."
    }
}

extension Capability {
    /// What the condition needs, as the beginning of a sentence.
    fileprivate var need: String {
        switch self {
        case .vendor: "A filter by vendor needs an integration that tells the vendors of products"
        case .orderCount: "Counting orders needs an integration that tells every single order"
        }
    }
}
