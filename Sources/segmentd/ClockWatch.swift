import Audiences
import ControlServer
import Logging

/// Says in the log when the system's clock ceases to be believed and when it is believed again, and keeps what is known of
/// it for the next process.
struct ClockWatch {
    private let clock: TrustedClock
    private let logger: Logger
    private var told: Standing = .believed
    private var isWritable = true

    /// What has been said last.
    private enum Standing {
        case believed, behind, held
    }

    /// A step back of less is nothing to speak of.
    private static let behindMicrosecondsMin: Int64 = 1_000_000

    init(clock: TrustedClock, logger: Logger) {
        self.clock = clock
        self.logger = logger
    }

    /// To be called again and again.
    mutating func look() {
        tell(clock.state)
        keep(isClean: false)
    }

    /// To be called when nothing is answered any more.
    mutating func finish() {
        keep(isClean: true)
    }

    private mutating func keep(isClean: Bool) {
        do throws(AudienceError) {
            try clock.keep(isClean: isClean)
            isWritable = true
        } catch {
            // Tried again with the next look; a full disk is named once.
            if isWritable { logger.warning("clock not kept", metadata: ["reason": "\(error.message)"]) }
            isWritable = false
        }
    }

    private mutating func tell(_ state: ClockState) {
        let isBehind = state.behindMicroseconds >= Self.behindMicrosecondsMin
        let standing: Standing = state.isHeld ? .held : isBehind ? .behind : .believed
        guard standing != told else { return }
        told = standing
        let clocks: Logger.Metadata = ["now": "\(state.now)", "system": "\(state.system)"]
        switch standing {
        case .held:
            logger.warning(
                """
                The system's clock has jumped ahead and is not believed: the daemon goes by elapsed time. Set the clock \
                right, or accept it: segmentctl clock accept
                """,
                metadata: clocks.merging(["ahead": "\(state.aheadMicroseconds / 1_000_000)s"]) { $1 })
        case .behind:
            logger.warning(
                "The system's clock was set back: frontiers stand still until it has passed them",
                metadata: clocks.merging(["behind": "\(state.behindMicroseconds / 1_000_000)s"]) { $1 })
        case .believed:
            logger.warning("The system's clock is believed again", metadata: clocks)
        }
    }
}
