internal import EventLog
internal import Glibc
internal import LMDB

/// The secret that identifiers of erased contacts and events become digests under.
enum ErasureKey {
    /// Bytes of a key that is made; one that is given has at least half as many.
    private static let size = 32
    private static let sizeMin = 16

    /// The key in the file.
    static func read(_ path: String) throws(AudienceError) -> DigestKey {
        guard let bytes = FileBytes.read(path) else { throw Directories.failure("read the erasure key", path) }
        guard bytes.count >= sizeMin else {
            throw AudienceError(
                .invalidSetting,
                "The erasure key \(path) has \(bytes.count) bytes; at least \(sizeMin) random ones are expected.")
        }
        return DigestKey(bytes)
    }

    /// The key in the file, which is made if it is not there.
    static func readOrMake(_ path: String, _ steps: DurableSteps) throws(AudienceError) -> DigestKey {
        if access(path, F_OK) != 0 { try make(path, steps) }
        return try read(path)
    }

    private static func make(_ path: String, _ steps: DurableSteps) throws(AudienceError) {
        var random = SystemRandomNumberGenerator()
        let bytes = (0..<size).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        let unfinished = path + ".new"
        let descriptor = open(unfinished, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Directories.failure("create the erasure key", path) }
        let isWritten = FileBytes.write(bytes, to: descriptor) && steps.sync(descriptor, of: unfinished) == 0
        close(descriptor)
        guard isWritten, steps.rename(unfinished, to: path) == 0 else {
            throw Directories.failure("write the erasure key", path)
        }
        let end = path.lastIndex(of: "/") ?? path.startIndex
        do {
            try FileText.syncDirectory(String(path[..<end]), steps)
        } catch {
            throw AudienceError(error)
        }
    }
}

/// Whole files of bytes.
enum FileBytes {
    /// The file's bytes; nil if they cannot be read, `errno` says why.
    static func read(_ path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &part, part.count)
            if count == 0 { return bytes }
            if count < 0, errno != EINTR { return nil }
            bytes.append(contentsOf: part.prefix(max(count, 0)))
        }
    }

    /// Writes all of the bytes; false if that fails, `errno` says why.
    static func write(_ bytes: [UInt8], to descriptor: CInt) -> Bool {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { bytes in
                let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
                return Glibc.write(descriptor, rest.baseAddress, rest.count)
            }
            guard count > 0 || errno == EINTR else { return false }
            written += max(count, 0)
        }
        return true
    }
}
