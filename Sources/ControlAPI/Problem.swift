/// What went wrong with a request: RFC 9457 problem details (`application/problem+json`).
public struct Problem: Error, Codable, Equatable, Sendable {
    /// A URI made of the code: `urn:segmentd:problem:segment_not_found`.
    public var type: String
    /// The kind of problem in a few words; the same for every problem of one code.
    public var title: String
    /// The HTTP status code.
    public var status: Int
    /// What was wrong here, and what to do about it.
    public var detail: String
    /// The stable, machine-readable name of the problem.
    public var code: String
    /// RFC 6901 pointer into the request's JSON body, where the problem lies in one place of it.
    public var pointer: String?
    /// Names like the one that was not found, nearest first.
    public var near: [String]?
    /// Names of what stands in the way: the segments that refer to the one to be deleted.
    public var related: [String]?
    /// Ingest only: what was taken before the request stopped. It stays taken.
    public var ingest: IngestAnswer?

    public init(
        code: ProblemCode, status: Int, title: String, detail: String, pointer: String? = nil, near: [String]? = nil,
        related: [String]? = nil, ingest: IngestAnswer? = nil
    ) {
        self.type = "urn:segmentd:problem:" + code.rawValue
        self.title = title
        self.status = status
        self.detail = detail
        self.code = code.rawValue
        self.pointer = pointer
        self.near = near
        self.related = related
        self.ingest = ingest
    }
}

/// The stable names of problems. An open set: the modules below the server add theirs, and so may newer servers.
public struct ProblemCode: RawRepresentable, Hashable, Sendable {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    // Of the request
    public static let notJSON = ProblemCode(rawValue: "not_json")
    public static let unknownKey = ProblemCode(rawValue: "unknown_key")
    public static let missingKey = ProblemCode(rawValue: "missing_key")
    public static let wrongType = ProblemCode(rawValue: "wrong_type")
    public static let badValue = ProblemCode(rawValue: "bad_value")
    public static let badParameter = ProblemCode(rawValue: "bad_parameter")
    public static let bodyTooLarge = ProblemCode(rawValue: "body_too_large")
    public static let bodyCutOff = ProblemCode(rawValue: "body_cut_off")
    public static let routeNotFound = ProblemCode(rawValue: "route_not_found")
    public static let methodNotAllowed = ProblemCode(rawValue: "method_not_allowed")
    public static let roleForbids = ProblemCode(rawValue: "role_forbids")
    /// The socket's list of users does not name the one who asks.
    public static let notAllowed = ProblemCode(rawValue: "not_allowed")
    public static let notAcceptable = ProblemCode(rawValue: "not_acceptable")
    public static let unsupportedMediaType = ProblemCode(rawValue: "unsupported_media_type")
    public static let headersTooLarge = ProblemCode(rawValue: "headers_too_large")
    public static let malformedRequest = ProblemCode(rawValue: "malformed_request")
    /// The client has kept the server waiting for too long.
    public static let requestTimeout = ProblemCode(rawValue: "request_timeout")
    /// The client's user has as many connections as one may have.
    public static let tooManyConnections = ProblemCode(rawValue: "too_many_connections")
    /// As many of these requests as may are under way.
    public static let busy = ProblemCode(rawValue: "busy")
    public static let tooManyProblems = ProblemCode(rawValue: "too_many_problems")
    // Of what is asked for
    public static let audienceNotFound = ProblemCode(rawValue: "audience_not_found")
    public static let segmentNotFound = ProblemCode(rawValue: "segment_not_found")
    public static let prebuiltNotFound = ProblemCode(rawValue: "prebuilt_not_found")
    /// No connected integration offers what a condition needs.
    public static let missingCapability = ProblemCode(rawValue: "missing_capability")
    public static let contactNotFound = ProblemCode(rawValue: "contact_not_found")
    /// An export names a column that is none.
    public static let unknownColumn = ProblemCode(rawValue: "unknown_column")
    /// The campaign has a recipient list of another segment.
    public static let campaignSent = ProblemCode(rawValue: "campaign_sent")
    public static let campaignNotFound = ProblemCode(rawValue: "campaign_not_found")
    /// A recipient list is not what was frozen.
    public static let listDamaged = ProblemCode(rawValue: "list_damaged")
    /// A later definition took the place of the one being saved.
    public static let superseded = ProblemCode(rawValue: "superseded")
    public static let revisionNotFound = ProblemCode(rawValue: "revision_not_found")
    /// The segment was edited after the author of this edit had looked at it.
    public static let revisionConflict = ProblemCode(rawValue: "revision_conflict")
    /// The clock is believed, so there is nothing to accept.
    public static let clockNotHeld = ProblemCode(rawValue: "clock_not_held")
    // Of one event line
    public static let conflict = ProblemCode(rawValue: "conflict")
    // Of the server
    public static let storageFull = ProblemCode(rawValue: "storage_full")
    public static let internalError = ProblemCode(rawValue: "internal_error")
}
