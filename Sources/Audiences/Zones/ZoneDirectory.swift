internal import EventLog
internal import Glibc
package import SegmentModel
internal import Synchronization

/// The system's time zones: TZif files (RFC 9636) in a directory such as `/usr/share/zoneinfo`.
package struct ZoneDirectory: Sendable {
    let path: String
    private let known = KnownRules()

    package init(path: String) {
        self.path = path
    }

    /// The rules of a zone. Read once: an instant means the same until somebody asks for the files to be read again.
    ///
    /// - Parameter name: an IANA name such as `Europe/London`.
    package func rules(of name: String) throws(AudienceError) -> TimeZoneRules {
        if let known = known.rules.withLock({ $0[name] }) { return known }
        let rules = try read(name)
        known.rules.withLock { $0[name] = rules }
        return rules
    }

    /// The rules of a zone as its file says them now; those of all others are read anew when they are next needed.
    func readAgain(_ name: String) throws(AudienceError) -> TimeZoneRules {
        let rules = try read(name)
        known.rules.withLock { $0 = [name: rules] }
        return rules
    }

    /// The edition of the time zone data, such as `2025b`; nil if the directory does not say.
    func edition() -> String? {
        // `# version 2025b` on the first line of the one, or the edition alone in the other.
        if let head = FileText.read(path + "/tzdata.zi")?.prefix(while: { $0 != "\n" }), head.hasPrefix(Self.version) {
            return Self.word(head.dropFirst(Self.version.count))
        }
        return FileText.read(path + "/+VERSION").flatMap { Self.word($0.prefix { $0 != "\n" }) }
    }

    private static let version = "# version "

    /// The text if it is a short plain word.
    private static func word(_ text: Substring) -> String? {
        let isPlain = text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        return isPlain && (1...32).contains(text.utf8.count) ? String(text) : nil
    }

    private func read(_ name: String) throws(AudienceError) -> TimeZoneRules {
        if name == "UTC" { return .utc }
        guard Self.isPlausible(name), let bytes = bytes(of: path + "/" + name) else {
            throw AudienceError(
                .invalidSetting,
                "There is no time zone “\(name)” in \(path). Give an IANA name such as Europe/London or UTC.",
                pointer: "/timezone")
        }
        do {
            return try TimeZoneRules(name: name, tzif: bytes)
        } catch {
            throw AudienceError(
                .invalidSetting, "The time zone “\(name)” cannot be read: \(error.message)", pointer: "/timezone")
        }
    }

    /// Names have letters, digits, `+ - _ /`; nothing that could leave the directory.
    private static func isPlausible(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 64 && !name.hasPrefix("/") && !name.contains("..")
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"),
                    UInt8(ascii: "_"), UInt8(ascii: "/"):
                    true
                default: false
                }
            }
    }

    private func bytes(of path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: Self.fileBytesMax)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        return count > 0 ? Array(bytes[..<count]) : nil
    }

    /// The largest zone file known is under 4 KiB.
    private static let fileBytesMax = 65_536
}

/// Rules that were read already.
private final class KnownRules: Sendable {
    let rules = Mutex<[String: TimeZoneRules]>([:])
}
