import ArgumentParser
import ControlAPI
import ControlClient

/// What every command takes.
struct ConnectionOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The daemon's socket.", valueName: "path"), completion: .file())
    var socket: String?

    @Option(help: ArgumentHelp("Give up after that many seconds without a sign of life.", valueName: "seconds"))
    var timeout: Int = 120

    @Flag(help: "Write the daemon's answer as JSON.")
    var json = false

    func validate() throws {
        guard (1...86_400).contains(timeout) else { throw ValidationError("--timeout takes 1 to 86400 seconds.") }
    }

    var client: ControlClient {
        let silence = Duration.seconds(timeout)
        return ControlClient(
            socketPath: SocketPath.choose(explicit: socket),
            timeouts: ControlTimeouts(connect: min(silence, .seconds(5)), silence: silence))
    }

    /// Calls, and writes the answer: as it came with `--json`, else as the text made of it.
    func show<Answer: Sendable>(_ call: ControlCall<Answer>, as text: (Answer) throws -> String) async throws {
        if json {
            try Output.standard.write(await client.bytes(of: call) + [UInt8(ascii: "\n")])
        } else {
            try Output.standard.write(text(await client.answer(to: call)))
        }
    }

    /// Writes an answer that is at hand: as JSON with `--json`, else as text.
    func show(_ answer: some Encodable, as text: () -> String) throws {
        if json {
            try Output.standard.write(WireCoding.encode(answer) + [UInt8(ascii: "\n")])
        } else {
            try Output.standard.write(text())
        }
    }
}

/// What commands on one audience take.
struct AudienceOptions: ParsableArguments {
    /// The environment variable that names the audience.
    static let environmentKey = "SEGMENTD_AUDIENCE"

    @OptionGroup var connection: ConnectionOptions

    @Option(
        help: ArgumentHelp("The audience. Not needed where there is only one.", valueName: "id"),
        completion: .custom(NameCompletion.audiences))
    var audience: String?

    var client: ControlClient { connection.client }

    /// The id of the audience to work on.
    func audienceID() async throws -> String {
        if let audience, !audience.isEmpty { return audience }
        if let named = SocketPath.environmentValue(Self.environmentKey), !named.isEmpty { return named }
        return try Self.only(of: await client.answer(to: .audiences).audiences.map(\.id))
    }

    /// The one audience there is; a failure that says what to do where there is none, or more than one.
    static func only(of ids: [String]) throws(Failure) -> String {
        if let only = ids.first, ids.count == 1 { return only }
        if ids.isEmpty {
            throw Failure(
                "there is no audience yet. Make one: segmentctl audience create ID --timezone ZONE --currency CODE",
                exitCode: .usage)
        }
        throw Failure(
            "there are \(ids.count) audiences: name one with --audience or \(environmentKey).",
            hints: [ids.prefix(20).joined(separator: ", ") + (ids.count > 20 ? ", …" : "")], exitCode: .usage)
    }
}
