internal import CPlatform
internal import Glibc

/// A file that holds disk space for the one thing that must work when there is none left: making room.
///
/// Invariant: the file has its full size on disk, or is not there.
public struct DiskReserve: Sendable {
    /// Held unless the configuration says otherwise.
    public static let defaultBytes = 64 << 20
    /// It is made only where that many times its size is free, so that it takes no space that others need more.
    private static let freeFactor = 2
    /// With less than that free the disk is full.
    private static let fullBytesMax: UInt64 = 1 << 20

    private let path: String
    /// 0: nothing is held.
    public let byteCount: Int

    /// - Parameter directory: where the file `reserve` lies.
    public init(directory: String, byteCount: Int) {
        path = directory + "/reserve"
        self.byteCount = byteCount
    }

    /// Whether space is held.
    public var isHeld: Bool { FileTree.byteCount(path) > 0 }

    /// Lets go of the space; false if none was held.
    @discardableResult
    public func release() -> Bool {
        unlink(path) == 0
    }

    /// Lets go of the space if the disk is full; false if it is not, or none was held.
    @discardableResult
    public func releaseIfFull() -> Bool {
        guard let free, free < Self.fullBytesMax else { return false }
        return release()
    }

    /// Holds the space again if it is not held and there is room for it; false if that was not possible.
    @discardableResult
    public func hold() -> Bool {
        guard byteCount > 0 else {
            release()
            return false
        }
        if FileTree.byteCount(path) == byteCount { return true }
        release()
        guard let free, free / UInt64(Self.freeFactor) >= UInt64(byteCount) else { return false }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return false }
        // Blocks of the disk, not a size alone; where the file system cannot do that it writes zeros.
        let isHeld = posix_fallocate(descriptor, 0, off_t(byteCount)) == 0
        close(descriptor)
        if !isHeld { release() }
        return isHeld
    }

    private var free: UInt64? {
        var bytes: UInt64 = 0
        let directory = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        return platform_get_free_bytes(directory, &bytes) == 0 ? bytes : nil
    }
}

extension DataDirectory {
    /// Whether the reserve is held; nil if the configuration wants none.
    public var isReserveHeld: Bool? { reserve.byteCount > 0 ? reserve.isHeld : nil }

    /// Makes room on a full disk for work that itself makes room, such as an erasure; it is held again when there is space.
    ///
    /// - Returns: whether there was any to let go of.
    @discardableResult
    public func releaseReserve() -> Bool { reserve.release() }

    /// Holds the reserve again if there is room; to be called every minute or so.
    public func holdReserve() { reserve.hold() }
}
