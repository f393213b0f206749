import FoundationEssentials
public import SegmentModel

extension TimeZoneRules {
    /// The rules of a zone as this system has them.
    public static func installed(_ name: String) throws -> TimeZoneRules {
        try TimeZoneRules(
            name: name, tzif: Array(try Data(contentsOf: URL(fileURLWithPath: "/usr/share/zoneinfo/" + name))))
    }
}
