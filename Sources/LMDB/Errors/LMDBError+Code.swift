internal import CLMDB
internal import Glibc

extension LMDBError {
    /// One kind of refusal; open, because LMDB and the kernel may answer with codes unknown here.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// LMDB's code (-30799 ... -30780), an errno value (positive), or one of this module's own (-1 ...).
        public let rawValue: Int32

        /// Makes the code with that number.
        public init(rawValue: Int32) {
            self.rawValue = rawValue
        }
    }
}

// Refusals of this module.
extension LMDBError.Code {
    /// The directory is already open in this process.
    public static let alreadyOpen = Self(rawValue: -1)
    /// The environment has been closed.
    public static let closed = Self(rawValue: -2)
    /// Stored bytes are not what the table's codec writes.
    public static let malformed = Self(rawValue: -3)
}

// Answers of LMDB.
extension LMDBError.Code {
    /// The key exists, or an appended key is not above the last one.
    public static let keyExists = Self(rawValue: MDB_KEYEXIST)
    /// No such key; only a missing table shows it, other lookups answer nil or false.
    public static let notFound = Self(rawValue: MDB_NOTFOUND)
    /// A page that the tree points to does not exist.
    public static let pageNotFound = Self(rawValue: MDB_PAGE_NOTFOUND)
    /// A page is not of the kind the tree says.
    public static let corrupted = Self(rawValue: MDB_CORRUPTED)
    /// Writing the meta page failed: the environment is dead for reads and writes.
    public static let panic = Self(rawValue: MDB_PANIC)
    /// The file or the lock file was written by another version of LMDB.
    public static let versionMismatch = Self(rawValue: MDB_VERSION_MISMATCH)
    /// The file is not an LMDB environment.
    public static let invalid = Self(rawValue: MDB_INVALID)
    /// The map size is used up.
    public static let mapFull = Self(rawValue: MDB_MAP_FULL)
    /// More tables than `EnvironmentOptions.tableCountMax`.
    public static let tablesFull = Self(rawValue: MDB_DBS_FULL)
    /// More read transactions than `EnvironmentOptions.readerCountMax`.
    public static let readersFull = Self(rawValue: MDB_READERS_FULL)
    /// The transaction dirtied too many pages.
    public static let transactionFull = Self(rawValue: MDB_TXN_FULL)
    /// The tree is deeper than a cursor can follow.
    public static let cursorFull = Self(rawValue: MDB_CURSOR_FULL)
    /// A page has no room for a row that must fit.
    public static let pageFull = Self(rawValue: MDB_PAGE_FULL)
    /// Another process opened the file with a larger map.
    public static let mapResized = Self(rawValue: MDB_MAP_RESIZED)
    /// The table exists with other properties.
    public static let incompatible = Self(rawValue: MDB_INCOMPATIBLE)
    /// A reader slot was used by two transactions.
    public static let badReaderSlot = Self(rawValue: MDB_BAD_RSLOT)
    /// The transaction had failed before.
    public static let badTransaction = Self(rawValue: MDB_BAD_TXN)
    /// A key is empty or too long, or a value too large.
    public static let badValueSize = Self(rawValue: MDB_BAD_VALSIZE)
    /// The transaction is older than the table's handle.
    public static let badTable = Self(rawValue: MDB_BAD_DBI)
}

// Answers of the kernel.
extension LMDBError.Code {
    /// EIO: a failing disk, or a full one (`LMDBError.isDiskFull`).
    public static let inputOutput = Self(rawValue: EIO)
    /// ENOSPC: no space on the disk.
    public static let noSpace = Self(rawValue: ENOSPC)
    /// EDQUOT: the user's quota is used up.
    public static let quotaExceeded = Self(rawValue: EDQUOT)
    /// EACCES: the files or the directory belong to someone else.
    public static let accessDenied = Self(rawValue: EACCES)
    /// ENOENT: the parent directory does not exist.
    public static let noSuchFile = Self(rawValue: ENOENT)
    /// ENOMEM: no memory, or no address space for the map.
    public static let outOfMemory = Self(rawValue: ENOMEM)
}
