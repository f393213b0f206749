internal import CPlatform
internal import Glibc

/// Tells this program from any other, so that what one computed is not taken for what another would compute.
enum ProgramMark {
    /// Size and checksum of the program's file; nil if it cannot be read.
    static let text: String? = read("/proc/self/exe")

    private static func read(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        var (size, checksum) = (0, UInt32(0))
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            guard count >= 0 else { return nil }
            if count == 0 { return "\(size) bytes, \(checksum)" }
            checksum = platform_crc32c(checksum, buffer, count)
            size += count
        }
    }
}
