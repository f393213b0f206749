internal import SegmentModel

extension AudienceSettings {
    /// Refuses settings that cannot be meant, naming the key.
    func check() throws(AudienceError) {
        guard !name.isEmpty, name.utf8.count <= DefinitionBook.nameBytesMax,
            !name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else {
            throw AudienceError(
                .invalidSetting,
                "An audience's name has 1 to \(DefinitionBook.nameBytesMax) bytes and no control characters.",
                pointer: "/name")
        }
        guard currency.utf8.count == 3, currency.utf8.allSatisfy({ (65...90).contains($0) }) else {
            throw AudienceError(
                .invalidSetting, "“\(currency)” is not a currency code: give three capital letters such as EUR.",
                pointer: "/currency")
        }
        guard (0...Self.visibilityDelayMax).contains(visibilityDelayMicroseconds) else {
            throw AudienceError(
                .invalidSetting, "The visibility delay is between PT0S and P30D.", pointer: "/visibilityDelay")
        }
        guard !countedStatuses.isEmpty else {
            throw AudienceError(
                .invalidSetting, "At least one order status must count.", pointer: "/countedStatuses")
        }
        guard fieldTypes.count <= Self.fieldTypesMax else {
            throw AudienceError(
                .invalidSetting, "At most \(Self.fieldTypesMax) fields can be declared.", pointer: "/fields")
        }
    }

    private static let fieldTypesMax = 1_000

    func evaluationContext(zones: ZoneDirectory) throws(AudienceError) -> EvaluationContext {
        evaluationContext(zone: try zones.rules(of: timezone))
    }

    /// - Parameter zone: the rules to go by.
    func evaluationContext(zone: TimeZoneRules) -> EvaluationContext {
        EvaluationContext(
            zone: zone, currency: currency, countedStatuses: countedStatuses, fieldTypes: fieldTypes)
    }
}
