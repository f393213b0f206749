import Audiences
import Glibc

/// A directory for the length of one run.
struct ScratchDirectory {
    let path: String

    /// - Parameter place: where to make it; TMPDIR if nil.
    init(in place: String? = nil) throws {
        let parent = place ?? getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array((parent + "/segment-replay-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else {
            throw ReplayFailure(
                "Could not make a directory in \(parent): \(String(cString: strerror(errno))).",
                status: ReplayFailure.storage)
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Removes the directory with all that is in it.
    func removeTree() {
        FileTree.remove(path)
    }

    /// Removes what a log leaves.
    func remove() {
        for place in ["log", "index"] {
            for name in ["data.mdb", "lock.mdb", "TRUST"] { unlink("\(path)/\(place)/\(name)") }
            rmdir("\(path)/\(place)")
        }
        rmdir(path)
    }
}
