internal import Glibc

/// Sizes of stores' files on disk.
enum StoreFile {
    /// The data file of the store in a directory, in bytes; 0 if there is none.
    static func bytes(in directory: String) -> Int {
        var information = stat()
        guard stat(directory + "/data.mdb", &information) == 0 else { return 0 }
        return Int(information.st_size)
    }

    /// The newest of the views in a directory, likewise.
    static func viewBytes(in directory: String) -> Int {
        let names = (try? Directories.names(in: directory)) ?? []
        return names.compactMap { Int($0) }.max().map { bytes(in: directory + "/\($0)") } ?? 0
    }
}
