internal import Glibc

/// The pages of an environment's data file, read from the file itself; and which of its two heads counts.
///
/// The form is that of liblmdb 0.9 on 64-bit little-endian machines: `struct MDB_page`, `MDB_node`, `MDB_meta` of mdb.c.
final class DataFile {
    let path: String
    let byteCount: Int
    private let descriptor: CInt
    private(set) var pageSize = 4096

    /// Nil if there is no file, or an empty one, which LMDB takes for a new environment.
    init?(directory: String) throws(FileDamage) {
        path = directory + "/data.mdb"
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        var status = stat()
        guard descriptor >= 0, fstat(descriptor, &status) == 0, status.st_size > 0 else {
            let code = errno
            let isMissing = descriptor >= 0 || code == ENOENT
            byteCount = 0
            if isMissing { return nil }
            throw FileDamage(
                path: path, page: nil, table: nil, lowerKey: nil, upperKey: nil,
                reason: "cannot be opened: \(String(cString: strerror(code)))")
        }
        byteCount = Int(status.st_size)
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Whole pages that the file has.
    var pageCount: UInt64 { UInt64(byteCount / pageSize) }

    func damage(
        _ page: UInt64?, _ reason: String, table: String? = nil, from lower: [UInt8]? = nil, to upper: [UInt8]? = nil
    ) -> FileDamage {
        FileDamage(path: path, page: page, table: table, lowerKey: lower, upperKey: upper, reason: reason)
    }

    /// The bytes of pages that follow each other; nil if the file ends before, or the disk does not give them.
    func pages(_ first: UInt64, count: UInt64 = 1) -> [UInt8]? {
        guard first < pageCount, count <= pageCount - first else { return nil }
        return bytes(at: Int(first) * pageSize, count: Int(count) * pageSize)
    }

    private func bytes(at offset: Int, count: Int) -> [UInt8]? {
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

    // MARK: Heads

    /// The head of the newest commit, after checking that both heads are those of commits that followed each other.
    func newestHead() throws(FileDamage) -> FileHead {
        let heads = try [head(0), head(1)]
        guard heads[0].pageSize == heads[1].pageSize else { throw damage(1, "names another page size than page 0") }
        let (even, odd) = (heads[0].transaction, heads[1].transaction)
        let isNew = even == 0 && odd == 0
        guard isNew || even % 2 == 0 && odd % 2 == 1 && (even == odd &+ 1 || odd == even &+ 1) else {
            throw damage(nil, "has heads of commits \(even) and \(odd), which never stand side by side")
        }
        return even > odd ? heads[0] : heads[odd > even ? 1 : 0]
    }

    /// The heads that can be read, newest first, whatever the other one is: for saving what is left.
    func readableHeads() -> [FileHead] {
        [0, 1].compactMap { try? head($0) }.sorted { $0.transaction > $1.transaction }
    }

    private func head(_ number: Int) throws(FileDamage) -> FileHead {
        let start = number * pageSize
        guard let bytes = bytes(at: start, count: FileHead.byteCount) else {
            throw damage(UInt64(number), "is cut off")
        }
        do throws(FileHead.Refusal) {
            let head = try FileHead(bytes)
            // The second head lies behind the first page, whatever its size.
            if number == 0 { pageSize = head.pageSize }
            return head
        } catch {
            throw damage(UInt64(number), error.reason)
        }
    }
}

/// One of the two heads of a data file: the roots of a commit.
struct FileHead {
    let pageSize: Int
    let transaction: UInt64
    let lastPage: UInt64
    let free: TreeHead
    let main: TreeHead

    struct Refusal: Error {
        let reason: String
    }

    static let byteCount = 152
    private static let magic: UInt32 = 0xBEEF_C0DE
    private static let version: UInt32 = 1
    private static let pageSizes = 512...65_536

    init(_ bytes: [UInt8]) throws(Refusal) {
        guard bytes.word(at: 10, UInt16.self) == PageKind.head, bytes.word(at: 16, UInt32.self) == Self.magic else {
            throw Refusal(reason: "is not the head of an LMDB environment")
        }
        let version = bytes.word(at: 20, UInt32.self)
        guard version == Self.version else {
            throw Refusal(reason: "is of LMDB's data version \(version); this program reads version \(Self.version)")
        }
        // The page size stands in the place of the free tree's unused first field.
        let size = Int(bytes.word(at: 40, UInt32.self))
        guard Self.pageSizes.contains(size), size.nonzeroBitCount == 1 else {
            throw Refusal(reason: "names a page size of \(size)")
        }
        pageSize = size
        free = TreeHead(bytes, at: 40)
        main = TreeHead(bytes, at: 88)
        lastPage = bytes.word(at: 136, UInt64.self)
        transaction = bytes.word(at: 144, UInt64.self)
    }
}

/// The root of a table's tree and what is counted of it: `struct MDB_db`.
struct TreeHead: Equatable {
    var flags: UInt16 = 0
    var depth: UInt16 = 0
    var branchPages: UInt64 = 0
    var leafPages: UInt64 = 0
    var overflowPages: UInt64 = 0
    var entries: UInt64 = 0
    var root: UInt64 = Self.noRoot

    static let byteCount = 48
    static let noRoot = UInt64.max
    /// Keys are numbers in the machine's order: the free tree's only.
    static let numericKeys: UInt16 = 0x08

    init() {}

    init(_ bytes: [UInt8], at offset: Int) {
        flags = bytes.word(at: offset + 4, UInt16.self)
        depth = bytes.word(at: offset + 6, UInt16.self)
        branchPages = bytes.word(at: offset + 8, UInt64.self)
        leafPages = bytes.word(at: offset + 16, UInt64.self)
        overflowPages = bytes.word(at: offset + 24, UInt64.self)
        entries = bytes.word(at: offset + 32, UInt64.self)
        root = bytes.word(at: offset + 40, UInt64.self)
    }
}

/// The flags of a page on disk: exactly one.
enum PageKind {
    static let branch: UInt16 = 0x01
    static let leaf: UInt16 = 0x02
    static let overflow: UInt16 = 0x04
    static let head: UInt16 = 0x08
}

extension [UInt8] {
    /// The little-endian number at an offset, which must lie inside.
    func word<Word: FixedWidthInteger & BitwiseCopyable>(at offset: Int, _ type: Word.Type) -> Word {
        withUnsafeBytes { Word(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: type)) }
    }
}
