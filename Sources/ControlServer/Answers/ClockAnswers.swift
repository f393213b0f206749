import Audiences
import ControlAPI
import SegmentModel

extension ClockAnswer {
    init(_ daemon: DaemonFacts) {
        guard let clock = daemon.trustedClock else {
            let now = daemon.clock.now().description
            self.init(state: .chosen, now: now, system: now)
            return
        }
        self.init(clock.state)
    }

    init(_ state: ClockState) {
        let isBehind = state.behindMicroseconds >= 1_000_000
        let standing: ClockStanding = state.isHeld ? .held : isBehind ? .behind : .believed
        self.init(
            state: standing, now: state.now.description, system: state.system.description,
            aheadSeconds: state.aheadMicroseconds / 1_000_000, behindSeconds: state.behindMicroseconds / 1_000_000,
            heldSince: state.heldSince?.description, accepted: state.accepted.map { AcceptedJumpAnswer($0) })
    }
}

extension AcceptedJumpAnswer {
    fileprivate init(_ jump: AcceptedJump) {
        self.init(from: jump.from.description, to: jump.to.description)
    }
}
