import ArgumentParser
import ControlAPI
import ControlClient

struct SegmentRerunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rerun",
        abstract: "Recompute segments from the log and report any difference.",
        discussion: """
            Every contact is derived anew from the recorded events by the plain definition of the conditions, and \
            compared with the live members. There should be no difference; if there is one, it is named, and the exit \
            code is 1. Takes minutes for millions of events, during which --timeout does not count; Ctrl-C ends it.

              segmentctl segment rerun "Lapsed customers"
              segmentctl segment rerun s1 s2 s3
            """)

    @OptionGroup var options: AudienceOptions

    @Argument(help: "Ids or names of segments.", completion: .custom(NameCompletion.segments))
    var segments: [String]

    /// The daemon gives no sign of life while it computes, and may compute for long.
    private static let silenceMax = Duration.seconds(86_400)

    func run() async throws {
        let audience = try await options.audienceID()
        let asking = options.client
        let client = ControlClient(
            socketPath: asking.socketPath,
            timeouts: ControlTimeouts(connect: asking.timeouts.connect, silence: Self.silenceMax))
        let watch = StatusWatch(client: asking, audience: audience, output: .error) {
            $0.reruns.first.map(RerunText.line)
        }
        var differences = 0
        for segment in segments {
            let call = ControlCall.rerun(segment, in: audience)
            let bytes = try await watch.during { try await client.bytes(of: call) }
            let answer = try call.answer(from: bytes)
            differences += answer.missingCount + answer.unexpectedCount
            try Output.standard.write(
                options.connection.json ? bytes + [UInt8(ascii: "\n")] : Array(RerunText.text(answer).utf8))
        }
        if differences > 0 { throw ExitCode.no }
    }
}

/// Recomputations as text.
enum RerunText {
    static func text(_ rerun: RerunAnswer) -> String {
        let differences = rerun.missingCount + rerun.unexpectedCount
        let head =
            "Recomputed \(rerun.segment.id) \"\(rerun.segment.name)\" from the log: "
            + "\(Quantities.count(rerun.members, "member")), \(Quantities.count(differences, "difference")) "
            + "at \(rerun.frontier)"
        return TextWidth.printable(head) + "\n"
            + list(rerun.missing, of: rerun.missingCount, "is a member by the log, and not in the live segment")
            + list(rerun.unexpected, of: rerun.unexpectedCount, "is in the live segment, and no member by the log")
    }

    private static func list(_ contacts: [String], of count: Int, _ what: String) -> String {
        let lines = contacts.map { "  " + TextWidth.printable($0) + " " + what + "\n" }.joined()
        let more = count - contacts.count
        return more > 0 ? lines + "  … and \(Quantities.grouped(more)) more\n" : lines
    }

    /// `[########------------]  42.0 %  of “VIP” recomputed`
    static func line(_ rerun: RerunProgressAnswer) -> String {
        TextWidth.printable(
            "\(ProgressLine.bar(rerun.share))  \(Quantities.percent(rerun.share))  of “\(rerun.segment)” recomputed")
    }

    /// `“VIP” is being recomputed: 42.0 %, 420,000 of 1,000,000 events read`
    static func sentence(_ rerun: RerunProgressAnswer) -> String {
        TextWidth.printable(
            "“\(rerun.segment)” is being recomputed: \(Quantities.percent(rerun.share)), "
                + "\(Quantities.grouped(rerun.eventsDone)) of \(Quantities.count(rerun.events, "event")) read")
    }
}
