extension Routes {
    /// Metrics as text for Prometheus.
    public static let metrics = "/metrics"

    /// `POST` here derives all contacts anew from the log and compares them with the live state.
    public static func verification(of audience: String) -> String {
        self.audience(audience) + "/verification"
    }
}

extension Routes.Template {
    public static let metrics = Routes.metrics
    public static let verification = audience + "/verification"
}
