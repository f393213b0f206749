import Logging
import SegmentModel

/// What the daemon is told by options, environment and configuration file.
///
/// ## Configuration keys
///
/// - `data`: directory of the audiences, default `/var/lib/segmentd`.
/// - `socket`: path of the operator socket, default `/run/segmentd/operator.sock`; not used if sockets are handed over.
/// - `tickInterval`: 10ms to 10s, default 100ms.
/// - `mapSize`: 1MiB to 16TiB, default 64GiB.
/// - `logLevel`: default info.
/// - `zoneDirectory`: the system's time zones, default `/usr/share/zoneinfo`.
/// - `prebuiltDirectory`: templates of prebuilt segments, default `/usr/share/segmentd/prebuilt` if it is there.
/// - `platformsFile`: what integrations offer, default `/usr/share/segmentd/platforms.json` if it is there.
/// - `clockStart`: RFC 3339; the real time if absent.
/// - `backupDirectory`: where backups go that are given a name only; absent: they need an absolute path.
/// - `scrubInterval`: 0s (never) to 720h, default 24h.
/// - `reserveSize`: 0MiB (none) to 1TiB, default 64MiB.
struct DaemonSettings: Equatable, Sendable {
    var dataDirectory: String
    var socketPath: String
    var tickInterval: Duration
    var mapSizeBytes: Int
    var logLevel: Logger.Level
    var zoneDirectory: String
    /// Nil: the installed ones, or none.
    var prebuiltDirectory: String?
    var platformsFile: String?
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
        case data, socket, tickInterval, mapSize, logLevel, zoneDirectory, prebuiltDirectory, platformsFile, clockStart
        case backupDirectory, scrubInterval, reserveSize

        /// Used where nobody says otherwise; nil: the key may stay unsaid.
        var fallback: String? {
            switch self {
            case .data: "/var/lib/segmentd"
            case .socket: "/run/segmentd/operator.sock"
            case .tickInterval: "100ms"
            case .mapSize: "64GiB"
            case .logLevel: "info"
            case .zoneDirectory: "/usr/share/zoneinfo"
            case .scrubInterval: "24h"
            case .reserveSize: "64MiB"
            case .prebuiltDirectory, .platformsFile, .clockStart, .backupDirectory: nil
            }
        }

        /// The key as a variable of the environment: `SEGMENTD_TICK_INTERVAL`.
        var variable: String {
            rawValue.reduce(into: "SEGMENTD_") { name, letter in
                if letter.isUppercase { name += "_" }
                name += letter.uppercased()
            }
        }
    }

    static let tickIntervalRange: ClosedRange<Duration> = .milliseconds(10) ... .seconds(10)
    static let mapSizeRange = (1 << 20)...(16 << 40)
    static let scrubIntervalRange: ClosedRange<Duration> = .zero ... .seconds(720 * 3_600)
    static let reserveRange = 0...(1 << 40)

    /// The settings for people, a line each.
    var summary: String {
        let lines: [(Key, String)] = [
            (.data, dataDirectory), (.socket, socketPath), (.tickInterval, "\(tickInterval)"),
            (.mapSize, "\(mapSizeBytes) bytes"), (.logLevel, logLevel.rawValue), (.zoneDirectory, zoneDirectory),
            (.prebuiltDirectory, templateDirectory ?? "none"), (.platformsFile, capabilityFile ?? "none"),
            (.clockStart, clockStart?.description ?? "the real time"),
            (.backupDirectory, backupDirectory ?? "none"), (.scrubInterval, "\(scrubInterval)"),
            (.reserveSize, "\(reserveBytes) bytes"),
        ]
        return lines.map { "\($0.0.rawValue): \($0.1)\n" }.joined()
    }
}
