import Audiences
import Glibc
import TestSupport
import Testing

@Suite struct DiskReserveTests {
    /// A file system of 4 MiB in memory, for as long as this lives.
    private final class SmallDisk {
        let path: String

        init?(at path: String) {
            self.path = path
            guard mount("tmpfs", path, "tmpfs", 0, "size=4m") == 0 else { return nil }
        }

        deinit { umount2(path, CInt(MNT_DETACH)) }

        /// Takes so many bytes, or what there is.
        func fill(_ name: String, _ byteCount: Int) -> Bool {
            let descriptor = open(path + "/" + name, O_WRONLY | O_CREAT, 0o600)
            defer { close(descriptor) }
            return posix_fallocate(descriptor, 0, off_t(byteCount)) == 0
        }
    }

    private static let isPossible: Bool = {
        guard let place = try? TemporaryDirectory() else { return false }
        return withExtendedLifetime(place) { SmallDisk(at: place.path) != nil }
    }()

    private func blocks(_ path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_blocks) * 512 : 0
    }

    @Test func `the reserve is space on the disk, not a size alone, and for its owner only`() throws {
        let place = try TemporaryDirectory()
        let reserve = DiskReserve(directory: place.path, byteCount: 1 << 20)
        #expect(!reserve.isHeld)
        #expect(reserve.hold() && reserve.isHeld)
        #expect(blocks(place.path("reserve")) >= 1 << 20)
        var status = stat()
        #expect(stat(place.path("reserve"), &status) == 0 && status.st_mode & 0o777 == 0o600)
        #expect(reserve.hold())
        #expect(reserve.release() && !reserve.isHeld && !reserve.release())
    }

    @Test func `another size takes the place of the one before, and none removes it`() throws {
        let place = try TemporaryDirectory()
        #expect(DiskReserve(directory: place.path, byteCount: 1 << 20).hold())
        #expect(DiskReserve(directory: place.path, byteCount: 2 << 20).hold())
        #expect(blocks(place.path("reserve")) >= 2 << 20)
        #expect(!DiskReserve(directory: place.path, byteCount: 0).hold())
        #expect(blocks(place.path("reserve")) == 0)
    }

    @Test(.enabled(if: isPossible, "needs the right to mount a tmpfs"))
    func `on a full disk it makes room, and it comes back when there is room again`() throws {
        let place = try TemporaryDirectory()
        let disk = try #require(SmallDisk(at: place.path))
        let reserve = DiskReserve(directory: place.path, byteCount: 1 << 20)
        #expect(reserve.hold())
        #expect(!reserve.releaseIfFull())
        #expect(disk.fill("ballast", 2_900 << 10))
        #expect(!disk.fill("erasure", 512 << 10))
        #expect(reserve.releaseIfFull())
        #expect(disk.fill("erasure", 512 << 10))
        // Where less than twice its size is free others need it more.
        #expect(!reserve.hold() && !reserve.isHeld)
        unlink(place.path("ballast"))
        #expect(reserve.hold())
    }
}
