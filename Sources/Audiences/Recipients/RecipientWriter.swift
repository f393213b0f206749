internal import EventLog
internal import Glibc
internal import LMDB
internal import SegmentModel

/// Writes one recipient file from front to back: blocks of rows, then the directory of the blocks.
struct RecipientWriter: ~Copyable {
    private let path: String
    private let steps: DurableSteps
    private let descriptor: CInt
    private var directory = RecipientDirectory()
    private var block: [UInt8] = []
    private var blockRows: UInt32 = 0

    /// A block is as long as this, and up to a row longer.
    private static let blockBytesMin = 65_536

    init(path: String, steps: DurableSteps) throws(AudienceError) {
        self.path = path
        self.steps = steps
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure("create", path) }
    }

    deinit { close(descriptor) }

    /// Adds a row; contacts come in the order of their ids' bytes.
    mutating func append(contact: [UInt8], email: [UInt8]) throws(AudienceError) {
        append(contact)
        append(email)
        blockRows += 1
        if block.count >= Self.blockBytesMin { try writeBlock() }
    }

    private mutating func append(_ text: [UInt8]) {
        var rest = text.count
        while rest >= 0x80 {
            block.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        block.append(UInt8(rest))
        block.append(contentsOf: text)
    }

    private mutating func writeBlock() throws(AudienceError) {
        guard blockRows > 0 else { return }
        let checksum = block.withUnsafeBytes { CRC32C.checksum($0) }
        directory.blocks.append(
            .init(byteCount: UInt32(block.count), rowCount: blockRows, checksum: checksum))
        try write(block)
        block.removeAll(keepingCapacity: true)
        blockRows = 0
    }

    /// Writes what is left and syncs the file.
    ///
    /// - Returns: the digest of the list.
    consuming func finish(list number: Int) throws(AudienceError) -> UInt32 {
        try writeBlock()
        directory.digest = directory.entriesDigest
        try writeDirectory(list: number)
        return directory.digest
    }

    /// Takes over a block of a list that is written anew.
    mutating func copy(_ bytes: [UInt8], rowCount: UInt32) throws(AudienceError) {
        block = bytes
        blockRows = rowCount
        try writeBlock()
    }

    /// Syncs a file that was written anew; the digest stays that of the list as it was sent.
    consuming func finish(list number: Int, digest: UInt32, erasedCount: UInt64) throws(AudienceError) {
        directory.digest = digest
        directory.erasedCount = erasedCount
        try writeDirectory(list: number)
    }

    private func writeDirectory(list number: Int) throws(AudienceError) {
        var end = directory.encoded(list: number)
        end.append(integer: UInt32(end.count))
        try write(end)
        guard steps.sync(descriptor, of: path) == 0 else { throw Self.failure("sync", path) }
    }

    private func write(_ bytes: [UInt8]) throws(AudienceError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { bytes in
                let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
                return Glibc.write(descriptor, rest.baseAddress, rest.count)
            }
            guard count > 0 || errno == EINTR else { throw Self.failure("write", path) }
            written += max(count, 0)
        }
    }

    /// A full disk is for the caller to see to; nothing of the list is believed then.
    static func failure(_ verb: String, _ path: String) -> AudienceError {
        let isFull = errno == ENOSPC || errno == EDQUOT
        return AudienceError(
            isFull ? .storageFull : .storageFailed,
            "Could not \(verb) \(path): \(String(cString: strerror(errno))). Nothing was sent.")
    }
}
