import ControlAPI
import Testing

@testable import segmentctl

@Suite("The clock as text")
struct ClockTextTests {
    private static let held = ClockAnswer(
        state: .held, now: "2026-03-01T12:00:00Z", system: "2026-03-04T16:00:00Z", aheadSeconds: 273_600,
        heldSince: "2026-03-01T11:00:00Z")

    @Test("A clock that is held says by how much, since when, and what to do")
    func held() {
        #expect(
            ClockText.text(Self.held, .plain) == """
                Goes by     2026-03-01T12:00:00Z
                System      2026-03-04T16:00:00Z
                State       held: the system's clock is 3 d 4 h ahead of elapsed time
                Held since  2026-03-01T11:00:00Z

                If the system's clock is wrong, set it right: the daemon goes on by itself. If it is right:
                  segmentctl clock accept

                """)
        #expect(
            ClockText.question(Self.held)
                == "Go from 2026-03-01T12:00:00Z to 2026-03-04T16:00:00Z, 3 d 4 h ahead? What becomes visible by then "
                + "counts at once, for good.")
    }

    @Test("One that is believed says nothing more, but which jump was accepted")
    func believed() {
        let clock = ClockAnswer(
            state: .believed, now: "N", system: "N", accepted: AcceptedJumpAnswer(from: "A", to: "B"))
        #expect(
            ClockText.text(clock, .plain) == """
                Goes by   N
                System    N
                State     believed
                Accepted  the jump from A to B

                """)
        #expect(ClockText.warning(clock) == nil)
    }

    @Test("The status warns of a clock that is held or behind")
    func warning() {
        func status(_ clock: ClockAnswer) -> String {
            StatusCommand.text(
                StatusAnswer(
                    version: "1", now: "N", clock: clock, uptimeSeconds: 1, dataDirectory: "/d", sockets: [],
                    audiences: []), socket: "/s", width: nil, .plain)
        }
        #expect(status(Self.held).contains("NOT BELIEVED: the system's clock is 3 d 4 h ahead; see segmentctl clock\n"))
        let behind = ClockAnswer(state: .behind, now: "N", system: "N", behindSeconds: 60)
        #expect(status(behind).contains("set back by 1 min: frontiers wait for it; see segmentctl clock\n"))
        #expect(!status(ClockAnswer(state: .believed, now: "N", system: "N")).contains("see segmentctl clock"))
    }

    @Test("The status names audiences whose time zone has other rules now")
    func zones() {
        let audience = AudienceStatusAnswer(
            id: "shop", name: "Shop", frontier: "F", lastSequence: 1, appliedSequence: 1, pending: 0, contacts: 1,
            segments: 1,
            timezoneRules: TimezoneRulesAnswer(edition: "2025c", checksum: 7, replacedEdition: "2025b"))
        let status = StatusAnswer(
            version: "1", now: "N", uptimeSeconds: 1, dataDirectory: "/d", sockets: [], audiences: [audience])
        #expect(
            StatusCommand.text(status, socket: "/s", width: nil, .plain).hasSuffix(
                "\n\nshop: the rules of its time zone have changed (edition 2025b, now 2025c): "
                    + "memberships were computed anew\n"))
    }
}
