import ControlAPI
import SegmentModel
import Testing

extension EndToEnd {
    @Suite("Pending events")
    struct PendingTests {
        @Test("An event is pending for exactly its delay, and counts from then on")
        func delay() async throws {
            let home = try DaemonHome(clockStart: "2026-03-01T09:00:00Z")
            try await RunningDaemon.run(in: home) { daemon in
                _ = try await daemon.control(
                    "audience", "create", "shop", "--timezone", "UTC", "--currency", "EUR", "--visibility-delay", "PT6S"
                ).succeeded()
                _ = try await daemon.control("segment", "save", "--name", "VIP", "--where", #"{"tag": "vip"}"#)
                    .succeeded()
                let file = try home.write(
                    """
                    {"specversion":"1.0","type":"contact.changed","source":"s","id":"1",\
                    "data":{"contact":"ada","tags":{"add":["vip"]}}}

                    """, to: "event.ndjson")
                let receipt = try await daemon.importEvents(file)
                let recordedAt = try Instant(rfc3339: #require(receipt.recordedAt))
                let visibleAt = try Instant(rfc3339: #require(receipt.visibleAt))
                #expect(visibleAt == recordedAt.advanced(byMicroseconds: 6_000_000))
                let seen = try await Self.watch(daemon, until: visibleAt)
                #expect(seen.before > 0)
                #expect(seen.after > 0)
            }
        }

        @Test("Without a delay, too, an answer holds exactly what is visible at the frontier it names")
        func noDelay() async throws {
            let home = try DaemonHome()
            try await RunningDaemon.run(in: home) { daemon in
                try await WideEvents.prepare(daemon)
                let count = 150
                async let watching = Self.standings(of: daemon, untilContacts: count)
                var visible: [Instant] = []
                for number in 1...count {
                    let event = #"{"specversion":"1.0","type":"contact.changed","source":"s","id":"\#(number)","#
                    let receipt = try RawConnection.append(
                        event + #""data":{"contact":"c\#(number)"}}"#, at: home.socket)
                    visible.append(try Instant(rfc3339: #require(receipt.visibleAt)))
                    await Task.yield()
                }
                let standings = try await watching
                for standing in standings {
                    let frontier = try Instant(rfc3339: standing.frontier)
                    #expect(standing.contacts == visible.count { $0 <= frontier }, "\(standing)")
                }
                #expect(standings.contains { (1..<count).contains($0.contacts) })
            }
        }

        /// Asks how the audience stands, again and again, until it has that many contacts.
        @concurrent
        private static func standings(
            of daemon: RunningDaemon, untilContacts count: Int
        ) async throws -> [AudienceStatusAnswer] {
            var standings: [AudienceStatusAnswer] = []
            while standings.last?.contacts != count {
                try Task.checkCancellation()
                standings.append(try daemon.standing())
            }
            return standings
        }

        /// Asks again and again until answers stand past the instant; each must be what its own frontier demands.
        private static func watch(
            _ daemon: RunningDaemon, until visibleAt: Instant
        ) async throws -> (before: Int, after: Int) {
            var before = 0
            var after = 0
            while after < 3 {
                let pending = try await daemon.answer(PendingAnswer.self, "event", "pending")
                if try Instant(rfc3339: pending.frontier) < visibleAt {
                    #expect(pending.count == 1)
                    #expect(pending.events.map(\.contact) == ["ada"])
                    #expect(try pending.events.map { try Instant(rfc3339: $0.visibleAt) } == [visibleAt])
                    before += 1
                } else {
                    #expect(pending.count == 0 && pending.events.isEmpty)
                    after += 1
                }
                let page = try await daemon.answer(MemberList.self, "segment", "members", "VIP")
                let isVisible = try Instant(rfc3339: page.frontier) >= visibleAt
                #expect(page.members == (isVisible ? ["ada"] : []))
                let standing = try daemon.standing()
                let isApplied = try Instant(rfc3339: standing.frontier) >= visibleAt
                #expect((standing.pending, standing.contacts) == (isApplied ? (0, 1) : (1, 0)))
                #expect(standing.appliedSequence == (isApplied ? 1 : 0))
            }
            return (before, after)
        }
    }
}
