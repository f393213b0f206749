import Glibc

/// A copy of a log that measures may append to; the log itself stays as it was made.
struct WorkingCopy {
    let path: String

    private static let stores = ["log", "index"]
    private static let files = ["data.mdb", "lock.mdb", "TRUST", "checkpoint"]

    /// Copies the log into a new directory under TMPDIR.
    init(of log: String) throws {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array((parent + "/segment-bench-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw Files.failure(parent) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        for store in Self.stores {
            try Files.makeDirectory("\(path)/\(store)")
            for file in ["data.mdb", "TRUST"] where Files.exists("\(log)/\(store)/\(file)") {
                try Files.copy("\(log)/\(store)/\(file)", to: "\(path)/\(store)/\(file)")
            }
        }
    }

    var viewDirectory: String { path + "/view" }

    /// Removes the copy, and the views written beside it.
    func remove() {
        for store in Self.stores { remove("\(path)/\(store)") }
        for number in 1...Self.viewsMax { remove("\(viewDirectory)/\(number)") }
        rmdir(viewDirectory)
        rmdir(path)
    }

    private func remove(_ directory: String) {
        for file in Self.files { unlink("\(directory)/\(file)") }
        rmdir(directory)
    }

    /// More views than a run writes.
    private static let viewsMax = 100
}
