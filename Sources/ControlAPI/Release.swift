/// Which segmentd this is.
public enum Release {
    /// Of the daemon, its tools and this API.
    public static let version = "0.1.0"
}
