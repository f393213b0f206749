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
/// - `erasureDeadline`: 1m to 30d, default 24h.
/// - `erasureList`: directory of the list of erasures, default beside the data directory, its name and `-erasures`.
/// - `erasureKey`: file with the key of digests, default the credential `erasure-key` if systemd gives it, else `key` in
///   the list's directory, made once.
/// - `clockStart`: RFC 3339; the real time if absent.
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
    /// Within that time after an erasure is visible nothing is left of the contact on disk.
    var erasureDeadline: Duration
    var erasureList: String
    /// Nil: made beside the list.
    var erasureKey: String?
    /// Where the daemon's clock starts; nil for the real time.
    var clockStart: Instant?

    /// The keys of the configuration file.
    enum Key: String, CaseIterable {
        case data, socket, tickInterval, mapSize, logLevel, zoneDirectory, prebuiltDirectory, platformsFile, clockStart
        case erasureDeadline, erasureList, erasureKey

        /// Used where nobody says otherwise; nil: the key may stay unsaid.
        var fallback: String? {
            switch self {
            case .data: "/var/lib/segmentd"
            case .socket: "/run/segmentd/operator.sock"
            case .tickInterval: "100ms"
            case .mapSize: "64GiB"
            case .logLevel: "info"
            case .zoneDirectory: "/usr/share/zoneinfo"
            case .erasureDeadline: "24h"
            case .prebuiltDirectory, .platformsFile, .clockStart, .erasureList, .erasureKey: nil
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
    static let erasureDeadlineRange: ClosedRange<Duration> = .seconds(60) ... .seconds(30 * 86_400)
    static let mapSizeRange = (1 << 20)...(16 << 40)

    /// The settings for people, a line each.
    var summary: String {
        let lines: [(Key, String)] = [
            (.data, dataDirectory), (.socket, socketPath), (.tickInterval, "\(tickInterval)"),
            (.mapSize, "\(mapSizeBytes) bytes"), (.logLevel, logLevel.rawValue), (.zoneDirectory, zoneDirectory),
            (.prebuiltDirectory, templateDirectory ?? "none"), (.platformsFile, capabilityFile ?? "none"),
            (.erasureDeadline, "\(erasureDeadline)"), (.erasureList, erasureList),
            (.erasureKey, erasureKey ?? erasureList + "/key, made once"),
            (.clockStart, clockStart?.description ?? "the real time"),
        ]
        return lines.map { "\($0.0.rawValue): \($0.1)\n" }.joined()
    }
}
