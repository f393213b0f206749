internal import Glibc
internal import Synchronization

/// A directory's identity, whatever path leads to it.
struct DirectoryIdentity: Hashable, Sendable {
    let device: UInt64
    let inode: UInt64

    init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }
}

/// The directories this process has open as environments.
///
/// LMDB's file locks belong to the process: closing a second handle would drop the first one's, another process
/// would then see no readers, use their pages again, and change what they read under them.
enum OpenDirectories {
    private static let open = Mutex<Set<DirectoryIdentity>>([])

    /// Claims the directory; false if it is claimed.
    static func claim(_ identity: DirectoryIdentity) -> Bool {
        open.withLock { $0.insert(identity).inserted }
    }

    /// Gives a claimed directory back.
    static func release(_ identity: DirectoryIdentity) {
        open.withLock { _ = $0.remove(identity) }
    }
}
