import FoundationEssentials
import Glibc
import TestSupport

/// Whether nothing is left of erased contacts in the bytes of any file below a directory.
struct ResidueCheck {
    let path: String
    let erased: Set<String>

    func run() throws {
        guard !erased.isEmpty else { return }
        for name in try FileManager.default.subpathsOfDirectory(atPath: path) {
            var status = stat()
            guard lstat(path + "/" + name, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
            for contact in erased where try FileBytes.position(of: Array(contact.utf8), in: path + "/" + name) != nil {
                throw Violation("\(name) still has the erased contact \(contact)")
            }
        }
    }
}
