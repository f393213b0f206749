import ArgumentParser
import ControlAPI
import ControlClient

struct ErasureCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "erasure", abstract: "See how erasures stand, and work them off.",
        discussion: "A contact is erased by: segmentctl contact erase ID",
        subcommands: [Show.self, Run.self])

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show how many erasures are done, waiting and pending, and when the next pass begins.",
            discussion: """
                  segmentctl erasure show
                  segmentctl erasure show --json | jq '.waiting'
                """)

        @OptionGroup var options: AudienceOptions

        func run() async throws {
            let audience = try await options.audienceID()
            try await options.connection.show(.erasures(of: audience)) {
                ErasureText.text($0, style: Output.standard.style)
            }
        }
    }

    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Work off every erasure that is visible, now.",
            discussion: """
                Rewrites the log beside the present one and puts it in its place, blanks recipient lists, and makes the view \
                anew. Needs room for a second copy of the log; --timeout does not count meanwhile. Once begun it goes on in \
                the daemon, whatever becomes of this command.

                  segmentctl erasure run
                """)

        @OptionGroup var options: AudienceOptions

        /// The daemon gives no sign of life while it rewrites the log.
        private static let silenceMax = Duration.seconds(86_400)

        func run() async throws {
            let audience = try await options.audienceID()
            let asking = options.client
            let client = ControlClient(
                socketPath: asking.socketPath,
                timeouts: ControlTimeouts(connect: asking.timeouts.connect, silence: Self.silenceMax))
            let call = ControlCall.erasurePass(in: audience)
            let bytes = try await client.bytes(of: call)
            try Output.standard.write(
                options.connection.json
                    ? bytes + [UInt8(ascii: "\n")] : Array(ErasureText.text(try call.answer(from: bytes)).utf8))
        }
    }
}
