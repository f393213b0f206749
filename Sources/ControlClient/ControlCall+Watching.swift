public import ControlAPI

extension ControlCall where Answer == String {
    /// Metrics, as text for Prometheus.
    public static var metrics: Self {
        Self(
            method: .get, target: Routes.metrics, body: .none, contentType: nil, accept: MediaType.text,
            decode: { String(decoding: $0, as: UTF8.self) })
    }
}

extension ControlCall where Answer == VerificationAnswer {
    /// Derives all contacts anew from the log and compares them with the live state; takes minutes for millions of events,
    /// and ends with the connection.
    public static func verification(of audience: String) -> Self {
        Self(.post, Routes.verification(of: audience))
    }
}
