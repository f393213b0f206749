import LMDB
import RandomWorlds
import TestSupport
import Testing

@testable import Simulation

/// The simulated disk keeps what was synced, and only that for certain.
@Suite struct DiskModelTests {
    private let home: TemporaryDirectory
    private let root: String

    init() throws {
        home = try TemporaryDirectory()
        root = home.path("0")
        Tree.makeDirectory(root)
    }

    @Test func `what was synced with its name survives every power loss`() throws {
        var model = DiskModel(root: root)
        Tree.write(Array("kept".utf8), to: root + "/file")
        model.didTake(.sync(root + "/file"))
        model.didTake(.syncDirectory(root))
        Tree.write(Array("lost".utf8), to: root + "/other")
        for seed in 0..<40 as Range<UInt64> {
            let image = lose(&model, seed: seed)
            #expect(String(decoding: Tree.bytes(of: image + "/file"), as: UTF8.self) == "kept")
            Tree.remove(image)
        }
    }

    @Test func `bytes and names that were not synced are lost by some power losses and kept by others`() throws {
        var model = DiskModel(root: root)
        let old = [UInt8](repeating: 1, count: 2_048)
        let new = [UInt8](repeating: 2, count: 2_048)
        Tree.write(old, to: root + "/file")
        model.didTake(.sync(root + "/file"))
        model.didTake(.syncDirectory(root))
        Tree.write(new, to: root + "/file")
        Tree.makeDirectory(root + "/directory")
        model.didTake(.makeDirectory(root + "/directory"))
        var contents: Set<[UInt8]> = []
        var names: Set<[String]> = []
        for seed in 0..<60 as Range<UInt64> {
            let image = lose(&model, seed: seed)
            contents.insert(Tree.bytes(of: image + "/file"))
            names.insert(Tree.names(in: image))
            Tree.remove(image)
        }
        #expect(contents.contains(old) && contents.contains(new))
        // Some sectors of each.
        #expect(contents.contains { $0.contains(1) && $0.contains(2) })
        #expect(names == [["file"], ["directory", "file"]])
    }

    @Test func `a rename that was not synced leaves the old file or the new one`() throws {
        Tree.write(Array("old".utf8), to: root + "/file")
        var model = DiskModel(root: root)
        Tree.write(Array("new".utf8), to: root + "/file.new")
        model.didTake(.sync(root + "/file.new"))
        let rename = DurableStep.rename(root + "/file.new", to: root + "/file")
        model.willTake(rename)
        #expect(DurableSteps.system.rename(root + "/file.new", to: root + "/file") == 0)
        model.didTake(rename)
        var contents: Set<String> = []
        for seed in 0..<40 as Range<UInt64> {
            let image = lose(&model, seed: seed)
            contents.insert(String(decoding: Tree.bytes(of: image + "/file"), as: UTF8.self))
            Tree.remove(image)
        }
        #expect(contents == ["old", "new"])
        model.didTake(.syncDirectory(root))
        #expect(String(decoding: Tree.bytes(of: lose(&model, seed: 1) + "/file"), as: UTF8.self) == "new")
    }

    @Test func `a full disk refuses commits and syncs, and a crash everything`() {
        let disk = SimulatedDisk(root: root)
        let steps = DurableSteps(observer: disk)
        disk.isFull = true
        #expect(steps.makeDirectory(root + "/new") != 0)
        disk.isFull = false
        #expect(steps.makeDirectory(root + "/new") == 0)
        disk.crash(after: 1, .process, image: home.path("1"), random: SeededGenerator(seed: 1))
        #expect(steps.makeDirectory(root + "/later") == 0)
        #expect(disk.hasCrashed)
        #expect(steps.remove(root + "/later") != 0)
        #expect(Tree.names(in: home.path("1")) == ["later", "new"])
    }

    private func lose(_ model: inout DiskModel, seed: UInt64) -> String {
        let image = home.path("image")
        let (root, bytes) = model.standing()
        var loss = PowerLoss(model.nodes, bytes: bytes, random: SeededGenerator(seed: seed))
        if let root { loss.write(root, to: image) }
        return image
    }
}
