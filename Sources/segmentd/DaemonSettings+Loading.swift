import Configuration
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
        return try DaemonSettings(Reading(reader: ConfigReader(providers: providers)))
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
            guard Key(rawValue: name) != nil else { throw unknownKey(name, file) }
            guard let scalar = value.scalar else {
                throw .configuration("In the configuration file \(file), “\(name)” is not a single value.")
            }
            values[name] = scalar.string
        }
        return values
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
        mapSizeBytes = try reading.value(.mapSize, expected: "a size from 1MiB to 16TiB, such as 64GiB") {
            SettingText.bytes($0).flatMap { Self.mapSizeRange.contains($0) ? $0 : nil }
        }
        let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
        logLevel = try reading.value(.logLevel, expected: "one of \(levels)") { Logger.Level(rawValue: $0) }
        prebuiltDirectory = try reading.optional(.prebuiltDirectory, expected: "a path") { $0 }
        platformsFile = try reading.optional(.platformsFile, expected: "a path") { $0 }
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
