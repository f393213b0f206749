import Logging
import SegmentModel

/// What the daemon is told by options, environment and configuration file.
///
/// ## Configuration keys
///
/// - `data`: directory of the audiences, default `/var/lib/segmentd`.
/// - `socket`: path of the operator socket, default `/run/segmentd/operator.sock`; not used if sockets are handed over.
/// - `tickInterval`: 10ms to 10s, default 100ms.
/// - `auditInterval`: 1s to 24h in seconds, or `0s` for none, default 60s.
/// - `mapSize`: 1MiB to 16TiB, default 64GiB.
/// - `logLevel`: default info.
/// - `zoneDirectory`: the system's time zones, default `/usr/share/zoneinfo`.
/// - `prebuiltDirectory`: templates of prebuilt segments, default `/usr/share/segmentd/prebuilt` if it is there.
/// - `platformsFile`: what integrations offer, default `/usr/share/segmentd/platforms.json` if it is there.
/// - `clockStart`: RFC 3339; the real time if absent.
struct DaemonSettings: Equatable, Sendable {
    var dataDirectory: String
    var socketPath: String
    var tickInterval: Duration
    /// How often some contacts are compared with the log; zero: never.
    var auditInterval: Duration
    var mapSizeBytes: Int
    var logLevel: Logger.Level
    var zoneDirectory: String
    /// Nil: the installed ones, or none.
    var prebuiltDirectory: String?
    var platformsFile: String?
    /// Where the daemon's clock starts; nil for the real time.
    var clockStart: Instant?

    /// The keys of the configuration file.
    enum Key: String, CaseIterable {
        case data, socket, tickInterval, auditInterval, mapSize, logLevel, zoneDirectory, prebuiltDirectory,
            platformsFile, clockStart

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
            case .prebuiltDirectory, .platformsFile, .clockStart: nil
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
    static let auditIntervalRange: ClosedRange<Duration> = .seconds(1) ... .seconds(86_400)
    static let mapSizeRange = (1 << 20)...(16 << 40)

    /// The settings for people, a line each.
    var summary: String {
        let lines: [(Key, String)] = [
            (.data, dataDirectory), (.socket, socketPath), (.tickInterval, "\(tickInterval)"),
            (.auditInterval, auditInterval == .zero ? "never" : "\(auditInterval)"),
            (.mapSize, "\(mapSizeBytes) bytes"), (.logLevel, logLevel.rawValue), (.zoneDirectory, zoneDirectory),
            (.prebuiltDirectory, templateDirectory ?? "none"), (.platformsFile, capabilityFile ?? "none"),
            (.clockStart, clockStart?.description ?? "the real time"),
        ]
        return lines.map { "\($0.0.rawValue): \($0.1)\n" }.joined()
    }
}
