import Audiences
import ControlServer
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
        #expect(settings.erasureDeadline == .seconds(86_400))
        #expect(settings.erasureList == "/var/lib/segmentd-erasures")
        #expect(settings.erasureKey == nil)
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
            "SEGMENTD_ERASURE_DEADLINE": "12h", "SEGMENTD_ERASURE_LIST": "/erasures", "SEGMENTD_ERASURE_KEY": "/key",
        ]
        let settings = try DaemonSettings.load(file: nil, options: [:], environment: environment)
        #expect(settings.tickInterval == .milliseconds(250))
        #expect(settings.mapSizeBytes == 2 << 40)
        #expect(settings.logLevel == .debug)
        #expect(settings.zoneDirectory == "/zones")
        #expect(settings.prebuiltDirectory == "/prebuilt")
        #expect(settings.platformsFile == "/platforms.json")
        #expect(settings.erasureDeadline == .seconds(43_200))
        #expect(settings.erasureList == "/erasures")
        #expect(settings.erasureKey == "/key")
        #expect(settings.clockStart == (try Instant(rfc3339: "2026-01-01T00:00:00Z")))
        #expect(DaemonSettings.Key.allCases.map(\.variable).contains("SEGMENTD_CLOCK_START"))
    }

    @Test func `users are a list, or names with commas between them`() throws {
        let listed = try load("operatorUsers: [root, 1000]\nqueryUsers: nobody\n")
        #expect(listed.users == [.operator: ["root", "1000"], .query: ["nobody"]])
        let named = try DaemonSettings.load(
            file: nil, options: [:], environment: ["SEGMENTD_INGEST_USERS": "root, nobody"])
        #expect(named.users == [.ingest: ["root", "nobody"]])
        #expect(try load("operatorUsers: [root, 1000]\n").accessRules() == AccessRules(users: [.operator: [0, 1_000]]))
        #expect(try load("").accessRules() == AccessRules())
        let failure = #expect(throws: StartFailure.self) { try load("ingestUsers: nobody-of-that-name").accessRules() }
        #expect(failure?.exitCode == 78)
        #expect(failure?.message.contains("ingestUsers names the user “nobody-of-that-name”") == true)
    }

    @Test(arguments: ["ingestUsers: []\n", "ingestUsers: ''\n", "ingestUsers:\n", "ingestUsers: ' '\n"])
    func `a list of no users is refused, as it could be taken for everybody`(text: String) throws {
        let failure = #expect(throws: StartFailure.self) { _ = try load(text) }
        #expect(failure?.exitCode == 78)
        #expect(failure?.message.contains("ingestUsers (SEGMENTD_INGEST_USERS) names nobody") == true)
        #expect(throws: StartFailure.self) {
            try DaemonSettings.load(file: nil, options: [:], environment: ["SEGMENTD_INGEST_USERS": ""])
        }
    }

    @Test func `the limits of the clock are spans of time, the other sockets paths`() throws {
        let defaults = try load("")
        #expect(defaults.clockLimits == ClockLimits())
        #expect(defaults.socketPaths.map(\.0) == [.operator])
        let settings = try load(
            "clockJumpMax: 90s\ndowntimeMax: 36h\nquerySocket: /q\ningestSocket: /i\ningestGroup: shops\n")
        #expect(settings.clockLimits.jumpMaxMicroseconds == 90_000_000)
        #expect(settings.clockLimits.downtimeMaxMicroseconds == 36 * 3_600 * 1_000_000)
        #expect(settings.socketPaths.map(\.0) == [.operator, .query, .ingest])
        #expect(settings.groups == [.ingest: "shops"])
        #expect(throws: StartFailure.self) { try load("ingestGroup: nobody-of-that-name\n").groupNumbers() }
        #expect(try load("ingestGroup: 17\nqueryGroup: root\n").groupNumbers() == [.ingest: 17, .query: 0])
        #expect(settings.summary.contains("ingestGroup: shops\n"))
    }

    @Test func `the summary names every key`() throws {
        #expect(Set(try load("").values.map(\.key)) == Set(DaemonSettings.Key.allCases))
    }

    @Test func `an unknown key is refused with the one that was meant`() throws {
        let failure = #expect(throws: StartFailure.self) { try load("tickIntervall: 1s\n") }
        #expect(failure?.exitCode == 78)
        #expect(failure?.message.contains("“tickIntervall”") == true)
        #expect(failure?.message.contains("Did you mean “tickInterval”?") == true)
    }

    @Test(arguments: [
        "erasureDeadline: 59s", "erasureDeadline: 31d", "tickInterval: 1", "tickInterval: 9ms", "tickInterval: 11s",
        "tickInterval: -1s", "tickInterval: [1s]", "auditInterval: 999ms", "auditInterval: 86401s",
        "mapSize: 64", "mapSize: 64GB", "mapSize: 17TiB", "mapSize: 99999999999999999TiB", "logLevel: loud",
        "clockJumpMax: 0s", "clockJumpMax: 2d", "downtimeMax: 1s", "downtimeMax: 99999d", "operatorUsers: [root, [x]]",
        "operatorUsers: 'root,'", "data: [a]", "querySocket: '@abstract'", "clockStart: yesterday",
        "clockStart: 2026-01-01", "data: ''", "- data", "data: [", "data: /a\ndata: /b",
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
