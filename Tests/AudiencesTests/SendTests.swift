import SegmentModel
import TestSupport
import Testing

@testable import Audiences

@Suite struct SendTests {
    private func failure(_ body: () async throws -> Void) async -> AudienceError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? AudienceError
        }
    }

    @Test func `a list has the subscribed members with an address, and counts the others`() async throws {
        let world = try await RecipientWorld()
        try await world.say([
            RecipientWorld.vip("ann", email: "ann@x.test"), RecipientWorld.vip("bob", status: "subscribed"),
            RecipientWorld.vip("cyd", status: "unsubscribed"), RecipientWorld.vip("dan", status: "cleaned"),
            RecipientWorld.vip("eve", email: nil), RecipientWorld.vip("fay", email: nil, status: "pending"),
            ContactChange(contact: "gus", attributes: [.init(key: .known(.email), value: .text("gus@x.test"))]),
        ])
        let receipt = try await world.audience.send("VIP", campaign: "spring")
        #expect(receipt.isNew)
        #expect(receipt.list.recipients == 2)
        #expect(receipt.list.notSubscribed == 3)
        #expect(receipt.list.withoutEmail == 1)
        #expect(receipt.list.members == 6)
        #expect(receipt.list.segment == SegmentLabel(id: "s1", name: "VIP"))
        let recipients = try await world.recipients("spring")
        #expect(recipients.map(\.contact) == ["ann", "bob"])
        #expect(recipients.map(\.email) == ["ann@x.test", "x@y.test"])
        try await world.close()
    }

    @Test func `a send counts what is visible at its frontier and not a microsecond more`() async throws {
        let world = try await RecipientWorld()
        try await world.say([RecipientWorld.vip("ann"), RecipientWorld.vip("bob")])
        var settings = world.audience.settings()
        settings.visibilityDelayMicroseconds = 60_000_000
        try await world.audience.change(settings)
        try await world.say([RecipientWorld.vip("ann", status: "unsubscribed")])
        // Seen from 60 seconds after it was recorded, which was one microsecond ago.
        world.clock.advance(by: 60_000_000 - 2)
        let before = try await world.audience.send("VIP", campaign: "before").list
        world.clock.advance(by: 1)
        let after = try await world.audience.send("VIP", campaign: "after").list
        #expect((before.recipients, before.notSubscribed) == (2, 0))
        #expect((after.recipients, after.notSubscribed) == (1, 1))
        #expect(after.frontier.microseconds - before.frontier.microseconds == 1)
        try await world.close()
    }

    @Test func `a campaign keeps its list whatever becomes of the segment`() async throws {
        var world = try await RecipientWorld()
        try await world.say([RecipientWorld.vip("ann"), RecipientWorld.vip("bob")])
        let first = try await world.audience.send("VIP", campaign: "spring").list
        try await world.say([RecipientWorld.vip("cyd"), RecipientWorld.vip("ann", status: "unsubscribed")])
        _ = try await world.audience.edit("VIP", name: "Very", where: ["tag": "none"])
        for reference in ["s1", "Very"] {
            let again = try await world.audience.send(reference, campaign: "spring")
            #expect(again == SendReceipt(list: first, isNew: false))
        }
        #expect(try await world.audience.segment("Very").lastSent == first)
        try await world.audience.delete("Very")
        try await world.restart()
        for reference in ["s1", "VIP"] {
            #expect(try await world.audience.send(reference, campaign: "spring").list == first)
        }
        #expect(try await world.recipients("spring").map(\.contact) == ["ann", "bob"])
        #expect(try await world.audience.recipientLists(of: "VIP", limit: 10).lists == [first])
        try await world.close()
    }

    @Test func `a campaign that was sent to one segment is refused to another`() async throws {
        let world = try await RecipientWorld()
        _ = try await world.audience.save(name: "Others", where: ["not": ["tag": "vip"]])
        _ = try await world.audience.send("VIP", campaign: "spring")
        let refused = await failure { _ = try await world.audience.send("Others", campaign: "spring") }
        #expect(refused?.code == .campaignSent)
        #expect(refused?.related == ["VIP"])
        #expect(refused?.pointer == "/campaign")
        let unknown = await failure { _ = try await world.audience.send("Othrs", campaign: "summer") }
        #expect(unknown?.code == .segmentNotFound)
        for campaign in ["", "a\nb", String(repeating: "x", count: 201)] {
            let invalid = await failure {
                _ = try await world.audience.send("VIP", campaign: Identifier(campaign))
            }
            #expect(invalid?.code == .invalidName)
        }
        try await world.close()
    }

    @Test func `of many sends of one campaign at once one makes the list and all answer with it`() async throws {
        let world = try await RecipientWorld()
        try await world.say((0..<500).map { RecipientWorld.vip("c\($0)") })
        let audience = world.audience
        let receipts = try await withThrowingTaskGroup { group in
            for number in 0..<12 {
                group.addTask {
                    try await audience.send("VIP", campaign: number.isMultiple(of: 2) ? "spring" : "summer")
                }
            }
            return try await group.reduce(into: [SendReceipt]()) { $0.append($1) }
        }
        for campaign in ["spring", "summer"] as [Identifier] {
            let own = receipts.filter { $0.list.campaign == campaign }
            #expect(own.count == 6)
            #expect(own.count { $0.isNew } == 1)
            #expect(Set(own.map(\.list.number)).count == 1)
        }
        #expect(Set(receipts.map(\.list.number)) == [1, 2])
        #expect(try await world.recipients("spring").count == 500)
        try await world.close()
    }

    @Test func `lists come newest first, a page at a time, and of one segment`() async throws {
        let world = try await RecipientWorld()
        _ = try await world.audience.save(name: "Others", where: ["not": ["tag": "vip"]])
        for number in 1...5 {
            world.clock.advance(by: 1_000_000)
            let segment = number == 3 ? "Others" : "VIP"
            _ = try await world.audience.send(segment, campaign: Identifier("c\(number)"))
        }
        let first = try await world.audience.recipientLists(limit: 2)
        #expect(first.lists.map(\.campaign) == ["c5", "c4"])
        #expect((first.count, first.next) == (5, "c4"))
        let rest = try await world.audience.recipientLists(after: first.next, limit: 10)
        #expect(rest.lists.map(\.campaign) == ["c3", "c2", "c1"])
        #expect(rest.next == nil)
        let others = try await world.audience.recipientLists(of: "others", limit: 10)
        #expect(others.lists.map(\.campaign) == ["c3"])
        #expect(try await world.audience.segment("Others").lastSent?.campaign == "c3")
        #expect(try await world.audience.segment("VIP").lastSent?.campaign == "c5")
        let missing = await failure { _ = try await world.audience.recipientList(of: "c55") }
        #expect(missing?.code == .campaignNotFound)
        let nothing = await failure { _ = try await world.audience.recipientLists(of: "None", limit: 1) }
        #expect(nothing?.code == .segmentNotFound)
        try await world.close()
    }

    @Test func `a list beside its segment says who left, who came and who of them can be reached`() async throws {
        let world = try await RecipientWorld()
        try await world.say([
            RecipientWorld.vip("ann"), RecipientWorld.vip("bob"), RecipientWorld.vip("cyd", status: "unsubscribed"),
        ])
        let list = try await world.audience.send("VIP", campaign: "spring").list
        try await world.say([
            ContactChange(contact: "ann", tags: .edit(add: [], remove: ["vip"])),
            RecipientWorld.vip("amy", email: "amy@x.test"), RecipientWorld.vip("zed", email: nil),
        ])
        try await world.audience.tick()
        let comparison = try await world.audience.compareRecipients(of: "spring", sample: 2)
        #expect(comparison.list == list)
        #expect(comparison.members == 4)
        #expect((comparison.inBoth, comparison.onlyInList, comparison.onlyInSegment) == (1, 1, 3))
        #expect(comparison.reachable == 1)
        #expect(comparison.onlyInListSample == [Member(contact: "ann", email: "x@y.test")])
        #expect(comparison.onlyInSegmentSample.map(\.contact) == ["amy", "cyd"])
        #expect(comparison.frontier > list.frontier)
        try await world.audience.delete("VIP")
        let gone = await failure { _ = try await world.audience.compareRecipients(of: "spring", sample: 2) }
        #expect(gone?.code == .segmentNotFound)
        try await world.close()
    }

    @Test func `a change of settings is kept with its instant, through restarts`() async throws {
        var world = try await RecipientWorld()
        let created = world.audience.settings()
        var settings = created
        settings.timezone = "Europe/Paris"
        world.clock.advance(by: 5)
        try await world.audience.change(settings)
        try await world.restart()
        let history = await world.audience.settingsHistory()
        #expect(history.map(\.before) == [nil, created])
        #expect(history.map(\.after) == [created, settings])
        #expect(history.last?.at == world.clock.now())
        try await world.close()
    }
}
