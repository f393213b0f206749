import ArgumentParser
import ControlAPI
import ControlClient
import Testing

@testable import segmentctl

@Suite("Failures and exit codes")
struct FailureTextTests {
    private func problem(_ status: Int, pointer: String? = nil, near: [String]? = nil, related: [String]? = nil)
        -> Failure
    {
        Failure(
            .problem(
                Problem(
                    code: .badValue, status: status, title: "T", detail: "That is wrong.", pointer: pointer, near: near,
                    related: related)))
    }

    @Test("A problem is told with its place, the nearest names and what is in the way")
    func problemText() {
        let failure = problem(400, pointer: "/where/all/0/op", near: ["at_least"], related: ["A", "B"])
        #expect(
            failure.text == """
                segmentctl: at /where/all/0/op: That is wrong.
                  Did you mean: "at_least"?
                  In the way: "A", "B".

                """)
    }

    @Test(
        "Every kind of refusal has its exit code",
        arguments: [(400, 65), (404, 65), (409, 65), (413, 65), (500, 70), (502, 70), (503, 75), (507, 75)])
    func statuses(status: Int, code: Int32) {
        #expect(problem(status).exitCode == ExitCode(code))
    }

    @Test("What is no refusal has its exit code too")
    func others() {
        #expect(Failure(.cannotConnect(socketPath: "/s", .refused)).exitCode == ExitCode(69))
        #expect(Failure(.connectionLost(socketPath: "/s")).exitCode == ExitCode(69))
        #expect(Failure(.timedOut(socketPath: "/s", after: .seconds(1))).exitCode == ExitCode(75))
        #expect(Failure(.notUnderstood("x")).exitCode == ExitCode(70))
    }

    @Test("The only audience is taken; none and several are told apart")
    func onlyAudience() throws {
        #expect(try AudienceOptions.only(of: ["shop"]) == "shop")
        let none = #expect(throws: Failure.self) { _ = try AudienceOptions.only(of: []) }
        #expect(none?.message.contains("segmentctl audience create") == true)
        let several = #expect(throws: Failure.self) { _ = try AudienceOptions.only(of: ["a", "b"]) }
        #expect(several?.hints == ["a, b"])
        #expect(several?.exitCode == .usage)
    }
}

@Suite("Commands")
struct CommandTests {
    @Test(
        "Command lines are understood",
        arguments: [
            ["status"], ["audience", "create", "a", "--timezone", "UTC", "--currency", "EUR", "--field", "p=number"],
            ["event", "import", "-"], ["event", "pending", "--limit", "5"],
            ["contact", "show", "c", "--audience", "a"],
            ["segment", "save", "--name", "N", "--where", "{}"], ["segment", "save", "f.json"],
            ["segment", "review", "--where", "-"], ["segment", "list", "--sort", "members", "--reverse", "--json"],
            ["segment", "export", "s1", "--format", "ndjson", "--output", "x"], ["segment", "explain", "s1", "c"],
            ["segment", "delete", "s1", "--yes"], ["segment", "edit", "s1", "--description", ""],
            ["segment", "delete", "s1", "Big spenders", "s3"], ["segment", "rerun", "s1", "s2"],
            ["segment", "edit", "s1", "--no-automation", "--yes"], ["segment", "list", "--automation"],
            ["segment", "save", "--name", "N", "--where", "{}", "--automation"],
            ["segment", "revision", "list", "s1", "--limit", "5", "--after", "9"],
            ["segment", "revision", "show", "s1", "2"], ["segment", "revision", "compare", "s1", "2", "5"],
            ["segment", "revision", "restore", "s1", "2", "-y"],
            ["catalog"], ["catalog", "--limit", "50", "--json"], ["catalog", "Lapsed big spenders"],
        ])
    func understood(arguments: [String]) throws {
        _ = try Segmentctl.parseAsRoot(arguments)
    }

    @Test(
        "Command lines that cannot be meant are refused as usage",
        arguments: [
            ["segment", "save", "f.json", "--name", "N"], ["segment", "save", "--where", "{}"], ["segment", "save"],
            ["segment", "edit", "s1"], ["segment", "delete"], ["segment", "rerun"],
            ["segment", "revision", "show", "s1"], ["segment", "revision", "show", "s1", "0"],
            ["segment", "revision", "list", "s1", "--limit", "0"], ["segment", "save", "f.json", "--automation"],
            ["event", "pending", "--limit", "0"],
            ["segment", "export", "s1", "--format", "x"],
            ["audience", "create", "a"], ["status", "--timeout", "0"],
            ["catalog", "--limit", "0"], ["catalog", "s1", "--limit", "5"],
        ])
    func refused(arguments: [String]) {
        let error = #expect(throws: (any Error).self) { _ = try Segmentctl.parseAsRoot(arguments) }
        if let error { #expect(Segmentctl.exitCode(for: error) == .usage) }
    }
}
