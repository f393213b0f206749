import Audiences
import Configuration
import ControlServer
import FoundationEssentials
import Glibc
import Logging
import SegmentModel
import Yams

extension DaemonSettings {
    /// Reads the settings: options before environment before file before defaults.
    ///
    /// - Parameters:
    ///   - file: path of a YAML file; nil for none.
    ///   - options: values given on the command line, by key.
    ///   - environment: the variables of the process.
    static func load(
        file: String?, options: [String: String], environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(StartFailure) -> DaemonSettings {
        var providers: [any ConfigProvider] = [
            provider(of: options),
            EnvironmentVariablesProvider(environmentVariables: environment).prefixKeys(with: "segmentd"),
        ]
        if let file { providers.append(provider(of: try values(in: file))) }
        let defaults = Key.allCases.compactMap { key in key.fallback.map { (key.rawValue, $0) } }
        providers.append(provider(of: Dictionary(uniqueKeysWithValues: defaults)))
        var settings = try DaemonSettings(Reading(reader: ConfigReader(providers: providers)))
        settings.erasureKey = settings.erasureKey ?? credential(in: environment)
        return settings
    }

    /// The file of the erasure key that the service manager was told to load, if it was.
    private static func credential(in environment: [String: String]) -> String? {
        guard let directory = environment["CREDENTIALS_DIRECTORY"] else { return nil }
        let path = directory + "/erasure-key"
        return access(path, F_OK) == 0 ? path : nil
    }

    private static func provider(of values: [String: String]) -> InMemoryProvider {
        InMemoryProvider(
            values: Dictionary(
                uniqueKeysWithValues: values.map {
                    (AbsoluteConfigKey([$0.key]), ConfigValue(.string($0.value), isSecret: false))
                }))
    }

    /// The values of a YAML file, by key.
    ///
    /// Refuses keys that nobody reads: a misspelt key that is ignored is a setting that silently is not made.
    private static func values(in file: String) throws(StartFailure) -> [String: String] {
        guard let root = try document(file) else { return [:] }
        guard let mapping = root.mapping else {
            throw .configuration("The configuration file \(file) is not a mapping of keys to values.")
        }
        var values: [String: String] = [:]
        for (key, value) in mapping {
            let name = key.string ?? "?"
            guard let key = Key(rawValue: name) else { throw unknownKey(name, file) }
            guard let text = value.scalar?.string ?? (key.isList ? list(value) : nil) else {
                throw .configuration("In the configuration file \(file), “\(name)” is not a single value.")
            }
            values[name] = text
        }
        return values
    }

    /// A list of single values as one text; nil if it is none.
    private static func list(_ node: Yams.Node) -> String? {
        guard let sequence = node.sequence else { return nil }
        let items = sequence.compactMap { $0.scalar?.string }
        return items.count == sequence.count ? items.joined(separator: ",") : nil
    }

    /// The root of the document; nil if it is empty.
    private static func document(_ file: String) throws(StartFailure) -> Yams.Node? {
        do {
            return try Yams.compose(yaml: String(contentsOfFile: file, encoding: .utf8))
        } catch {
            throw .configuration("The configuration file \(file) cannot be read: \(error)")
        }
    }

    private static func unknownKey(_ key: String, _ file: String) -> StartFailure {
        let known = Key.allCases.map(\.rawValue)
        let near = NameSuggestion.nearest(to: key, among: known)
        let hint = near.map { "Did you mean “\($0)”?" } ?? "The keys are \(known.joined(separator: ", "))."
        return .configuration("The configuration file \(file) has an unknown key “\(key)”. \(hint)")
    }

    private init(_ reading: Reading) throws(StartFailure) {
        dataDirectory = try reading.path(.data)
        socketPath = try reading.path(.socket)
        zoneDirectory = try reading.path(.zoneDirectory)
        tickInterval = try reading.value(.tickInterval, expected: "a time from 10ms to 10s, such as 100ms or 1s") {
            SettingText.duration($0).flatMap { Self.tickIntervalRange.contains($0) ? $0 : nil }
        }
        let audits = "a time from 1s to 86400s, such as 60s, or 0s for never"
        auditInterval = try reading.value(.auditInterval, expected: audits) {
            SettingText.duration($0).flatMap { Self.auditIntervalRange.contains($0) || $0 == .zero ? $0 : nil }
        }
        mapSizeBytes = try reading.value(.mapSize, expected: "a size from 1MiB to 16TiB, such as 64GiB") {
            SettingText.bytes($0).flatMap { Self.mapSizeRange.contains($0) ? $0 : nil }
        }
        let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
        logLevel = try reading.value(.logLevel, expected: "one of \(levels)") { Logger.Level(rawValue: $0) }
        prebuiltDirectory = try reading.optional(.prebuiltDirectory, expected: "a path") { $0 }
        platformsFile = try reading.optional(.platformsFile, expected: "a path") { $0 }
        let path = { (text: String) in text.hasPrefix("/") || text.hasPrefix(".") ? text : nil }
        querySocketPath = try reading.optional(.querySocket, expected: "a path that begins with / or .", path)
        ingestSocketPath = try reading.optional(.ingestSocket, expected: "a path that begins with / or .", path)
        groups = [:]
        users = [:]
        for role in SocketRole.allCases {
            groups[role] = try reading.optional(Self.groupKey(role), expected: "a group") { $0 }
            users[role] = try reading.users(Self.usersKey(role))
        }
        let jump = try reading.value(.clockJumpMax, expected: "a time from 1s to 1d, such as 5min") {
            SettingText.duration($0).flatMap { Self.clockJumpRange.contains($0) ? $0 : nil }
        }
        let downtime = try reading.value(.downtimeMax, expected: "a time from 1min to 3650d, such as 7d") {
            SettingText.duration($0).flatMap { Self.downtimeRange.contains($0) ? $0 : nil }
        }
        clockLimits = ClockLimits(
            jumpMaxMicroseconds: jump.components.seconds * 1_000_000,
            downtimeMaxMicroseconds: downtime.components.seconds * 1_000_000)
        erasureDeadline = try reading.value(.erasureDeadline, expected: "a time from 1min to 30d, such as 24h") {
            SettingText.duration($0).flatMap { Self.erasureDeadlineRange.contains($0) ? $0 : nil }
        }
        erasureList =
            try reading.optional(.erasureList, expected: "a path") { $0 } ?? Self.beside(dataDirectory) + "-erasures"
        erasureKey = try reading.optional(.erasureKey, expected: "a path") { $0 }
        clockStart = try reading.optional(.clockStart, expected: "an instant such as 2026-01-31T09:00:00Z") {
            try? Instant(rfc3339: $0)
        }
        backupDirectory = try reading.optional(.backupDirectory, expected: "an absolute path") {
            $0.hasPrefix("/") ? $0 : nil
        }
        scrubInterval = try reading.value(.scrubInterval, expected: "a time from 0s to 720h, such as 24h") {
            SettingText.duration($0).flatMap { Self.scrubIntervalRange.contains($0) ? $0 : nil }
        }
        reserveBytes = try reading.value(.reserveSize, expected: "a size from 0MiB to 1TiB, such as 64MiB") {
            SettingText.bytes($0).flatMap { Self.reserveRange.contains($0) ? $0 : nil }
        }
    }

    /// The path without slashes at its end, to be continued.
    private static func beside(_ path: String) -> String {
        String(path.reversed().drop { $0 == "/" }.reversed())
    }

    /// Reads one key at a time and names it when its value makes no sense.
    private struct Reading {
        let reader: ConfigReader

        func path(_ key: Key) throws(StartFailure) -> String {
            try value(key, expected: "a path") { $0.isEmpty ? nil : $0 }
        }

        func optional<Value>(
            _ key: Key, expected: String, _ parse: (String) -> Value?
        ) throws(StartFailure) -> Value? {
            guard let text = reader.string(forKey: ConfigKey([key.rawValue])), !text.isEmpty else { return nil }
            return try parsed(text, key, expected, parse)
        }

        /// Nil if nobody said anything. A list of nobody must not be taken for everybody.
        func users(_ key: Key) throws(StartFailure) -> [String]? {
            guard let text = reader.string(forKey: ConfigKey([key.rawValue])) else { return nil }
            guard text.contains(where: { $0 != " " }) else {
                throw .configuration(
                    "\(key.rawValue) (\(key.variable)) names nobody. Leave the key out, or name somebody.")
            }
            return try parsed(text, key, "users, separated by commas") { SettingText.names($0) }
        }

        func value<Value>(_ key: Key, expected: String, _ parse: (String) -> Value?) throws(StartFailure) -> Value {
            let text: String
            do {
                // `string(forKey:default:)` would take the default where a value is there but makes no sense.
                text = try reader.requiredString(forKey: ConfigKey([key.rawValue]))
            } catch {
                throw .configuration("\(key.rawValue) is not a single value; expected \(expected).")
            }
            return try parsed(text, key, expected, parse)
        }

        private func parsed<Value>(
            _ text: String, _ key: Key, _ expected: String, _ parse: (String) -> Value?
        ) throws(StartFailure) -> Value {
            guard let value = parse(text) else {
                throw .configuration("\(key.rawValue) (\(key.variable)) is “\(text)”; expected \(expected).")
            }
            return value
        }
    }
}

/// Where the settings come from, so that they can be read again.
struct SettingsSource: Sendable {
    var file: String?
    /// Values given on the command line, by key.
    var options: [String: String]

    func load() throws(StartFailure) -> DaemonSettings {
        try DaemonSettings.load(file: file, options: options)
    }
}
