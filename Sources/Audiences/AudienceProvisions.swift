/// What the daemon's configuration gives every audience.
public struct AudienceProvisions: Equatable, Sendable {
    /// The templates of prebuilt segments, each of which is a segment of every audience.
    public var templates: [SegmentTemplate]
    /// What integrations offer; nil: conditions are not checked for it.
    public var platforms: PlatformCapabilities?

    public init(templates: [SegmentTemplate] = [], platforms: PlatformCapabilities? = nil) {
        self.templates = templates
        self.platforms = platforms
    }
}
