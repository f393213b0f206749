import Admission
import EventLog
import SegmentModel
import TestSupport
import Testing

@testable import Audiences

/// A recipient list is the reference's members that are subscribed and have an address, at the list's frontier.
@Suite struct SendPropertyTests {
    @Test(arguments: 0..<20) func `a list is what the reference makes of the log`(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        var events = RandomEvents(seed: seed &+ 100, contacts: 12)
        var definitions = RandomDefinitions(seed: seed &+ 200)
        let home = try TemporaryDirectory()
        let clock = ManualClock(try Instant(rfc3339: "2024-02-01T00:00:00Z"))
        let directory = try await DataDirectory.open(path: home.path, configuration: .small, clock: clock)
        let settings = AudienceSettings(
            name: "Shop", timezone: "Europe/London", currency: "EUR",
            visibilityDelayMicroseconds: random.pick([0, 1, 7_200_000_000]), fieldTypes: RandomDefinitions.fieldTypes)
        let audience = try await directory.create(id: "shop", settings: settings)
        var kept: [Identifier: [Member]] = [:]
        for step in 0..<12 {
            _ = try await audience.ingest(AdmittedBatch((0..<40).map { _ in events.next() }))
            clock.advance(by: Int64.random(in: 0...(20 * 86_400_000_000), using: &random))
            // Half of the conditions are met by many.
            let definition: JSONValue =
                random.chance(0.5) ? ["any": [definitions.next(), ["not": definitions.next()]]] : definitions.next()
            let name = "segment \(step)"
            _ = try await audience.save(name: name, where: definition)
            let campaign = Identifier("campaign \(step)")
            let list = try await audience.send(name, campaign: campaign).list
            let recipients = try await audience.recipients(of: campaign, limit: 1_000).recipients
            let expected = try reference(definition, settings, audience, at: list.frontier)
            #expect(recipients == expected.recipients, "seed \(seed), \(definition.text)")
            #expect(list.members == expected.members)
            #expect(list.notSubscribed == expected.notSubscribed)
            kept[campaign] = recipients
        }
        for (campaign, recipients) in kept {
            #expect(try await audience.recipients(of: campaign, limit: 1_000).recipients == recipients)
        }
        try await directory.close()
    }

    private func reference(
        _ definition: JSONValue, _ settings: AudienceSettings, _ audience: Audience, at frontier: Instant
    ) throws -> (members: Int, notSubscribed: Int, recipients: [Member]) {
        let logged = try audience.log.read(from: 1, countMax: .max).filter { $0.visibleAt <= frontier }
        let context = try settings.evaluationContext(zones: ZoneDirectory(path: "/usr/share/zoneinfo"))
        let evaluator = ReferenceEvaluator(context: context)
        let condition = try Condition(parsing: definition, types: settings.fieldTypes)
        let members = ReferenceFold.contacts(from: logged).values
            .filter { evaluator.isTrue(condition, of: $0, at: frontier) }
            .sorted { $0.id < $1.id }
        let subscribed = members.filter { $0.attributes[.known(.status)].map { $0 == .text("subscribed") } ?? true }
        let recipients = subscribed.compactMap { contact in
            contact.attributes[.known(.email)]?.asText.map { Member(contact: contact.id, email: $0) }
        }
        return (members.count, members.count - subscribed.count, recipients)
    }
}
