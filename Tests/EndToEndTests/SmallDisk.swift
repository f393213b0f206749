import FoundationEssentials
import Glibc
import Testing

/// A small file system, which fills up.
enum SmallDisk: String, CaseIterable, CustomTestStringConvertible {
    /// In memory; it has room for a page or it has not.
    case memory
    /// On a file: it sets room aside before it writes, and needs some for its own journal.
    case ext4

    var testDescription: String { rawValue }

    /// Whether one can be mounted here.
    static var isPossible: Bool {
        get async {
            guard geteuid() == 0, let home = try? DaemonHome() else { return false }
            for disk in allCases {
                let isMounted = try? await disk.mounted(at: home.path(disk.rawValue), megabytes: 8) { _ in true }
                guard isMounted == true else { return false }
            }
            return true
        }
    }

    /// Mounts one at the path, lends it, and takes it away again.
    func mounted<Value: Sendable>(
        at path: String, megabytes: Int, _ body: (String) async throws -> Value
    ) async throws -> Value {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        switch self {
        case .memory:
            _ = try await Finished.system("mount", ["-t", "tmpfs", "-o", "size=\(megabytes)m,mode=700", "tmpfs", path])
                .succeeded()
        case .ext4:
            let image = path + ".image"
            _ = try await Finished.system("truncate", ["-s", "\(megabytes)M", image]).succeeded()
            _ = try await Finished.system("mkfs.ext4", ["-q", "-m", "0", image]).succeeded()
            _ = try await Finished.system("mount", ["-o", "loop", image, path]).succeeded()
        }
        do {
            let value = try await body(path)
            _ = try await Finished.system("umount", ["-l", path]).succeeded()
            return value
        } catch {
            _ = try await Finished.system("umount", ["-l", path])
            throw error
        }
    }
}

/// A file that takes all the room there is.
struct Ballast {
    let path: String

    /// Of that many bytes; as many as there is room for if nil.
    init(_ path: String, byteCount: Int? = nil) throws {
        self.path = path
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(descriptor) }
        var left = byteCount ?? .max
        var piece = [UInt8](repeating: 1, count: 1 << 20)
        while left > 0, !piece.isEmpty {
            let count = write(descriptor, piece, min(piece.count, left))
            if count > 0 { left -= count } else { piece.removeLast((piece.count + 1) / 2) }
        }
        fsync(descriptor)
    }

    func remove() throws {
        try FileManager.default.removeItem(atPath: path)
    }
}
