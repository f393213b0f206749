/// The answer to `GET …/settings/history`: every change of an audience's settings, the oldest first.
public struct SettingsHistoryAnswer: Codable, Equatable, Sendable {
    public var changes: [SettingsChangeAnswer]

    public init(changes: [SettingsChangeAnswer]) {
        self.changes = changes
    }
}

/// What changed at one instant. The first change is the creation: all settings, none of which was anything before.
public struct SettingsChangeAnswer: Codable, Equatable, Sendable {
    public var at: String
    public var settings: [SettingAnswer]

    public init(at: String, settings: [SettingAnswer]) {
        self.at = at
        self.settings = settings
    }
}

/// One setting before and after.
public struct SettingAnswer: Codable, Equatable, Sendable {
    /// `timezone`, `countedStatuses`, `fields.points` …
    public var setting: String
    /// As text; absent where the setting did not exist.
    public var before: String?
    public var after: String?

    public init(setting: String, before: String? = nil, after: String? = nil) {
        self.setting = setting
        self.before = before
        self.after = after
    }
}
