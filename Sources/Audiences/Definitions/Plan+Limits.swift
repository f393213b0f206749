internal import SegmentModel

extension Plan {
    /// Conditions a definition may have.
    var conditionCountMax: Int {
        switch self {
        case .free, .essentials: 5
        case .standard, .premium: 1_000
        }
    }

    /// Levels a definition may have; free and essentials have one flat `all` or `any`.
    static let depthMax = 16

    /// Refuses a definition that the plan does not allow.
    func check(_ condition: Condition) throws(AudienceError) {
        let count = condition.conditionCount
        guard count <= conditionCountMax else {
            throw AudienceError(
                .planLimit,
                "The plan “\(rawValue)” allows \(conditionCountMax) conditions in a segment; this one has \(count).",
                pointer: "/where")
        }
        switch self {
        case .free, .essentials:
            guard condition.isFlat else {
                throw AudienceError(
                    .planLimit,
                    "The plan “\(rawValue)” allows one flat “all” or “any”; nesting needs the plan “standard” or “premium”.",
                    pointer: "/where")
            }
        case .standard, .premium:
            guard condition.depth <= Self.depthMax else {
                throw AudienceError(
                    .planLimit,
                    "A segment may be nested \(Self.depthMax) levels deep; this one has \(condition.depth).",
                    pointer: "/where")
            }
        }
    }

    /// Refuses a definition that automations cannot use, whatever the plan.
    static func checkAutomation(_ condition: Condition) throws(AudienceError) {
        guard condition.isFlat else {
            throw AudienceError(
                .automationLimit,
                "A segment for automations is one flat “all” or “any” in every plan; this one is nested. Make it flat, or save it without the mark for automations.",
                pointer: "/where")
        }
    }
}
