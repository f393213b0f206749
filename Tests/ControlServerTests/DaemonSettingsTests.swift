import Audiences
import FoundationEssentials
import Logging
import SegmentModel
import TestSupport
import Testing

@testable import segmentd

@Suite struct DaemonSettingsTests {
    @Test func `without any source the defaults hold`() throws {
        let settings = try DaemonSettings.load(file: nil, options: [:], environment: [:])
        #expect(settings.dataDirectory == "/var/lib/segmentd")
        #expect(settings.socketPath == "/run/segmentd/operator.sock")
        #expect(settings.tickInterval == .milliseconds(100))
        #expect(settings.auditInterval == .seconds(60))
        #expect(settings.mapSizeBytes == 64 << 30)
        #expect(settings.logLevel == .info)
        #expect(settings.clockStart == nil)
    }

    @Test func `options come before the environment, and that before the file`() throws {
        let settings = try load(
            "data: /file\nsocket: /file.sock\ntickInterval: 1s\n", options: ["data": "/option"],
            environment: ["SEGMENTD_DATA": "/variable", "SEGMENTD_SOCKET": "/variable.sock"])
        #expect(settings.dataDirectory == "/option")
        #expect(settings.socketPath == "/variable.sock")
        #expect(settings.tickInterval == .seconds(1))
    }

    @Test func `every key can be said by its variable`() throws {
        let environment = [
            "SEGMENTD_TICK_INTERVAL": "250ms", "SEGMENTD_MAP_SIZE": "2TiB", "SEGMENTD_LOG_LEVEL": "debug",
            "SEGMENTD_ZONE_DIRECTORY": "/zones", "SEGMENTD_PREBUILT_DIRECTORY": "/prebuilt",
            "SEGMENTD_PLATFORMS_FILE": "/platforms.json", "SEGMENTD_CLOCK_START": "2026-01-01T00:00:00Z",
        ]
        let settings = try DaemonSettings.load(file: nil, options: [:], environment: environment)
        #expect(settings.tickInterval == .milliseconds(250))
        #expect(settings.mapSizeBytes == 2 << 40)
        #expect(settings.logLevel == .debug)
        #expect(settings.zoneDirectory == "/zones")
        #expect(settings.prebuiltDirectory == "/prebuilt")
        #expect(settings.platformsFile == "/platforms.json")
        #expect(settings.clockStart == (try Instant(rfc3339: "2026-01-01T00:00:00Z")))
        #expect(DaemonSettings.Key.allCases.map(\.variable).contains("SEGMENTD_CLOCK_START"))
    }

    @Test func `an unknown key is refused with the one that was meant`() throws {
        let failure = #expect(throws: StartFailure.self) { try load("tickIntervall: 1s\n") }
        #expect(failure?.exitCode == 78)
        #expect(failure?.message.contains("“tickIntervall”") == true)
        #expect(failure?.message.contains("Did you mean “tickInterval”?") == true)
    }

    @Test(arguments: [
        "tickInterval: 1", "tickInterval: 9ms", "tickInterval: 11s", "tickInterval: -1s", "tickInterval: [1s]",
        "auditInterval: 999ms", "auditInterval: 86401s", "auditInterval: 1h", "mapSize: 64", "mapSize: 64GB",
        "mapSize: 17TiB", "mapSize: 99999999999999999TiB", "logLevel: loud",
        "clockStart: yesterday", "clockStart: 2026-01-01", "data: ''", "- data", "data: [", "data: /a\ndata: /b",
    ])
    func `a value that makes no sense is an error, not the default`(text: String) {
        let failure = #expect(throws: StartFailure.self) { try load(text + "\n") }
        #expect(failure?.exitCode == 78)
    }

    @Test func `a template that makes no sense, or a path that leads nowhere, is a wrong configuration`() throws {
        let place = try TemporaryDirectory()
        var settings = try DaemonSettings.load(file: nil, options: ["prebuiltDirectory": place.path], environment: [:])
        #expect(try settings.provisions().templates.isEmpty)
        try place.write(#"{"name": "recent-customers"}"#, to: "recent.json")
        let failure = #expect(throws: StartFailure.self) { try settings.provisions() }
        #expect(failure?.exitCode == 78)
        #expect(failure?.message == "\(place.path)/recent.json: the key “version” is missing.")
        settings.prebuiltDirectory = place.path("nowhere")
        #expect(throws: StartFailure.self) { try settings.provisions() }
        settings.prebuiltDirectory = nil
        settings.platformsFile = place.path("nowhere.json")
        #expect(throws: StartFailure.self) { try settings.provisions() }
    }

    @Test func `a missing file is an error, an empty one is not`() throws {
        #expect(throws: StartFailure.self) {
            try DaemonSettings.load(file: "/nowhere/segmentd.yaml", options: [:], environment: [:])
        }
        #expect(try load("# nothing\n").logLevel == .info)
    }

    private func load(
        _ text: String, options: [String: String] = [:], environment: [String: String] = [:]
    ) throws -> DaemonSettings {
        let place = try TemporaryDirectory()
        try text.write(toFile: place.path("c.yaml"), atomically: false, encoding: .utf8)
        return try DaemonSettings.load(file: place.path("c.yaml"), options: options, environment: environment)
    }
}

@Suite struct LogLineTests {
    @Test func `a line stays one line, whatever is in it`() {
        let line = LogLine(
            level: .warning, message: "two\nlines \u{1B}[31m",
            metadata: ["path": "/a b", "empty": "", "quote": "say \"hi\\", "plain": "x"])
        #expect(
            line.text(.journal, at: Instant(microseconds: 0))
                == #"<4>two\u{a}lines \u{1b}[31m empty="" path="/a b" plain=x quote="say \"hi\\""# + "\n")
    }

    @Test func `without the journal a line begins with its time`() {
        let line = LogLine(level: .info, message: "listening", metadata: [:])
        #expect(line.text(.text, at: Instant(microseconds: 1_000)) == "1970-01-01T00:00:00.001Z info listening\n")
    }
}
