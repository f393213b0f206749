/// Why an audience could not do what was asked: a stable code, a sentence, and where in the request.
public struct AudienceError: Error, Equatable, Sendable {
    /// What kind of failure; stable, for programs.
    public var code: Code
    /// A full sentence: what is wrong and what to do.
    public var message: String
    /// JSON pointer into the request, where there is one.
    public var pointer: String?
    /// Names that help: the segments that refer to this one, the nearest known names.
    public var related: [String]

    public init(_ code: Code, _ message: String, pointer: String? = nil, related: [String] = []) {
        self.code = code
        self.message = message
        self.pointer = pointer
        self.related = related
    }

    /// An open set of codes; those of `DefinitionError` pass through with their own text.
    public struct Code: RawRepresentable, Hashable, Sendable {
        public let rawValue: String

        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        public static let audienceNotFound = Code(rawValue: "audience_not_found")
        public static let audienceExists = Code(rawValue: "audience_exists")
        public static let invalidSetting = Code(rawValue: "invalid_setting")
        public static let segmentNotFound = Code(rawValue: "segment_not_found")
        public static let segmentExists = Code(rawValue: "segment_exists")
        public static let segmentInUse = Code(rawValue: "segment_in_use")
        public static let segmentCycle = Code(rawValue: "segment_cycle")
        public static let unknownSegment = Code(rawValue: "unknown_segment")
        public static let invalidName = Code(rawValue: "invalid_name")
        public static let planLimit = Code(rawValue: "plan_limit")
        /// A template named in a path, or in a request.
        public static let prebuiltNotFound = Code(rawValue: "prebuilt_not_found")
        public static let unknownPrebuilt = Code(rawValue: "unknown_prebuilt")
        /// A prebuilt segment cannot be edited so, or deleted.
        public static let prebuiltSegment = Code(rawValue: "prebuilt_segment")
        public static let unknownParameter = Code(rawValue: "unknown_parameter")
        public static let parameterType = Code(rawValue: "parameter_type")
        public static let parameterOutOfBounds = Code(rawValue: "parameter_out_of_bounds")
        /// No connected integration offers what a condition needs.
        public static let missingCapability = Code(rawValue: "missing_capability")
        /// Automations take flat segments only.
        public static let automationLimit = Code(rawValue: "automation_limit")
        public static let revisionNotFound = Code(rawValue: "revision_not_found")
        /// The segment was edited after its author had looked at it.
        public static let revisionConflict = Code(rawValue: "revision_conflict")
        /// The segment is being recomputed already.
        public static let rerunUnderWay = Code(rawValue: "rerun_under_way")
        /// Whoever asked has gone.
        public static let cancelled = Code(rawValue: "cancelled")
        /// A later definition took the place of the one being saved.
        public static let superseded = Code(rawValue: "superseded")
        public static let contactNotFound = Code(rawValue: "contact_not_found")
        /// The disk or the map has no room; nothing of the request was stored.
        public static let storageFull = Code(rawValue: "storage_full")
        /// The store failed in a way that a restart may mend.
        public static let storageFailed = Code(rawValue: "storage_failed")
        /// Stored data is not what was written; named by audience and sequence.
        public static let dataDamaged = Code(rawValue: "data_damaged")
        /// Another process has the data directory open.
        public static let directoryInUse = Code(rawValue: "directory_in_use")
        /// The directory is not one of segmentd's, or of a newer version.
        public static let unsupportedFormat = Code(rawValue: "unsupported_format")
    }
}
