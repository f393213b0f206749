import SegmentModel
import TestSupport
import Testing

@testable import SegmentEngine

@Suite struct StoredViewTests {
    @Test(arguments: [3, 4, 5] as [UInt64]) func `a fold read back goes on as if it had never stopped`(
        seed: UInt64
    ) throws {
        let place = try TemporaryDirectory()
        var world = LoggedWorld(seed: seed)
        var fold = RecordFold()
        for _ in 0..<300 { fold.apply(world.next()) }
        let source = fold.viewSource(sequence: 300)
        var writer = try ViewWriter(directory: place.path + "/view", mapSizeBytes: 64 << 20)
        try writer.write(source)

        let view = try StoredView(directory: place.path + "/view", mapSizeBytes: 64 << 20)
        #expect(view.sequence == 300)
        var restored = try view.makeFold(on: WorkerPool(name: "test", width: 2))
        #expect(restored.contacts() == fold.contacts())
        #expect(restored.refunds.rows == fold.refunds.rows)
        for _ in 0..<300 {
            let logged = world.next()
            fold.apply(logged)
            restored.apply(logged)
        }
        #expect(restored.contacts() == fold.contacts())
        #expect(restored.contacts() == ReferenceFold.contacts(from: world.log))
    }

    @Test func `records move into the view they were written to, newer ones stay`() throws {
        let place = try TemporaryDirectory()
        var world = LoggedWorld(seed: 9)
        var fold = RecordFold()
        for _ in 0..<200 { fold.apply(world.next()) }
        let source = fold.viewSource(sequence: 200)
        for _ in 0..<2 { fold.apply(world.next()) }
        var writer = try ViewWriter(directory: place.path + "/view", mapSizeBytes: 64 << 20)
        try writer.write(source)
        let view = try StoredView(directory: place.path + "/view", mapSizeBytes: 64 << 20)
        fold.store.adopt(try view.references(), writtenFrom: source.records, map: view)
        let present = (0..<Ordinal(fold.store.count)).map { fold.store.record($0) }.filter { !$0.isNone }
        #expect(present.contains { $0.isMapped })
        #expect(present.contains { !$0.isMapped })
        for _ in 0..<100 { fold.apply(world.next()) }
        #expect(fold.contacts() == ReferenceFold.contacts(from: world.log))
    }

    @Test func `memory replaced under a reader while a view is written is not looked at once it is adopted`() throws {
        let place = try TemporaryDirectory()
        var world = LoggedWorld(seed: 10)
        var fold = RecordFold()
        for _ in 0..<200 { fold.apply(world.next()) }
        var source: ViewSource? = fold.viewSource(sequence: 200)
        var reader: RecordSnapshot? = fold.store.snapshot()
        for _ in 0..<100 { fold.apply(world.next()) }
        var writer = try ViewWriter(directory: place.path + "/view", mapSizeBytes: 64 << 20)
        if let source { try writer.write(source) }
        let view = try StoredView(directory: place.path + "/view", mapSizeBytes: 64 << 20)
        if let source { fold.store.adopt(try view.references(), writtenFrom: source.records, map: view) }
        // The last that hold the memory that the view was written from.
        source = nil
        #expect(reader != nil)
        reader = nil
        fold.store.reclaim()
        for _ in 0..<100 { fold.apply(world.next()) }
        fold.store.reclaim()
        #expect(fold.contacts() == ReferenceFold.contacts(from: world.log))
    }

    @Test func `the same log gives the same bytes`() throws {
        var dumps: [[UInt8]] = []
        for _ in 0..<2 {
            let place = try TemporaryDirectory()
            var world = LoggedWorld(seed: 11)
            var fold = RecordFold()
            for _ in 0..<250 { fold.apply(world.next()) }
            var writer = try ViewWriter(directory: place.path + "/view", mapSizeBytes: 64 << 20)
            try writer.write(fold.viewSource(sequence: 250))
            let view = try StoredView(directory: place.path + "/view", mapSizeBytes: 64 << 20)
            dumps.append(try view.references().flatMap { [UInt8]($0.bytes) + [0xFF] })
        }
        #expect(dumps[0] == dumps[1])
    }

    @Test func `a flipped bit is found`() throws {
        let place = try TemporaryDirectory()
        var world = LoggedWorld(seed: 12)
        var fold = RecordFold()
        for _ in 0..<50 { fold.apply(world.next()) }
        let records = (0..<Ordinal(fold.store.count)).map { [UInt8](fold.store.record($0).bytes) }
        let record = try #require(records.first { !$0.isEmpty })
        var writer = try ViewWriter(directory: place.path + "/view", mapSizeBytes: 64 << 20)
        try writer.write(fold.viewSource(sequence: 50))
        let file = place.path + "/view/data.mdb"
        try FileBytes.flipBit(at: try #require(try FileBytes.position(of: record, in: file)), in: file)
        let view = try StoredView(directory: place.path + "/view", mapSizeBytes: 64 << 20)
        #expect(throws: ViewError.self) { try view.makeFold(on: WorkerPool(name: "test", width: 2)) }
    }
}

extension RecordFold {
    fileprivate mutating func viewSource(sequence: UInt64) -> ViewSource {
        ViewSource(
            sequence: sequence, recordedAt: Instant(microseconds: 5), vocabulary: vocabulary,
            records: store.beginGeneration(), refunds: refunds)
    }
}
