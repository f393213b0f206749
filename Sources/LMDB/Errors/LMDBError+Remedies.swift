internal import CLMDB

// What an operator reads in the log: one sentence of cause, one of remedy.
extension LMDBError.Code {
    /// The code as LMDB's or the kernel's manual spells it.
    public var name: String {
        switch self {
        case .alreadyOpen: "already open"
        case .closed: "closed"
        case .malformed: "malformed row"
        case .keyExists: "MDB_KEYEXIST"
        case .notFound: "MDB_NOTFOUND"
        case .pageNotFound: "MDB_PAGE_NOTFOUND"
        case .corrupted: "MDB_CORRUPTED"
        case .panic: "MDB_PANIC"
        case .versionMismatch: "MDB_VERSION_MISMATCH"
        case .invalid: "MDB_INVALID"
        case .mapFull: "MDB_MAP_FULL"
        case .tablesFull: "MDB_DBS_FULL"
        case .readersFull: "MDB_READERS_FULL"
        case .transactionFull: "MDB_TXN_FULL"
        case .cursorFull: "MDB_CURSOR_FULL"
        case .pageFull: "MDB_PAGE_FULL"
        case .mapResized: "MDB_MAP_RESIZED"
        case .incompatible: "MDB_INCOMPATIBLE"
        case .badReaderSlot: "MDB_BAD_RSLOT"
        case .badTransaction: "MDB_BAD_TXN"
        case .badValueSize: "MDB_BAD_VALSIZE"
        case .badTable: "MDB_BAD_DBI"
        default: "error \(rawValue)"
        }
    }

    /// Why this happens and what ends it.
    var causeAndRemedy: String {
        switch self {
        case .keyExists, .badTransaction, .badValueSize, .badTable, .badReaderSlot, .malformed, .closed, .notFound:
            causeInProgram
        case .pageNotFound, .corrupted, .panic, .invalid, .versionMismatch, .cursorFull, .pageFull, .incompatible:
            causeInFile
        default:
            causeInSurroundings
        }
    }

    private var causeInProgram: String {
        switch self {
        case .keyExists: "the key exists, or an appended key is not above the last one. Nothing was written."
        case .badTransaction: "an earlier operation of this transaction failed. Let its error end the transaction."
        case .badValueSize: "a key must have 1 to 511 bytes and a value at most 2 GiB."
        case .badTable: "the transaction began before the table was opened. Open tables first."
        case .badReaderSlot: "two transactions used one reader slot. Use a read transaction on one thread at a time."
        case .closed: "the environment has been closed. Let its users end before it is closed."
        case .notFound: "the table does not exist in this environment."
        default: "a stored row does not have the form its table expects. The file is damaged or of another format."
        }
    }

    private var causeInFile: String {
        switch self {
        case .panic:
            "the newest meta page could not be written, and whether the last commit is on disk is unknown. "
                + "Restart the service; check the disk."
        case .invalid: "the file is not an LMDB environment. Restore the directory from a backup."
        case .versionMismatch:
            "the file was written by another version of LMDB, or its lock file is in use by one. "
                + "Use the version that wrote it, or restore from an export."
        case .incompatible: "the table exists with properties this module never uses. The file is not ours."
        default: "the file is damaged. Restore it from a backup, or delete and rebuild it if it is derived data."
        }
    }

    private var causeInSurroundings: String {
        switch self {
        case .alreadyOpen: "this process has the directory open. Share that environment: a second one breaks its locks."
        case .mapFull:
            "the map size is used up. Nothing was written and reading goes on. "
                + "Give the environment a larger map size and restart."
        case .tablesFull: "more tables than the environment was opened for. Raise tableCountMax."
        case .readersFull:
            "more read transactions at a time than the environment was opened for. "
                + "Ask for fewer at once, or raise readerCountMax once every process has closed the environment."
        case .transactionFull: "the transaction changed too many pages. Write in smaller batches."
        case .mapResized: "another process opened the environment with a larger map. Restart with that map size."
        case .inputOutput: "the disk failed. Writes must stop; check the disk and the kernel's log."
        case .outOfMemory: "no memory or address space. Lift the service's limits, or choose a smaller map size."
        case .accessDenied: "the directory or its files belong to another user."
        case .noSuchFile: "the parent directory does not exist."
        default: String(cString: mdb_strerror(rawValue)) + "."
        }
    }
}
