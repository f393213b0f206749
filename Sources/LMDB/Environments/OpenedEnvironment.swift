internal import CLMDB
internal import Glibc

/// LMDB's handle with the directory it stands for, from a successful opening to the close.
struct OpenedEnvironment {
    let pointer: OpaquePointer
    // Held open: were the directory removed meanwhile, the system would give its identity to a new one.
    private let directoryDescriptor: CInt
    private let identity: DirectoryIdentity

    /// Opens the environment in the directory, making both if they are missing.
    init(directory: String, options: EnvironmentOptions) throws(LMDBError) {
        if !options.isReadOnly { try Self.makeDirectory(directory, options.steps) }
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        var status = stat()
        guard descriptor >= 0, fstat(descriptor, &status) == 0 else {
            throw LMDBError(.init(rawValue: errno), while: "opening the directory", path: directory)
        }
        let identity = DirectoryIdentity(status)
        do throws(LMDBError) {
            pointer = try Self.claimAndOpen(identity, descriptor, directory: directory, options: options)
        } catch {
            Glibc.close(descriptor)
            throw error
        }
        directoryDescriptor = descriptor
        self.identity = identity
    }

    /// Closes the handle and gives the directory back. No transaction may be open.
    func close() {
        mdb_env_close(pointer)
        OpenDirectories.release(identity)
        Glibc.close(directoryDescriptor)
    }

    private static func claimAndOpen(
        _ identity: DirectoryIdentity, _ descriptor: CInt, directory: String, options: EnvironmentOptions
    ) throws(LMDBError) -> OpaquePointer {
        guard OpenDirectories.claim(identity) else {
            throw LMDBError(.alreadyOpen, while: "opening", path: directory)
        }
        do throws(LMDBError) {
            return try openHandle(directory: directory, descriptor: descriptor, options: options)
        } catch {
            OpenDirectories.release(identity)
            throw error
        }
    }

    private static func makeDirectory(_ directory: String, _ steps: DurableSteps) throws(LMDBError) {
        guard steps.makeDirectory(directory) == 0 || errno == EEXIST else {
            throw LMDBError(.init(rawValue: errno), while: "making the directory", path: directory)
        }
    }

    private static func openHandle(
        directory: String, descriptor: CInt, options: EnvironmentOptions
    ) throws(LMDBError) -> OpaquePointer {
        var created: OpaquePointer?
        let result = mdb_env_create(&created)
        guard result == 0, let pointer = created else {
            throw LMDBError(.init(rawValue: result), while: "making the handle", path: directory)
        }
        do throws(LMDBError) {
            if !options.isReadOnly {
                try makeLockFile(in: directory, readerCount: Int(options.readerCountMax))
            }
            try configureAndOpen(pointer, directory: directory, options: options)
            try keepFromChildren(pointer, directory: directory)
            guard !options.isReadOnly else { return pointer }
            try syncDirectory(descriptor, path: directory, options.steps)
            try syncParent(of: descriptor, path: directory, options.steps)
            try coverUsedPages(pointer, directory: directory)
        } catch {
            mdb_env_close(pointer)
            throw error
        }
        return pointer
    }

