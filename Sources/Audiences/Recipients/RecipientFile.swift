internal import EventLog
internal import Glibc
internal import SegmentEngine
internal import SegmentModel

/// A recipient file that is read: opened, its directory compared with what the definition says of the list.
final class RecipientFile: Sendable {
    let list: RecipientList
    let directory: RecipientDirectory
    private let descriptor: CInt
    /// Where each block begins.
    private let offsets: [Int]

    init(_ list: RecipientList, path: String) throws(AudienceError) {
        self.list = list
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw Self.damage(list, "its file \(path) cannot be opened (\(String(cString: strerror(errno))))")
        }
        let size = Int(lseek(descriptor, 0, SEEK_END))
        guard let directory = Self.directory(in: descriptor, size: size, list: list.number), directory.isAsFrozen,
            directory.digest == list.digest, directory.rowCount + Int(directory.erasedCount) == list.recipients
        else {
            let version = Self.version(in: descriptor, size: size)
            close(descriptor)
            if let version, version != RecipientDirectory.version {
                throw Self.damage(
                    list,
                    "its file \(path) is of version \(version); this version of segmentd reads version "
                        + "\(RecipientDirectory.version)")
            }
            throw Self.damage(list, "the directory of its file \(path) is not what was written")
        }
        self.descriptor = descriptor
        self.directory = directory
        offsets = directory.blocks.reduce(into: [0]) { $0.append($0[$0.count - 1] + Int($1.byteCount)) }
    }

    deinit { close(descriptor) }

    /// The version that a file says it is of; nil if it has no place for one.
    private static func version(in descriptor: CInt, size: Int) -> UInt8? {
        guard size >= 4, let end = bytes(of: descriptor, at: size - 4, count: 4) else { return nil }
        let length: UInt32 = end.integer(at: 0)
        let start = size - 4 - Int(length)
        return start >= 0 ? bytes(of: descriptor, at: start, count: 1)?.first : nil
    }

    private static func directory(in descriptor: CInt, size: Int, list number: Int) -> RecipientDirectory? {
        guard size >= 4, let end = bytes(of: descriptor, at: size - 4, count: 4) else { return nil }
        let length: UInt32 = end.integer(at: 0)
        let start = size - 4 - Int(length)
        guard start >= 0, let record = bytes(of: descriptor, at: start, count: Int(length)),
            let directory = RecipientDirectory(record, list: number),
            directory.blocks.reduce(0, { $0 + Int($1.byteCount) }) == start
        else { return nil }
        return directory
    }

    /// The bytes of a block, its checksum compared.
    func block(_ index: Int) throws(AudienceError) -> [UInt8] {
        let entry = directory.blocks[index]
        guard let bytes = Self.bytes(of: descriptor, at: offsets[index], count: Int(entry.byteCount)),
            bytes.withUnsafeBytes({ CRC32C.checksum($0) }) == entry.checksum
        else { throw Self.damage(list, "block \(index + 1) of its file is not what was written") }
        return bytes
    }

    /// Compares the checksums of all blocks, so that a list that is handed out does not end in the middle.
    func verify() throws(AudienceError) {
        for index in directory.blocks.indices { _ = try block(index) }
    }

    static func damage(_ list: RecipientList, _ reason: String) -> AudienceError {
        AudienceError(
            .listDamaged,
            "The recipient list of “\(list.campaign)” (list \(list.number)) cannot be read: \(reason). Restore the file "
                + "from a backup.")
    }

    private static func bytes(of descriptor: CInt, at offset: Int, count: Int) -> [UInt8]? {
        var read = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            while read < count {
                let more = pread(descriptor, buffer.baseAddress.map { $0 + read }, count - read, off_t(offset + read))
                guard more > 0 || more < 0 && errno == EINTR else { break }
                read += max(more, 0)
            }
            initialized = read
        }
        return read == count ? bytes : nil
    }
}
