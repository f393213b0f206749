internal import Admission
internal import EventLog
public import SegmentModel

/// What a backup holds; also what its file `BACKUP` says.
public struct BackupReport: Equatable, Sendable {
    /// Where it lies.
    public var path: String
    /// When the copying began: every backup holds what was acknowledged by then.
    public var at: Instant
    public var audiences: [AudienceBackup]
    /// Bytes on disk.
    public var byteCount: Int { audiences.reduce(0) { $0 + $1.byteCount } }
}

/// One audience in a backup.
public struct AudienceBackup: Equatable, Sendable {
    public var id: String
    /// The last event in it; 0 if there is none.
    public var lastSequence: UInt64
    /// Definition records in it.
    public var definitions: Int
    /// Recipient lists in it, and the campaigns of those that were damaged already and are not in it.
    public var recipientLists: Int
    public var damagedLists: [String]
    /// Of the log's content: equal for equal events, in eight hexadecimal digits.
    public var digest: String
    public var byteCount: Int
}

/// The file `BACKUP`: what a backup held when it was written. A daemon that starts on it removes the file, since what
/// follows is no backup any more.
enum BackupManifest {
    static let name = "BACKUP"
    private static let version = 1

    static func text(of report: BackupReport) -> String {
        let audiences = report.audiences.map { audience in
            JSONValue.object([
                .init("id", .string(audience.id)), .init("lastSequence", .number(String(audience.lastSequence))),
                .init("definitions", .number(String(audience.definitions))),
                .init("recipientLists", .number(String(audience.recipientLists))),
                .init("digest", .string(audience.digest)),
            ])
        }
        return JSONValue.object([
            .init("format", .number(String(version))), .init("at", .string(report.at.description)),
            .init("audiences", .array(audiences)),
        ]).text + "\n"
    }

    /// What the file says of each audience; nil if there is no such file.
    static func read(_ directory: String) throws(AudienceError) -> [String: (lastSequence: UInt64, digest: String)]? {
        guard let bytes = FileBytes.read(directory + "/" + name) else { return nil }
        guard let json = try? JSONDocument.parse(bytes), case .array(let audiences)? = json["audiences"]
        else {
            throw AudienceError(.dataDamaged, "\(directory)/\(name) is not what was written.")
        }
        guard case .number("\(version)")? = json["format"] else {
            throw AudienceError(
                .unsupportedFormat,
                "\(directory)/\(name) is of another format; this version of segmentd reads format \(version).")
        }
        var found: [String: (UInt64, String)] = [:]
        for audience in audiences {
            guard let id = audience["id"]?.stringValue, let digest = audience["digest"]?.stringValue,
                case .number(let last)? = audience["lastSequence"], let lastSequence = UInt64(last)
            else { continue }
            found[id] = (lastSequence, digest)
        }
        return found
    }

    /// A checksum in eight hexadecimal digits.
    static func digits(_ digest: UInt32) -> String {
        let digits = String(digest, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}

/// How far a backup under way has come.
public struct BackupProgress: Equatable, Sendable {
    public var path: String
    public var startedAt: Instant
    /// The audience that is being copied, and how many are done of how many.
    public var audience: String
    public var audiencesDone: Int
    public var audiences: Int
}
