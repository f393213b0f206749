import Audiences
import ControlServer
import Logging
import SegmentModel

/// What the daemon is told by options, environment and configuration file.
///
/// ## Configuration keys
///
/// - `data`: directory of the audiences, default `/var/lib/segmentd`.
/// - `socket`: path of the operator socket, default `/run/segmentd/operator.sock`; not used if sockets are handed over.
/// - `querySocket`, `ingestSocket`: paths of the other two; none if absent.
/// - `operatorGroup`, `queryGroup`, `ingestGroup`: whose members may connect; the owner alone if absent.
/// - `operatorUsers`, `queryUsers`, `ingestUsers`: who may ask; whoever can connect if absent.
/// - `tickInterval`: 10ms to 10s, default 100ms.
/// - `auditInterval`: 1s to 24h in seconds, or `0s` for none, default 60s.
/// - `mapSize`: 1MiB to 16TiB, default 64GiB.
/// - `logLevel`: default info.
/// - `zoneDirectory`: the system's time zones, default `/usr/share/zoneinfo`.
/// - `prebuiltDirectory`: templates of prebuilt segments, default `/usr/share/segmentd/prebuilt` if it is there.
/// - `platformsFile`: what integrations offer, default `/usr/share/segmentd/platforms.json` if it is there.
/// - `clockJumpMax`: 1s to 1d, default 5min.
/// - `downtimeMax`: 1min to 3650d, default 7d.
/// - `erasureDeadline`: 1min to 30d, default 24h.
/// - `erasureList`: directory of the list of erasures, default beside the data directory, its name and `-erasures`.
/// - `erasureKey`: file with the key of digests, default the credential `erasure-key` if systemd gives it, else `key` in
///   the list's directory, made once.
/// - `clockStart`: RFC 3339; the real time if absent.
/// - `backupDirectory`: where backups go that are given a name only; absent: they need an absolute path.
/// - `scrubInterval`: 0s (never) to 720h, default 24h.
/// - `reserveSize`: 0MiB (none) to 1TiB, default 64MiB.
struct DaemonSettings: Equatable, Sendable {
    var dataDirectory: String
    var socketPath: String
    /// Nil: there is no such socket.
    var querySocketPath: String?
    var ingestSocketPath: String?
    /// Names or numbers by role; absent: the owner's.
    var groups: [SocketRole: String]
    /// Names or numbers by role; empty: whoever can connect.
    var users: [SocketRole: [String]]
    var tickInterval: Duration
    /// How often some contacts are compared with the log; zero: never.
    var auditInterval: Duration
    var mapSizeBytes: Int
    var logLevel: Logger.Level
    var zoneDirectory: String
    /// Nil: the installed ones, or none.
    var prebuiltDirectory: String?
    var platformsFile: String?
    var clockLimits: ClockLimits
    /// Within that time after an erasure is visible nothing is left of the contact on disk.
    var erasureDeadline: Duration
    var erasureList: String
    /// Nil: made beside the list.
    var erasureKey: String?
    /// Where the daemon's clock starts; nil for the real time.
    var clockStart: Instant?
    /// Nil: backups need an absolute path.
    var backupDirectory: String?
    /// How often everything that is stored is read; zero: never.
    var scrubInterval: Duration
    /// Disk space held back for making room; 0: none.
    var reserveBytes: Int

    /// The keys of the configuration file.
    enum Key: String, CaseIterable {
        case data, socket, querySocket, ingestSocket, operatorGroup, queryGroup, ingestGroup
        case operatorUsers, queryUsers, ingestUsers
        case tickInterval, auditInterval, mapSize, logLevel, zoneDirectory, prebuiltDirectory, platformsFile
        case erasureDeadline, erasureList, erasureKey, clockJumpMax, downtimeMax, clockStart
        case backupDirectory, scrubInterval, reserveSize

