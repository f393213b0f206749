import ArgumentParser
import ControlAPI
import ControlClient

struct ClockCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clock",
        abstract: "Show whether the daemon believes the system's clock, and make it.",
        subcommands: [ClockShowCommand.self, ClockAcceptCommand.self], defaultSubcommand: ClockShowCommand.self)
}

struct ClockShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show how the daemon's time and the system's clock stand to each other.",
        discussion: """
            A clock that jumps ahead of elapsed time is not believed: pending events would count too early, and that cannot \
            be taken back. The daemon then goes by the last good instant and the time elapsed since, until the clock is right \
            again or somebody accepts it. A clock that is set back is believed; what is visible stays so.

              segmentctl clock
              segmentctl clock --json | jq -r .state
            """)

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await connection.show(.clock) { ClockText.text($0, Output.standard.style) }
    }
}

struct ClockAcceptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept",
        abstract: "Believe a clock that jumped ahead.",
        discussion: """
            Do this if the system's clock is right and the daemon's time is not: after a virtual machine was paused, or after \
            a restore of an old backup. If the clock is wrong, set it right: the daemon then goes on by itself.

            Everything that becomes visible up to the clock's instant counts at once, and that cannot be taken back; so it \
            asks first. Where nobody can be asked, --yes is needed.

              segmentctl clock accept
              segmentctl clock accept --yes
            """)

    @OptionGroup var connection: ConnectionOptions

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    func run() async throws {
        let clock = try await connection.client.answer(to: .clock)
        if !yes, clock.state == ClockStanding.held.rawValue {
            try Confirmation.ask(
                ClockText.question(clock), deed: "accepting the clock", refusal: "nothing was changed.")
        }
        try await connection.show(.acceptClock) { ClockText.text($0, Output.standard.style) }
    }
}

/// A clock as text.
enum ClockText {
    static func text(_ clock: ClockAnswer, _ style: Style) -> String {
        var facts = Facts()
        facts.add("Goes by", clock.now)
        facts.add("System", clock.system)
        facts.add("State", state(clock))
        facts.add("Held since", clock.heldSince)
        facts.add("Accepted", clock.accepted.map { "the jump from \($0.from) to \($0.to)" })
        return facts.text(style: style) + (advice(clock).map { "\n" + $0 + "\n" } ?? "")
    }

    static func question(_ clock: ClockAnswer) -> String {
        """
        Go from \(clock.now) to \(clock.system), \(Spans.text(seconds: clock.aheadSeconds)) ahead? What becomes visible \
        by then counts at once, for good.
        """
    }

    /// One line for a status that has room for no more; nil if all is well.
    static func warning(_ clock: ClockAnswer) -> String? {
        switch clock.state {
        case ClockStanding.held.rawValue:
            "NOT BELIEVED: the system's clock is \(Spans.text(seconds: clock.aheadSeconds)) ahead; see segmentctl clock"
        case ClockStanding.behind.rawValue where clock.behindSeconds > 0:
            "set back by \(Spans.text(seconds: clock.behindSeconds)): frontiers wait for it; see segmentctl clock"
        default: nil
        }
    }

    private static func state(_ clock: ClockAnswer) -> String {
        switch clock.state {
        case ClockStanding.held.rawValue:
            "held: the system's clock is \(Spans.text(seconds: clock.aheadSeconds)) ahead of elapsed time"
        case ClockStanding.behind.rawValue:
            "behind: the system's clock was set back by \(Spans.text(seconds: clock.behindSeconds))"
        case ClockStanding.chosen.rawValue: "chosen: the clock was started by clockStart, for demonstrations and tests"
        default: clock.state
        }
    }

    private static func advice(_ clock: ClockAnswer) -> String? {
        switch clock.state {
        case ClockStanding.held.rawValue:
            """
            If the system's clock is wrong, set it right: the daemon goes on by itself. If it is right:
              segmentctl clock accept
            """
        case ClockStanding.behind.rawValue:
            "Frontiers stand still until the clock has passed them. If the clock is wrong, set it right."
        default: nil
        }
    }
}
