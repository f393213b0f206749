internal import CLMDB
internal import Glibc

extension Environment {
    /// Writes the environment as of now into a new one in `directory`, without free pages: what was deleted is not in it.
    ///
    /// Writers go on meanwhile. The directory must exist and hold no environment; when this returns, the copy is on disk,
    /// for its owner alone. A copy that fails leaves nothing. Holds one read transaction for as long as the disk takes.
    public func copyCompacted(to directory: String) throws(LMDBError) {
        try beginUse(while: "copying")
        defer { endUse() }
        let path = directory + "/data.mdb"
        // A descriptor of our own: LMDB would give the file to everybody and leave half of it where it failed.
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw LMDBError(.init(rawValue: errno), while: "copying", path: path) }
        var result = mdb_env_copyfd2(handle, descriptor, UInt32(MDB_CP_COMPACT))
        if result == 0, fsync(descriptor) != 0 { result = errno }
        Glibc.close(descriptor)
        if result == 0 { result = Self.syncDirectory(directory) }
        guard result == 0 else {
            unlink(path)
            throw LMDBError(.init(rawValue: result), while: "copying", path: path)
        }
    }

    private static func syncDirectory(_ path: String) -> CInt {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return errno }
        defer { Glibc.close(descriptor) }
        return fsync(descriptor) == 0 ? 0 : errno
    }
}
