internal import Glibc

/// Files and directories, looked at and copied beside the product. What cannot be read is not there.
enum Tree {
    static func identity(of path: String) -> (inode: UInt64, isDirectory: Bool)? {
        var information = stat()
        guard lstat(path, &information) == 0 else { return nil }
        return (UInt64(information.st_ino), information.st_mode & S_IFMT == S_IFDIR)
    }

    /// The names in a directory, sorted.
    static func names(in directory: String) -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    static func parent(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }

    static func bytes(of path: String) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var information = stat()
        guard fstat(descriptor, &information) == 0 else { return [] }
        let size = Int(information.st_size)
        return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let more = pread(descriptor, buffer.baseAddress.map { $0 + count }, size - count, off_t(count))
                guard more > 0 else { return }
                count += more
            }
        }
    }

    static func write(_ bytes: [UInt8], to path: String) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress.map { $0 + written }, $0.count - written)
            }
            guard count > 0 else { return }
            written += count
        }
    }

    static func makeDirectory(_ path: String) {
        _ = mkdir(path, 0o700)
    }

    /// Locks say who has a directory open, and are no data.
    static func isLock(_ name: String) -> Bool { name == "lock" || name == "lock.mdb" }

    /// Calls the body with each file's path below the directory.
    static func forEachFile(below root: String, path: String = "", _ body: (String) -> Void) {
        for name in names(in: root + path) {
            let place = path + "/" + name
            guard let (_, isDirectory) = identity(of: root + place) else { continue }
            if isDirectory { forEachFile(below: root, path: place, body) } else { body(place) }
        }
    }

    static func forEachDirectory(from root: String, _ body: (String) -> Void) {
        body(root)
        for name in names(in: root) where identity(of: root + "/" + name)?.isDirectory == true {
            forEachDirectory(from: root + "/" + name, body)
        }
    }

    /// Copies a directory with all it has but locks.
    static func copy(_ source: String, to target: String) {
        makeDirectory(target)
        for name in names(in: source) where !isLock(name) {
            let (from, to) = (source + "/" + name, target + "/" + name)
            guard let (_, isDirectory) = identity(of: from) else { continue }
            if isDirectory { copy(from, to: to) } else { write(bytes(of: from), to: to) }
        }
    }

    static func remove(_ path: String) {
        for name in names(in: path) {
            let place = path + "/" + name
            if identity(of: place)?.isDirectory == true { remove(place) } else { unlink(place) }
        }
        rmdir(path)
    }
}
