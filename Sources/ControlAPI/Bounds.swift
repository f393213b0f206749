/// The bounds of the control API; what is beyond them is refused, never cut silently.
public enum Bounds {
    /// A JSON body (a definition, settings) may be that long.
    public static let jsonBodyBytesMax = 1_048_576
    /// A body of one event or a CloudEvents batch, which is held in memory, may be that long; NDJSON is not bounded.
    public static let eventBatchBodyBytesMax = 16_777_216
    /// Request line and header fields together may be that long.
    public static let headerBytesMax = 81_920
    /// An ingest request lists that many problems; then it stops reading.
    public static let problemsPerRequestMax = 10_000
    /// A dry run of ingest looks at that many events, since it has to remember them; more are handed in as several.
    public static let dryRunEventsMax = 200_000
    /// Ingest appends in batches of at most that many lines …
    public static let batchLinesMax = 10_000
    /// … or that many bytes, whichever comes first.
    public static let batchBytesMax = 4_194_304
    /// The largest `limit` of any list.
    public static let pageMax = 1_000
    /// The `limit` of a list that names none.
    public static let pageDefault = 100
    /// The `limit` of a catalog that names none.
    public static let catalogDefault = 20
    /// Contacts shown by a review.
    public static let reviewSampleMax = 10
    /// Segments that one request may delete.
    public static let deletionSegmentsMax = 1_000
    /// Orders and activities shown of one contact, of each.
    public static let contactHistoryMax = 100
    /// Contacts shown of each difference between a recipient list and its segment.
    public static let comparisonSampleMax = 10
    /// A stream of members or recipients is cut off when whoever reads it has taken that long.
    public static let streamSecondsMax = 3_600
    /// Segments shown of one contact on a page.
    public static let contactSegmentsMax = 200
    /// Open connections of one socket; further ones wait to be accepted.
    public static let connectionsMax = 2_048
    /// Open connections of one user on one socket; further ones are refused.
    public static let connectionsPerUserMax = 1_536
    /// A head may take that long from its first byte to its last.
    public static let headSecondsMax = 5
    /// A body may stand still for that long.
    public static let bodySecondsMax = 30
    /// An answer, of which nothing is taken for that long, is broken off.
    public static let writeSecondsMax = 30
    /// A connection without a request for that long is closed.
    public static let idleSecondsMax = 60
    /// Streams of members or recipients under way at once; further ones are refused.
    public static let streamsMax = 64
    /// Bytes of bodies, events and problems that all requests of ingest hold together …
    public static let heldBytesMax = 268_435_456
    /// … beside which each may hold so many.
    public static let heldBytesOfOneMax = 65_536
    /// Reviews and differences under way at once; further ones are refused.
    public static let reviewsMax = 64
}
