public import SegmentModel

/// What became of an audience's settings, from its creation on.
struct SettingsHistory: Sendable {
    private(set) var changes: [SettingsChange] = []
    private var present: AudienceSettings?

    /// Takes settings that are stored.
    mutating func apply(_ settings: AudienceSettings, at: Instant) {
        changes.append(SettingsChange(at: at, before: present, after: settings))
        present = settings
    }
}

/// One change of an audience's settings; it is a definition in the log, so replays see it at its instant.
public struct SettingsChange: Equatable, Sendable {
    public var at: Instant
    /// Nil for the settings the audience was created with.
    public var before: AudienceSettings?
    public var after: AudienceSettings
}

extension Audience {
    /// Every change of the settings, the oldest first.
    public func settingsHistory() async -> [SettingsChange] {
        await snapshot().book.settingsHistory.changes
    }
}
