import FoundationEssentials

/// A directory of a test's own, removed with everything in it when the value goes away.
public final class TemporaryDirectory: Sendable {
    public let path: String

    public init() throws {
        let parent = FileManager.default.temporaryDirectory
        let directory = parent.appendingPathComponent("segmentd-test-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        path = directory.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The path of a file or directory inside.
    public func path(_ name: String) -> String {
        path + "/" + name
    }

    /// Writes a text file inside.
    public func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path(name)))
    }

    /// Removes a file inside.
    public func remove(_ name: String) throws {
        try FileManager.default.removeItem(atPath: path(name))
    }
}
