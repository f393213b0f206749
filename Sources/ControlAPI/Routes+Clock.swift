extension Routes {
    /// How the daemon's time and the system's clock stand to each other.
    public static let clock = "/v1/clock"
    /// `POST` here believes a clock that jumped ahead.
    public static let clockAcceptance = clock + "/accept"
}

extension Routes.Template {
    public static let clock = Routes.clock
    public static let clockAcceptance = Routes.clockAcceptance
}
