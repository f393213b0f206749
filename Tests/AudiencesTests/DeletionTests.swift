import SegmentModel
import TestSupport
import Testing

@testable import Audiences

@Suite struct DeletionTests {
    /// C refers to B, B to A, and D to A.
    private func withChain(_ body: (TestShop) async throws -> Void) async throws {
        try await TestShop.run(["ada": ["a"], "bob": []]) { shop in
            _ = try await shop.audience.save(name: "A", where: ["tag": "a"])
            _ = try await shop.audience.save(name: "B", where: ["not": ["segment": "A"]])
            _ = try await shop.audience.save(name: "C", where: ["segment": "B"])
            _ = try await shop.audience.save(name: "D", where: ["segment": "A"])
            try await body(shop)
        }
    }

    @Test(arguments: [["A", "B", "C", "D"], ["D", "C", "B", "A"], ["B", "A", "D", "C", "A", "s2"]])
    func `segments that refer to each other go together`(names: [String]) async throws {
        try await withChain { shop in
            let deletion = try await shop.audience.delete(names)
            #expect(deletion.segments.map(\.segment.name) == ["A", "B", "C", "D"])
            #expect(deletion.segments.map(\.count) == [1, 1, 1, 1])
            #expect(await shop.audience.segments().isEmpty)
            try await shop.reopened { audience in
                #expect(await audience.segments().isEmpty)
                #expect((try? await audience.contacts(limit: 10))?.count == 2)
            }
        }
    }

    @Test func `none goes while one outside refers to one of them, and it is named`() async throws {
        try await withChain { shop in
            let refused = await shop.failure { _ = try await shop.audience.delete(["C", "B", "A"]) }
            #expect(refused?.code == .segmentInUse)
            #expect(refused?.related == ["D"])
            #expect(refused?.message == "“A” cannot be deleted: “D” refers to it.")
            #expect(await shop.audience.segments().count == 4)
            let unknown = await shop.failure { _ = try await shop.audience.delete(["C", "X"]) }
            #expect(unknown?.code == .unknownSegment)
            #expect(unknown?.pointer == "/segments/1")
            #expect(await shop.audience.segments().count == 4)
        }
    }
}
