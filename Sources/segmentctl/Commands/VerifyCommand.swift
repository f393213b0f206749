import ArgumentParser
import ControlAPI
import ControlClient

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Derive all contacts anew from the log and compare everything with the live state.",
        discussion: """
            Of every contact each segment, each distinct condition and what is known of it are computed from its recorded \
            events by the plain definition of the conditions, and compared with what the daemon answers from. There should \
            be no difference; if there is one, it is named, and the exit code is 1. Takes minutes for millions of events, \
            and longer the more segments there are; --timeout does not count meanwhile, and Ctrl-C ends it.

              segmentctl verify
              segmentctl verify --audience shop --json | jq .differenceCount
            """)

    @OptionGroup var options: AudienceOptions

    /// The daemon gives no sign of life while it computes, and may compute for long.
    private static let silenceMax = Duration.seconds(7 * 86_400)

    func run() async throws {
        let audience = try await options.audienceID()
        let asking = options.client
        let client = ControlClient(
            socketPath: asking.socketPath,
            timeouts: ControlTimeouts(connect: asking.timeouts.connect, silence: Self.silenceMax))
        let watch = StatusWatch(client: asking, audience: audience, output: .error) {
            $0.reruns.first.map(RerunText.line)
        }
        let call = ControlCall.verification(of: audience)
        let bytes = try await watch.during { try await client.bytes(of: call) }
        let answer = try call.answer(from: bytes)
        try Output.standard.write(
            options.connection.json ? bytes + [UInt8(ascii: "\n")] : Array(VerificationText.text(answer).utf8))
        if answer.differenceCount + answer.wrongCounts.count > 0 { throw ExitCode.no }
    }
}

/// Verifications as text.
enum VerificationText {
    static func text(_ answer: VerificationAnswer) -> String {
        let count = answer.differenceCount + answer.wrongCounts.count
        let head =
            "Compared \(Quantities.count(answer.contacts, "contact")), each in "
            + "\(Quantities.count(answer.segments, "segment")) and \(Quantities.count(answer.leaves, "condition")), "
            + "with the log: \(count == 0 ? "no difference" : Quantities.count(count, "difference")) "
            + "at \(answer.frontier)"
        let counts = answer.wrongCounts.map { wrong in
            "\(wrong.segment.id) “\(wrong.segment.name)” counts \(Quantities.count(wrong.count, "member")) and has "
                + Quantities.grouped(wrong.members)
        }
        var lines = answer.differences.map(DifferenceSentence.text) + counts
        let more = answer.differenceCount - answer.differences.count
        if more > 0 { lines.append("… and \(Quantities.grouped(more)) more") }
        return head + "\n" + lines.map { "  " + TextWidth.printable($0) + "\n" }.joined()
    }
}
