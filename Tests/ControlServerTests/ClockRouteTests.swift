import Audiences
import ControlAPI
import Glibc
import Hummingbird
import SegmentModel
import Synchronization
import TestSupport
import Testing

@testable import ControlServer

@Suite(.timeLimit(.minutes(1))) struct ClockRouteTests {
    /// What the machine's clock says; no time passes.
    private final class Machine: Sendable {
        let wall = Mutex(Instant(microseconds: 1_772_366_400_000_000))

        var clock: TrustedClock {
            TrustedClock { ClockReading(wall: self.wall.withLock { $0 }, elapsedMicroseconds: 0, boot: "boot") }
        }

        func step(seconds: Int64) {
            wall.withLock { $0 = $0.advanced(byMicroseconds: seconds * 1_000_000) }
        }
    }

    @Test func `a jump is shown, and accepted once, by an operator who is named`() async throws {
        let machine = Machine()
        let log = CapturedLog()
        try await withRoutes(machine.clock) { routes in
            let responder = routes.responder()
            func clock() -> ClockAnswer { ClockAnswer(routes.daemon) }
            #expect(
                clock() == ClockAnswer(state: .believed, now: "2026-03-01T12:00:00Z", system: "2026-03-01T12:00:00Z"))
            let early = try await responder.answer(.post, Routes.clockAcceptance, over: .operator)
            #expect(early.status == .conflict)

            machine.step(seconds: 86_400)
            #expect(
                clock()
                    == ClockAnswer(
                        state: .held, now: "2026-03-01T12:00:00Z", system: "2026-03-02T12:00:00Z", aheadSeconds: 86_400,
                        heldSince: "2026-03-01T12:00:00Z"))
            for role in [SocketRole.ingest, .query] {
                let refused = try await responder.answer(.post, Routes.clockAcceptance, over: role)
                #expect(refused.status == .forbidden)
            }
            #expect(clock().state == "held")
            #expect(routes.daemonReading().clockHeldSeconds == 86_400)
            let accepted = try await responder.answer(
                .post, Routes.clockAcceptance, over: .operator, by: Peer(user: 1_000), to: log.logger)
            #expect(accepted.status == .ok)
            #expect(
                clock()
                    == ClockAnswer(
                        state: .believed, now: "2026-03-02T12:00:00Z", system: "2026-03-02T12:00:00Z",
                        accepted: AcceptedJumpAnswer(from: "2026-03-01T12:00:00Z", to: "2026-03-02T12:00:00Z")))
            #expect(
                log.lines(of: "clock accepted")
                    == [["from": "2026-03-01T12:00:00Z", "to": "2026-03-02T12:00:00Z", "user": "1000"]])

            machine.step(seconds: -60)
            #expect(clock().state == "behind")
            #expect(clock().behindSeconds == 60)
        }
    }

    @Test func `the status says how the clock stands; one that was set by hand is neither right nor wrong`()
        async throws
    {
        try await TestServer.run { server in
            let status = try await server.send("GET", Routes.status).decode(StatusAnswer.self)
            #expect(status.clock == ClockAnswer(state: .chosen, now: status.now, system: status.now))
            let answer = try await server.send("GET", Routes.clock, over: .query)
            #expect(try answer.decode(ClockAnswer.self).state == "chosen")
            #expect(try await server.send("POST", Routes.clockAcceptance).problem().code == "clock_not_held")
        }
    }

    private func withRoutes(_ clock: TrustedClock, _ body: (ControlRoutes) async throws -> Void) async throws {
        let place = try TemporaryDirectory()
        let directory = try await DataDirectory.open(path: place.path("data"), clock: clock)
        try await body(
            ControlRoutes(
                directory: directory, daemon: DaemonFacts(clock: clock, dataDirectory: place.path, sockets: [])))
        try await directory.close()
    }
}
