public import ControlAPI

extension ControlCall where Answer == PrebuiltList {
    /// The templates of prebuilt segments, with the audience's own segment of each.
    public static func prebuilt(of audience: String) -> Self {
        Self(.get, Routes.prebuilt(of: audience))
    }
}

extension ControlCall where Answer == PrebuiltAnswer {
    /// One template.
    public static func prebuilt(_ name: String, of audience: String) -> Self {
        Self(.get, Routes.prebuilt(name, of: audience))
    }
}

extension ControlCall where Answer == IntegrationsAnswer {
    /// The integrations that send the audience's events.
    public static func integrations(of audience: String) -> Self {
        Self(.get, Routes.integrations(of: audience))
    }
}
