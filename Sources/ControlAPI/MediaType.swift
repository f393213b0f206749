/// The media types that the control API takes and gives.
public enum MediaType {
    public static let json = "application/json"
    public static let problem = "application/problem+json"
    /// One event per line.
    public static let ndjson = "application/x-ndjson"
    /// One event.
    public static let cloudEvent = "application/cloudevents+json"
    /// A JSON array of events.
    public static let cloudEventsBatch = "application/cloudevents-batch+json"
    public static let csv = "text/csv"
    public static let text = "text/plain"
}

/// Header fields of the control API that no standard names.
public enum HeaderName {
    /// On a streamed member list: the frontier it was computed at, in RFC 3339.
    public static let frontier = "Segmentd-Frontier"
    /// On a streamed member list: how many members the segment had at that frontier.
    public static let count = "Segmentd-Count"
}
