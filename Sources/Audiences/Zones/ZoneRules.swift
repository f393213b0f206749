internal import EventLog
internal import LMDB
internal import SegmentEngine
internal import SegmentModel

/// Which rules an audience's time zone has.
public struct ZoneRules: Equatable, Sendable {
    /// The zone's name.
    public var name: String
    /// The edition of the system's time zone data, such as `2025b`; nil if it does not say.
    public var edition: String?
    /// Of the zone's offsets: what counts, whatever the edition.
    public var checksum: UInt32

    init(_ rules: TimeZoneRules, edition: String?) {
        name = rules.name
        self.edition = edition
        checksum = rules.checksum
    }

    /// Whether the other are other rules of the same zone.
    func differ(from other: ZoneRules) -> Bool {
        name == other.name && checksum != other.checksum
    }
}

/// The rules an audience goes by, and those they took the place of.
public struct ZoneStatus: Equatable, Sendable {
    public var rules: ZoneRules
    /// Set if this process found other rules for the same zone than those before: memberships were computed anew.
    public var replaced: ZoneRules?
}

/// The file `zone` of an audience: the rules that its memberships were computed with. Derived: without it a change of the
/// rules goes unnamed, and counts all the same.
struct ZoneFile {
    let path: String
    private let steps: DurableSteps
    private static let head = "segmentd zone, format 1"

    init(directory: String, steps: DurableSteps) {
        self.steps = steps
        path = directory + "/zone"
    }

    func read() -> ZoneRules? {
        let lines = FileText.read(path)?.split(separator: "\n").map { String($0) } ?? []
        guard lines.count == 4, lines[0] == Self.head, lines[1].hasPrefix("name "), lines[2].hasPrefix("edition "),
            lines[3].hasPrefix("checksum "), let checksum = UInt32(lines[3].dropFirst("checksum ".count))
        else { return nil }
        let edition = lines[2].dropFirst("edition ".count)
        return ZoneRules(
            name: String(lines[1].dropFirst("name ".count)), edition: edition == "unknown" ? nil : String(edition),
            checksum: checksum)
    }

    /// Keeps the rules, durably. A disk that is full is no reason not to start: they are found to differ again.
    func write(_ rules: ZoneRules) {
        let lines = [
            Self.head, "name \(rules.name)", "edition \(rules.edition ?? "unknown")", "checksum \(rules.checksum)",
        ]
        try? FileText.write(lines.joined(separator: "\n") + "\n", to: path, steps)
    }
}

extension ZoneRules {
    fileprivate init(name: String, edition: String?, checksum: UInt32) {
        self.name = name
        self.edition = edition
        self.checksum = checksum
    }
}
