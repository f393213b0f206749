import SegmentModel
import TestSupport
import Testing

@testable import Audiences

@Suite struct RevisionTests {
    private static let contacts = ["ada": ["vip"], "bob": ["vip", "new"], "eve": ["new"], "zoe": []]

    @Test func `each edit makes a revision, and all of them are there after a restart`() async throws {
        try await TestShop.run(Self.contacts) { shop in
            let audience = shop.audience
            _ = try await audience.save(name: "A", description: "first", where: ["tag": "vip"])
            shop.clock.advance(by: 1_000_000)
            try await audience.edit("A", where: ["tag": "new"])
            try await audience.edit("A", name: "B", description: "")
            _ = try await audience.edit("B", SegmentChange(restoring: 1))
            let before = try await audience.revisions(of: "A", limit: 10)
            #expect(before.revisions.map(\.revision) == [4, 3, 2, 1])
            #expect(before.revisions.map(\.name) == ["A", "B", "A", "A"])
            #expect(before.revisions.map(\.description) == ["first", nil, "first", "first"])
            #expect(before.revisions.map(\.restored) == [1, nil, nil, nil])
            #expect(before.revisions.map(\.isPresent) == [true, false, false, false])
            #expect(
                before.revisions.map(\.definition) == [["tag": "vip"], ["tag": "new"], ["tag": "new"], ["tag": "vip"]])
            #expect(before.revisions[2].at == before.revisions[3].at.advanced(byMicroseconds: 1_000_000))
            #expect(before.revisions[0].sentence == "has the tag “vip”")
            try await shop.reopened { audience in
                let after = try await audience.revisions(of: "A", limit: 10)
                #expect(after.revisions == before.revisions)
                #expect(try await audience.segment("A").count == 2)
            }
        }
    }

    @Test func `revisions come in pages, the latest first`() async throws {
        try await TestShop.run { shop in
            _ = try await shop.audience.save(name: "A", where: ["tag": "t1"])
            for number in 2...7 { try await shop.audience.edit("A", where: ["tag": .string("t\(number)")]) }
            var after: Int?
            var seen: [Int] = []
            repeat {
                let page = try await shop.audience.revisions(of: "s1", after: after, limit: 3)
                #expect(page.count == 7)
                seen += page.revisions.map(\.revision)
                after = page.next
            } while after != nil
            #expect(seen == [7, 6, 5, 4, 3, 2, 1])
            let missing = await shop.failure { _ = try await shop.audience.revision(8, of: "A") }
            #expect(missing?.code == .revisionNotFound)
            #expect(missing?.message.contains("revisions 1 to 7") == true)
        }
    }

    @Test func `a comparison says in words what changed and who is in which`() async throws {
        try await TestShop.run(Self.contacts) { shop in
            let audience = shop.audience
            _ = try await audience.save(name: "A", where: ["all": [["tag": "vip"], ["not": ["tag": "old"]]]])
            try await audience.edit("A", name: "B", where: ["all": [["tag": "new"], ["not": ["tag": "old"]]]])
            let found = try await audience.comparison(of: "B", revision: 1)
            #expect(found.earlier.revision == 1 && found.later.revision == 2)
            #expect(found.changes.name == TextDifference(before: "A", after: "B"))
            #expect(found.changes.description == nil)
            #expect(
                found.changes.conditions?.went == [.init(sentence: "has the tag “vip”", pointer: "/where/all/0")])
            #expect(
                found.changes.conditions?.came == [.init(sentence: "has the tag “new”", pointer: "/where/all/0")])
            #expect(found.members?.leaving.sample.map(\.contact) == ["ada"])
            #expect(found.members?.entering.sample == [Member(contact: "eve", email: "eve@example.org")])
            #expect(found.members?.staying.count == 1)
            let same = try await audience.comparison(of: "B", revision: 2, with: 1)
            #expect(same == found)
        }
    }

    @Test func `a change inside a combination is named where it is`() throws {
        let before: JSONValue = ["all": [["tag": "a"], ["any": [["tag": "b"], ["tag": "c"]]]]]
        let after: JSONValue = ["all": [["tag": "a"], ["any": [["tag": "c"], ["tag": "d"]]]]]
        let difference = try difference(before, after)
        #expect(difference.went == [.init(sentence: "has the tag “b”", pointer: "/where/all/1/any/0")])
        #expect(difference.came == [.init(sentence: "has the tag “d”", pointer: "/where/all/1/any/1")])
        #expect(difference.combination == nil)
        let turned = try self.difference(["all": [["tag": "a"], ["tag": "b"]]], ["any": [["tag": "b"], ["tag": "a"]]])
        #expect(turned.came.isEmpty && turned.went.isEmpty)
        #expect(turned.combination == .init(before: "all of", after: "any of"))
        let more = try self.difference(["tag": "a"], ["all": [["tag": "b"], ["tag": "a"]]])
        #expect(more.came == [.init(sentence: "has the tag “b”", pointer: "/where/all/0")])
        #expect(more.went.isEmpty && more.combination == nil)
    }

    private func difference(_ before: JSONValue, _ after: JSONValue) throws -> ConditionDifference {
        ConditionDifference(
            from: try Condition(parsing: before, types: [:]), to: try Condition(parsing: after, types: [:])
        ) { $0 }
    }

    @Test func `what a revision refers to may be gone: it is shown, not compared by members, not restored`()
        async throws
    {
        try await TestShop.run(Self.contacts) { shop in
            let audience = shop.audience
            _ = try await audience.save(name: "Base", where: ["tag": "vip"])
            _ = try await audience.save(name: "A", where: ["segment": "Base"])
            try await audience.edit("A", where: ["tag": "new"])
            try await audience.delete("Base")
            #expect(try await audience.revision(1, of: "A").sentence == "is in segment “s1”")
            let found = try await audience.comparison(of: "A", revision: 1)
            #expect(found.members == nil)
            #expect(found.membersMissing?.contains("s1") == true)
            let refused = await shop.failure { _ = try await audience.edit("A", SegmentChange(restoring: 1)) }
            #expect(refused?.code == .unknownSegment)
            #expect(try await audience.segment("A").revision == 2)
        }
    }

    @Test func `a revision without a meaning under other field types is shown all the same`() async throws {
        try await TestShop.run { shop in
            let audience = shop.audience
            var settings = audience.settings()
            settings.fieldTypes["level"] = .number
            try await audience.change(settings)
            _ = try await audience.save(name: "A", where: ["field": "fields.level", "op": "at_least", "value": 7])
            try await audience.edit("A", where: ["tag": "new"])
            settings.fieldTypes["level"] = .text
            try await audience.change(settings)
            let shown = try await audience.revision(1, of: "A")
            #expect(shown.sentence == nil)
            #expect(shown.definition["op"] == "at_least")
            #expect(try await audience.comparison(of: "A", revision: 1).membersMissing != nil)
            #expect(await shop.failure { _ = try await audience.edit("A", SegmentChange(restoring: 1)) } != nil)
        }
    }

    @Test func `an edit made for an earlier revision is refused, and both are named`() async throws {
        try await TestShop.run { shop in
            let audience = shop.audience
            _ = try await audience.save(name: "A", where: ["tag": "a"])
            _ = try await audience.edit("A", SegmentChange(where: ["tag": "b"], revision: 1))
            let late = SegmentChange(where: ["tag": "c"], revision: 1)
            for refused in [
                await shop.failure { _ = try await audience.edit("A", late) },
                await shop.failure { _ = try await audience.difference(of: "A", late) },
                await shop.failure { _ = try await audience.edit("A", SegmentChange(restoring: 1, revision: 1)) },
            ] {
                #expect(refused?.code == .revisionConflict)
                #expect(refused?.message.contains("revision 2") == true)
                #expect(refused?.message.contains("revision 1") == true)
            }
            #expect(try await audience.segment("A").definition == ["tag": "b"])
        }
    }

    @Test func `an edit says who entered, left and stayed at the instant of saving`() async throws {
        try await TestShop.run(Self.contacts) { shop in
            let audience = shop.audience
            _ = try await audience.save(name: "A", where: ["tag": "vip"])
            shop.clock.advance(by: 5_000_000)
            let edit = try await audience.edit("A", where: ["tag": "new"])
            #expect([edit.entered, edit.left, edit.stayed] == [1, 1, 1])
            #expect(edit.segment.frontier == shop.clock.now())
            #expect(edit.segment.changedAt == shop.clock.now())
            let renamed = try await audience.edit("A", name: "B")
            #expect([renamed.entered, renamed.left, renamed.stayed] == [0, 0, 2])
        }
    }
}
