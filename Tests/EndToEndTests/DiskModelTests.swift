import TestSupport
import Testing

@testable import segment_crash

/// What the model of a disk says a power loss may leave: the campaign is worth no more than this.
@Suite struct DiskModelTests {
    private func model(
        _ operations: [Trace.Operation], disregarding guarantee: DiskModel.Guarantee? = nil
    ) throws -> DiskModel {
        var model = DiskModel(disregarding: guarantee)
        for operation in operations { try model.apply(operation) }
        return model
    }

    /// A file that is on the disk, with its name and so many bytes of 1.
    private func file(_ path: String, _ count: Int) -> [Trace.Operation] {
        [
            .create(path: path), .write(path: path, offset: 0, bytes: bytes(1, count), isDurable: false),
            .sync(path: path), .sync(path: ""),
        ]
    }

    private func bytes(_ value: UInt8, _ count: Int) -> [UInt8] { Array(repeating: value, count: count) }

    /// Files by name; all images that some seeds give of what is lost in part.
    private func images(of model: DiskModel) -> Set<[String: [UInt8]]> {
        var found: Set<[String: [UInt8]]> = []
        for seed in 0..<100 {
            var random = SeededGenerator(seed: UInt64(seed))
            let image = model.image(losing: .some, names: .some) { Int.random(in: 0..<$0, using: &random) }
            found.insert(Dictionary(uniqueKeysWithValues: image.map { ($0.path, $0.bytes ?? []) }))
        }
        return found
    }

    @Test func `what was synced is there, what was not may be lost in any sector`() throws {
        let change = Trace.Operation.write(path: "a", offset: 0, bytes: bytes(2, 1_024), isDurable: false)
        let (old, new) = (bytes(1, 512), bytes(2, 512))
        #expect(
            images(of: try model(file("a", 1_024) + [change])) == [
                ["a": old + old], ["a": old + new], ["a": new + old], ["a": new + new],
            ])
        #expect(images(of: try model(file("a", 1_024) + [change, .sync(path: "a")])) == [["a": new + new]])
    }

    @Test func `a durable write is there and nothing before it undoes it; what was written beside it may be lost`()
        throws
    {
        let operations =
            file("a", 1_024) + [
                .write(path: "a", offset: 0, bytes: bytes(2, 1_024), isDurable: false),
                .write(path: "a", offset: 0, bytes: bytes(3, 512), isDurable: true),
            ]
        #expect(
            images(of: try model(operations)) == [
                ["a": bytes(3, 512) + bytes(1, 512)], ["a": bytes(3, 512) + bytes(2, 512)],
            ])
    }

    @Test func `a sync of a file says nothing of its name, which a sync of the directory keeps`() throws {
        let operations: [Trace.Operation] = [
            .create(path: "a"), .write(path: "a", offset: 0, bytes: [1], isDurable: false), .sync(path: "a"),
        ]
        #expect(images(of: try model(operations)) == [[:], ["a": [1]]])
        #expect(images(of: try model(operations + [.sync(path: "")])) == [["a": [1]]])
    }

    @Test func `a rename puts a file in the place of another at once, with as much as was synced of it`() throws {
        let operations =
            file("a", 1) + [
                .create(path: "b"), .write(path: "b", offset: 0, bytes: [2], isDurable: false),
                .rename(path: "b", to: "a"),
            ]
        // Before b was made, after it, and after the rename; with b's bytes or without them.
        #expect(
            images(of: try model(operations)) == [
                ["a": [1]], ["a": [1], "b": []], ["a": [1], "b": [2]], ["a": []], ["a": [2]],
            ])
    }

    @Test func `a rename into another directory is two changes, of which each may be lost without the other`() throws {
        let operations =
            [.makeDirectory(path: "d"), .sync(path: "")] + file("d/a", 1) + [
                .sync(path: "d"), .rename(path: "d/a", to: "a"),
            ]
        let everything: Set<[String: [UInt8]]> = [
            ["d": [], "d/a": [1]], ["d": [], "d/a": [1], "a": [1]], ["d": []], ["d": [], "a": [1]],
        ]
        #expect(images(of: try model(operations)) == everything)
        #expect(images(of: try model(operations + [.sync(path: ""), .sync(path: "d")])) == [["d": [], "a": [1]]])
    }

    @Test func `what lies in a directory without a name is lost with it`() throws {
        let operations: [Trace.Operation] = [
            .makeDirectory(path: "d"), .create(path: "d/a"), .sync(path: "d/a"), .sync(path: "d"),
        ]
        #expect(images(of: try model(operations)) == [[:], ["d": [], "d/a": []]])
    }

    @Test(arguments: DiskModel.Guarantee.allCases) func `a guarantee that is disregarded keeps nothing`(
        guarantee: DiskModel.Guarantee
    ) throws {
        let operations: [Trace.Operation] = [
            .makeDirectory(path: "a"), .makeDirectory(path: "a/log"), .create(path: "a/log/data.mdb"),
            .sync(path: "a/log"), .sync(path: "a"), .sync(path: ""),
            .write(path: "a/log/data.mdb", offset: 0, bytes: [1], isDurable: guarantee == .metaSync),
            guarantee == .metaSync ? .sync(path: "a/log") : .sync(path: "a/log/data.mdb"),
        ]
        #expect(images(of: try model(operations)) == [["a": [], "a/log": [], "a/log/data.mdb": [1]]])
        #expect(images(of: try model(operations, disregarding: guarantee)).count > 1)
    }
}
