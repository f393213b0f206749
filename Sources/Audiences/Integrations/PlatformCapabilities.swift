internal import SegmentModel

/// Something that conditions may need and not every integration can tell.
public enum Capability: String, CaseIterable, Sendable {
    /// The vendors of products.
    case vendor
    /// Every single order, so that they can be counted.
    case orderCount
}

/// What the integrations of each platform can tell, unless they say so themselves.
public struct PlatformCapabilities: Equatable, Sendable {
    private let platforms: [String: Set<Capability>]
    private let others: Set<Capability>

    /// Reads a file; one that makes no sense is an error that names file and place.
    ///
    /// ```
    /// {"platforms": {"shopify": ["orderCount", "vendor"], …}, "otherPlatforms": ["orderCount"]}
    /// ```
    public static func read(file: String) throws(AudienceError) -> PlatformCapabilities {
        try PlatformCapabilities(json: ConfigurationObject.document(file), file: file)
    }

    init(json: JSONValue, file: String) throws(AudienceError) {
        let object = try ConfigurationObject(json, keys: ["platforms", "otherPlatforms"], file: file)
        others = try Self.capabilities("otherPlatforms", of: object)
        let names = try object.required("platforms").members?.map(\.key) ?? []
        let list = try ConfigurationObject(
            try object.required("platforms"), keys: names, file: file, pointer: object.path("platforms"))
        var platforms: [String: Set<Capability>] = [:]
        for name in names { platforms[Self.key(name)] = try Self.capabilities(name, of: list) }
        self.platforms = platforms
    }

    private static func capabilities(
        _ key: String, of object: ConfigurationObject
    ) throws(AudienceError) -> Set<Capability> {
        var capabilities: Set<Capability> = []
        for text in try object.texts(key) {
            guard let capability = Capability(rawValue: text) else {
                let known = Capability.allCases.map(\.rawValue).joined(separator: ", ")
                throw object.fault("“\(text)” is no capability; known are \(known)", at: key)
            }
            capabilities.insert(capability)
        }
        return capabilities
    }

    /// Platforms are named whatever their case.
    private static func key(_ platform: String) -> String { TextFolding.folded(platform) }

    /// What an integration offers: what its event says, else what its platform is known for.
    func offered(by connection: IntegrationConnection) -> Set<Capability> {
        if let said = connection.capabilities { return Set(said.compactMap { Capability(rawValue: $0) }) }
        return platforms[Self.key(connection.platform)] ?? others
    }

    /// The platforms that are known for it, sorted.
    func platforms(offering capability: Capability) -> [String] {
        platforms.filter { $0.value.contains(capability) }.keys.sorted()
    }

    /// Whether platforms that are not named offer it.
    func isOfferedByOthers(_ capability: Capability) -> Bool { others.contains(capability) }
}
