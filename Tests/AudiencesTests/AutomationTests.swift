import SegmentModel
import TestSupport
import Testing

@testable import Audiences

@Suite struct AutomationTests {
    private static let nested: JSONValue = ["all": [["tag": "a"], ["any": [["tag": "b"], ["tag": "c"]]]]]
    private static let flat: JSONValue = ["any": [["tag": "b"], ["not": ["tag": "c"]]]]

    @Test func `a segment for automations is flat in every plan`() async throws {
        try await TestShop.run { shop in
            let audience = shop.audience
            let refused = await shop.failure {
                _ = try await audience.save(name: "A", where: Self.nested, automation: true)
            }
            #expect(refused?.code == .automationLimit)
            #expect(refused?.pointer == "/where")
            _ = try await audience.save(name: "A", where: Self.nested)
            let marked = await shop.failure { _ = try await audience.edit("A", SegmentChange(automation: true)) }
            #expect(marked?.code == .automationLimit)
            #expect(try await audience.save(name: "B", where: Self.flat, automation: true).automation)
            #expect(await shop.failure { try await audience.edit("B", where: Self.nested) }?.code == .automationLimit)
            _ = try await audience.edit("B", SegmentChange(where: Self.nested, automation: false))
            #expect(try await audience.segment("B").automation == false)
        }
    }

    @Test func `the mark stays through edits and restarts, and comes back with its revision`() async throws {
        try await TestShop.run { shop in
            let audience = shop.audience
            _ = try await audience.save(name: "A", where: Self.flat, automation: true)
            try await audience.edit("A", name: "B", where: ["tag": "x"])
            #expect(try await audience.segment("B").automation)
            _ = try await audience.edit("B", SegmentChange(automation: false))
            let difference = try await audience.difference(of: "B", SegmentChange(restoring: 1))
            #expect(difference.changes.automation == true)
            _ = try await audience.edit("B", SegmentChange(restoring: 1))
            try await shop.reopened { audience in
                let (present, third) = (try await audience.segment("A"), try await audience.revision(3, of: "A"))
                #expect(present.automation && !third.automation)
            }
        }
    }

    @Test func `under a smaller plan segments stay, may be renamed, and are checked when their condition changes`()
        async throws
    {
        try await TestShop.run(["ada": ["a", "b"]]) { shop in
            let audience = shop.audience
            _ = try await audience.save(name: "A", where: Self.nested)
            try await audience.edit("A", where: Self.flat)
            try await audience.edit("A", where: Self.nested)
            var settings = audience.settings()
            settings.plan = .free
            try await audience.change(settings)
            #expect(try await audience.segment("A").count == 1)
            #expect(try await audience.edit("A", name: "B", description: "kept").segment.name == "B")
            let wider: JSONValue = ["all": [["tag": "a"], ["any": [["tag": "b"], ["tag": "d"]]]]]
            #expect(await shop.failure { try await audience.edit("B", where: wider) }?.code == .planLimit)
            #expect(
                await shop.failure { _ = try await audience.difference(of: "B", SegmentChange(where: wider)) }?.code
                    == .planLimit)
            try await audience.edit("B", where: ["tag": "a"])
            #expect(
                await shop.failure { _ = try await audience.edit("B", SegmentChange(restoring: 1)) }?.code == .planLimit
            )
            try await shop.reopened { audience in
                let kept = try await audience.segment("B")
                #expect(kept.count == 1)
            }
        }
    }
}
