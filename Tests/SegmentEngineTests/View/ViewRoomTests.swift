import EventLog
import FoundationEssentials
import SegmentModel
import TestSupport
import Testing

@testable import SegmentEngine

/// Views that do not fit.
@Suite struct ViewRoomTests {
    private let home: TemporaryDirectory
    private let script: Script

    init() throws {
        home = try TemporaryDirectory()
        script = try Script(seed: 5)
    }

    private var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: home.path("view"))) ?? []).sorted()
    }

    @Test func `a view that does not fit leaves nothing, and its memory is used for the next that is tried`() throws {
        let small = ViewStore(directory: home.path("view"), mapSizeBytes: 16 << 10)
        let large = ViewStore(directory: home.path("view"), mapSizeBytes: 64 << 20)
        let engine = MembershipEngine(context: script.context)
        var bytes: [Int] = []
        let half = script.log.count / 2
        try #require(half > 40)
        for (number, event) in script.log.enumerated() {
            engine.fold(event)
            if number < half, number % 2 == 1 {
                #expect(throws: (any Error).self) { try engine.draftView().write(to: small) }
                #expect(names == [])
                bytes.append(engine.newRecordBytes)
            }
            // The second goes on from a generation that was there alone.
            if number == half || number == half + 10 {
                engine.adopt(try engine.draftView().write(to: large))
                let plain = MembershipEngine(context: script.context)
                for event in script.log[...number] { plain.fold(event) }
                let scratch = home.path("scratch \(number)")
                #expect(try large.firstDifference(from: plain.draftView(), scratch: scratch) == nil)
            }
        }
        engine.advance(to: script.end)
        #expect(engine.fold.contacts() == ReferenceFold.contacts(from: script.log))
        // One generation that waits, and the one that grows.
        #expect(try #require(bytes.max()) <= 3 * 64 << 10, "\(bytes)")
        #expect(engine.newRecordBytes <= 64 << 10)
        #expect(names == ["2"])
    }

    @Test func `where the disk has no room for a view none is begun, and the one there is stays`() throws {
        var store = ViewStore(directory: home.path("view"), mapSizeBytes: 64 << 20)
        let engine = MembershipEngine(context: script.context)
        for event in script.log { engine.fold(event) }
        store.freeBytes = { _ in 5 << 20 }
        engine.adopt(try engine.draftView().write(to: store))
        let file = try Data(contentsOf: URL(filePath: home.path("view/1/data.mdb")))
        // As much as the present one and a quarter, and something for others.
        store.freeBytes = { _ in (4 << 20) + file.count }
        #expect(throws: ViewError.self) { try engine.draftView().write(to: store) }
        #expect(names == ["1"])
        #expect(try Data(contentsOf: URL(filePath: home.path("view/1/data.mdb"))) == file)
        store.freeBytes = { _ in (4 << 20) + file.count * 2 }
        engine.adopt(try engine.draftView().write(to: store))
        #expect(names == ["2"])
    }
}
