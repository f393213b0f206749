import FoundationEssentials
import LMDB
import TestSupport

/// Builds images and has them checked, on a thread of its own.
actor ImageWorker {
    private let executor = PinnedExecutor(name: "images")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let directory: TemporaryDirectory
    private let checker: Checker

    init() throws {
        directory = try TemporaryDirectory()
        checker = Checker(errors: directory.path("errors"))
    }

    /// Looks at every candidate, which come in the order of their recordings.
    ///
    /// - Returns: what was wrong, by candidate.
    func check(
        _ candidates: [Candidate], of recordings: [Recording], disregarding guarantee: DiskModel.Guarantee?
    ) async throws -> [String] {
        var found: [String] = []
        var model = DiskModel(disregarding: guarantee)
        var (recording, done) = (-1, 0)
        for candidate in candidates {
            if candidate.recording != recording {
                model = DiskModel(disregarding: guarantee)
                (recording, done) = (candidate.recording, 0)
            }
            let operations = recordings[recording].operations
            while done < candidate.operationCount {
                try model.apply(operations[done])
                done += 1
            }
            let image = directory.path("image")
            try build(candidate, from: model, at: image)
            if let problem = try await checker.check(image, against: recordings[recording].ledger(after: done)) {
                found.append("\(candidate.description): \(problem)")
            }
        }
        await checker.stop()
        return found
    }

    private func build(_ candidate: Candidate, from model: DiskModel, at path: String) throws {
        try? FileManager.default.removeItem(atPath: path)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        var random = SeededGenerator(seed: candidate.seed)
        let image = model.image(losing: candidate.data, names: candidate.names) { bound in
            Int.random(in: 0..<bound, using: &random)
        }
        for (name, bytes) in image {
            let place = path + "/" + name
            guard let bytes else {
                try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
                continue
            }
            let isMarker = name.hasSuffix("/TRUST")
            try Data(isMarker ? Self.afterReboot(bytes) : bytes).write(to: URL(filePath: place))
        }
    }

    /// The boot's id as it stands in files of this boot.
    private static let boot = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)

    /// A power loss ends the boot, so what was written in it must not be of the present one.
    private static func afterReboot(_ bytes: [UInt8]) -> [UInt8] {
        guard let boot else { return bytes }
        let text = String(decoding: bytes, as: UTF8.self)
        return Array(text.replacing(boot, with: "another boot\n").utf8)
    }
}