        /// Used where nobody says otherwise; nil: the key may stay unsaid.
        var fallback: String? {
            switch self {
            case .data: "/var/lib/segmentd"
            case .socket: "/run/segmentd/operator.sock"
            case .tickInterval: "100ms"
            case .auditInterval: "60s"
            case .mapSize: "64GiB"
            case .logLevel: "info"
            case .zoneDirectory: "/usr/share/zoneinfo"
            case .erasureDeadline: "24h"
            case .clockJumpMax: "5min"
            case .downtimeMax: "7d"
            case .scrubInterval: "24h"
            case .reserveSize: "64MiB"
            case .querySocket, .ingestSocket, .operatorGroup, .queryGroup, .ingestGroup, .operatorUsers, .queryUsers,
                .ingestUsers, .prebuiltDirectory, .platformsFile, .erasureList, .erasureKey, .backupDirectory,
                .clockStart:
                nil
            }
        }

        /// Whether the file may say it as a list.
        var isList: Bool { [.operatorUsers, .queryUsers, .ingestUsers].contains(self) }

        /// Whether a change holds as soon as the configuration is read again; others need a restart.
        var isReloadable: Bool { isList || self == .logLevel }

        /// The key as a variable of the environment: `SEGMENTD_TICK_INTERVAL`.
        var variable: String {
            rawValue.reduce(into: "SEGMENTD_") { name, letter in
                if letter.isUppercase { name += "_" }
                name += letter.uppercased()
            }
        }
    }

    static let tickIntervalRange: ClosedRange<Duration> = .milliseconds(10) ... .seconds(10)
    static let erasureDeadlineRange: ClosedRange<Duration> = .seconds(60) ... .seconds(30 * 86_400)
    static let auditIntervalRange: ClosedRange<Duration> = .seconds(1) ... .seconds(86_400)
    static let mapSizeRange = (1 << 20)...(16 << 40)
    static let clockJumpRange: ClosedRange<Duration> = .seconds(1) ... .seconds(86_400)
    static let downtimeRange: ClosedRange<Duration> = .seconds(60) ... .seconds(3_650 * 86_400)
    static let scrubIntervalRange: ClosedRange<Duration> = .zero ... .seconds(720 * 3_600)
    static let reserveRange = 0...(1 << 40)

    /// The settings for people, a line each.
    var summary: String {
        values.map { "\($0.key.rawValue): \($0.value)\n" }.joined()
    }

    /// Every key with what it comes to.
    var values: [(key: Key, value: String)] {
        [
            (.data, dataDirectory), (.socket, socketPath), (.querySocket, querySocketPath ?? "none"),
            (.ingestSocket, ingestSocketPath ?? "none"),
        ]
            + SocketRole.allCases.map { (Self.groupKey($0), groups[$0] ?? "the owner alone") }
            + SocketRole.allCases.map { (Self.usersKey($0), Self.list(users[$0] ?? [])) } + [
                (.tickInterval, "\(tickInterval)"),
                (.auditInterval, auditInterval == .zero ? "never" : "\(auditInterval)"),
                (.mapSize, "\(mapSizeBytes) bytes"), (.logLevel, logLevel.rawValue),
                (.zoneDirectory, zoneDirectory), (.prebuiltDirectory, templateDirectory ?? "none"),
                (.platformsFile, capabilityFile ?? "none"),
                (.erasureDeadline, "\(erasureDeadline)"), (.erasureList, erasureList),
                (.erasureKey, erasureKey ?? erasureList + "/key, made once"),
                (.clockJumpMax, "\(clockLimits.jumpMaxMicroseconds / 1_000_000) seconds"),
                (.downtimeMax, "\(clockLimits.downtimeMaxMicroseconds / 1_000_000) seconds"),
                (.backupDirectory, backupDirectory ?? "none"), (.scrubInterval, "\(scrubInterval)"),
                (.reserveSize, "\(reserveBytes) bytes"),
                (.clockStart, clockStart?.description ?? "the real time"),
            ]
    }

    private static func list(_ users: [String]) -> String {
        users.isEmpty ? "whoever can connect" : users.joined(separator: ", ")
    }
}
