import Audiences
import ControlAPI

extension Problem {
    /// What an audience could not do, as the API says it.
    init(_ error: AudienceError) {
        let kind = Self.kinds[error.code] ?? Self.definition
        self.init(
            code: ProblemCode(rawValue: error.code.rawValue), status: kind.status, title: kind.title,
            detail: error.message, pointer: error.pointer)
        guard !error.related.isEmpty else { return }
        if kind.relatedIsNear { near = error.related } else { related = error.related }
    }

    private struct Kind {
        var status: Int
        var title: String
        /// Whether related names are those that may have been meant.
        var relatedIsNear = false
    }

    /// Codes that pass through from definitions.
    private static let definition = Kind(status: 422, title: "Invalid definition")

    private static let kinds: [AudienceError.Code: Kind] = [
        .audienceNotFound: Kind(status: 404, title: "No such audience", relatedIsNear: true),
        .segmentNotFound: Kind(status: 404, title: "No such segment", relatedIsNear: true),
        .contactNotFound: Kind(status: 404, title: "No such contact", relatedIsNear: true),
        .unknownSegment: Kind(status: 422, title: "Unknown segment", relatedIsNear: true),
        .campaignNotFound: Kind(status: 404, title: "No such campaign", relatedIsNear: true),
        .unknownColumn: Kind(status: 400, title: "Unknown column", relatedIsNear: true),
        .campaignSent: Kind(status: 409, title: "Campaign sent"),
        .listDamaged: Kind(status: 500, title: "Recipient list damaged"),
        .audienceExists: Kind(status: 409, title: "Audience exists"),
        .segmentExists: Kind(status: 409, title: "Segment exists"),
        .segmentInUse: Kind(status: 409, title: "Segment in use"),
        .prebuiltNotFound: Kind(status: 404, title: "No such prebuilt segment", relatedIsNear: true),
        .unknownPrebuilt: Kind(status: 422, title: "Unknown prebuilt segment", relatedIsNear: true),
        .unknownParameter: Kind(status: 422, title: "Unknown parameter", relatedIsNear: true),
        .parameterType: Kind(status: 422, title: "Wrong type of a parameter"),
        .parameterOutOfBounds: Kind(status: 422, title: "Parameter out of bounds"),
        .prebuiltSegment: Kind(status: 409, title: "Prebuilt segment"),
        .missingCapability: Kind(status: 422, title: "Missing capability"),
        .superseded: Kind(status: 409, title: "Superseded"),
        .revisionNotFound: Kind(status: 404, title: "No such revision"),
        .revisionConflict: Kind(status: 409, title: "Edited in between"),
        .rerunUnderWay: Kind(status: 503, title: "Busy"),
        .cancelled: Kind(status: 503, title: "Cancelled"),
        .automationLimit: Kind(status: 422, title: "Beyond automations"),
        .segmentCycle: Kind(status: 422, title: "Segment contains itself"),
        .invalidSetting: Kind(status: 422, title: "Invalid setting"),
        .invalidName: Kind(status: 422, title: "Invalid name"),
        .planLimit: Kind(status: 422, title: "Beyond the plan"),
        .invalidBackupPlace: Kind(status: 422, title: "Invalid place of a backup"),
        .backupExists: Kind(status: 409, title: "Place of a backup taken"),
        .backupUnderWay: Kind(status: 503, title: "Busy"),
        .fileFailed: Kind(status: 500, title: "File failed"),
        .storageFull: Kind(status: 507, title: "No room left"),
        .storageFailed: Kind(status: 500, title: "Storage failed"),
        .dataDamaged: Kind(status: 500, title: "Data damaged"),
        .directoryInUse: Kind(status: 500, title: "Data directory in use"),
        .unsupportedFormat: Kind(status: 500, title: "Unsupported format"),
    ]
}
