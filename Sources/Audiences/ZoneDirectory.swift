internal import EventLog
internal import Glibc
package import SegmentModel

/// The system's time zones: TZif files (RFC 9636) in a directory such as `/usr/share/zoneinfo`.
package struct ZoneDirectory: Sendable {
    let path: String

    package init(path: String) {
        self.path = path
    }

    /// The rules of a zone.
    ///
    /// - Parameter name: an IANA name such as `Europe/London`.
    package func rules(of name: String) throws(AudienceError) -> TimeZoneRules {
        if name == "UTC" { return .utc }
        guard Self.isPlausible(name), let bytes = read(path + "/" + name) else {
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

    private func read(_ path: String) -> [UInt8]? {
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