    /// Sets aside the room of the lock file, which LMDB writes to through memory: were the disk full at such a moment, the
    /// process would be killed (SIGBUS). Here it is an error.
    private static func makeLockFile(in directory: String, readerCount: Int) throws(LMDBError) {
        // Nobody in this process has it open, whose locks would go with the descriptor.
        let path = directory + "/lock.mdb"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw LMDBError(.init(rawValue: errno), while: "making the lock file", path: directory)
        }
        defer { Glibc.close(descriptor) }
        let size = lseek(descriptor, 0, SEEK_END)
        // Another process may have mapped the file as long as it is.
        let result = posix_fallocate(
            descriptor, 0, size > 0 ? size : off_t((readerCount + 2) * lockFileBytesPerReader))
        guard result == 0 else {
            throw LMDBError(.init(rawValue: result), while: "setting aside room for the lock file", path: directory)
        }
    }

    /// A cache line, as each of the file's two heads is. LMDB takes a longer file than it needs for more readers.
    private static let lockFileBytesPerReader = 64

    private static func configureAndOpen(
        _ pointer: OpaquePointer, directory: String, options: EnvironmentOptions
    ) throws(LMDBError) {
        let page = sysconf(Int32(_SC_PAGESIZE))
        precondition(options.mapSizeBytes > 0, "a map has a size")
        let mapSize = (options.mapSizeBytes + page - 1) / page * page
        // Read transactions belong to their owner, not to a thread: a task may resume on another.
        var flags = UInt32(MDB_NOTLS)
        if options.durability == .unsynced {
            flags |= UInt32(MDB_NOSYNC)
        }
        if options.isReadOnly { flags |= UInt32(MDB_RDONLY | MDB_NOLOCK) }
        let steps = [
            mdb_env_set_mapsize(pointer, mapSize),
            mdb_env_set_maxdbs(pointer, options.tableCountMax),
            mdb_env_set_maxreaders(pointer, options.readerCountMax),
            mdb_env_open(pointer, directory, flags, 0o600),
        ]
        for result in steps where result != 0 {
            throw LMDBError(.init(rawValue: result), while: "opening", path: directory)
        }
    }

    /// LMDB leaves the data file's descriptor open in every program that a child executes: close it there.
    private static func keepFromChildren(_ pointer: OpaquePointer, directory: String) throws(LMDBError) {
        let descriptor = dataDescriptor(pointer)
        let flags = fcntl(descriptor, F_GETFD)
        guard flags >= 0, fcntl(descriptor, F_SETFD, flags | FD_CLOEXEC) == 0 else {
            throw LMDBError(.init(rawValue: errno), while: "marking the descriptor", path: directory)
        }
    }

    private static func dataDescriptor(_ pointer: OpaquePointer) -> CInt {
        var descriptor: CInt = -1
        mdb_env_get_fd(pointer, &descriptor)
        return descriptor
    }

    /// LMDB syncs its file but never the directory entries that lead to it.
    private static func syncDirectory(
        _ descriptor: CInt, path: String, _ steps: DurableSteps
    ) throws(LMDBError) {
        guard steps.syncDirectory(descriptor, of: path) == 0 else {
            throw LMDBError(.init(rawValue: errno), while: "syncing the directory", path: path)
        }
    }

    private static func syncParent(
        of descriptor: CInt, path: String, _ steps: DurableSteps
    ) throws(LMDBError) {
        let parent = openat(descriptor, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard parent >= 0 else {
            throw LMDBError(.init(rawValue: errno), while: "opening the parent directory", path: path)
        }
        defer { Glibc.close(parent) }
        try syncDirectory(parent, path: path + "/..", steps)
    }

    /// Makes the file as long as the pages it counts, with a hole at its end.
    ///
    /// A sound file may lack its last pages, if a transaction took and freed them before they were written; so
    /// may a file that was cut off, and reading beyond its end would kill the process (SIGBUS). With the hole
    /// the first is as before and the second answers `corrupted`.
    private static func coverUsedPages(_ pointer: OpaquePointer, directory: String) throws(LMDBError) {
        guard let length = missingLength(pointer) else { return }
        // The write lock keeps other processes from growing the file meanwhile.
        var transaction: OpaquePointer?
        let begun = mdb_txn_begin(pointer, nil, 0, &transaction)
        guard begun == 0 else {
            throw LMDBError(.init(rawValue: begun), while: "completing the file", path: directory)
        }
        defer { mdb_txn_abort(transaction) }
        guard missingLength(pointer) != nil else { return }
        guard ftruncate(dataDescriptor(pointer), length) == 0 else {
            throw LMDBError(.init(rawValue: errno), while: "completing the file", path: directory)
        }
    }

    private static func missingLength(_ pointer: OpaquePointer) -> Int? {
        var file = stat()
        var status = MDB_stat()
        var environment = MDB_envinfo()
        guard fstat(dataDescriptor(pointer), &file) == 0,
            mdb_env_stat(pointer, &status) == 0,
            mdb_env_info(pointer, &environment) == 0
        else { return nil }
        let length = (environment.me_last_pgno + 1) * Int(status.ms_psize)
        return file.st_size < length ? length : nil
    }
}
