internal import LMDB

/// What of a directory tree is on the disk for certain, and what the system may still hold in memory only.
///
/// A file is certain as it was when it was synced last; later bytes may be lost, whole or by sectors. A name is certain
/// once its directory was synced; of later changes to a directory's names a power loss leaves those up to any one of
/// them. Directories and files are told apart by their inodes, so a rename moves what is known of them.
struct DiskModel {
    struct Node {
        var isDirectory: Bool
        /// A file's bytes as of its last sync; nil: never.
        var synced: [UInt8]?
        /// A file's bytes when its last name went.
        var gone: [UInt8]?
        /// A directory's names as of its last sync and after each later change.
        var listings: [[String: Int]] = [[:]]
    }

    private(set) var nodes: [Node] = []
    private var live: [UInt64: Int] = [:]
    let root: String

    /// Everything in the directory is on the disk, but for what `unsynced` says by path of a file: that is there then.
    init(root: String, synced: [String: [UInt8]] = [:]) {
        self.root = root
        adopt(root, synced: synced, path: "")
    }

    private mutating func adopt(_ directory: String, synced: [String: [UInt8]], path: String) {
        for name in Tree.names(in: directory) {
            let place = directory + "/" + name
            guard let number = node(at: place) else { continue }
            if nodes[number].isDirectory {
                adopt(place, synced: synced, path: path + "/" + name)
            } else {
                nodes[number].synced = synced[path + "/" + name] ?? Tree.bytes(of: place)
            }
        }
        guard let number = node(at: directory) else { return }
        nodes[number].listings = [listing(of: directory)]
    }

    /// What is known of the file or directory there; nil if there is none.
    mutating func node(at path: String) -> Int? {
        guard let (inode, isDirectory) = Tree.identity(of: path) else { return nil }
        if let known = live[inode] { return known }
        nodes.append(Node(isDirectory: isDirectory))
        live[inode] = nodes.count - 1
        return nodes.count - 1
    }

    private mutating func listing(of directory: String) -> [String: Int] {
        var listing: [String: Int] = [:]
        for name in Tree.names(in: directory) { listing[name] = node(at: directory + "/" + name) }
        return listing
    }

    /// Takes down the names in a directory, as one of the states that a power loss may leave.
    mutating func note(_ directory: String) {
        guard let number = node(at: directory) else { return }
        let now = listing(of: directory)
        if nodes[number].listings.last != now { nodes[number].listings.append(now) }
    }

    mutating func willTake(_ step: DurableStep) {
        switch step {
        case .rename(let path, let target):
            note(Tree.parent(of: path))
            forget(target)
        case .remove(let path):
            note(Tree.parent(of: path))
            forget(path)
        case .makeDirectory, .commit, .sync, .syncDirectory: break
        }
    }

    mutating func didTake(_ step: DurableStep) {
        switch step {
        case .makeDirectory(let path): note(Tree.parent(of: path))
        case .commit(let directory, let isSynced): if isSynced { sync(directory + "/data.mdb") }
        case .sync(let path): sync(path)
        case .syncDirectory(let path):
            note(path)
            guard let number = node(at: path) else { return }
            nodes[number].listings.removeFirst(nodes[number].listings.count - 1)
        case .rename(_, let target): note(Tree.parent(of: target))
        case .remove(let path): note(Tree.parent(of: path))
        }
    }

    private mutating func sync(_ path: String) {
        guard let number = node(at: path) else { return }
        nodes[number].synced = Tree.bytes(of: path)
    }

    /// The file there is about to lose its name, and its inode may soon be another's.
    private mutating func forget(_ path: String) {
        guard let (inode, _) = Tree.identity(of: path), let number = live.removeValue(forKey: inode) else { return }
        if !nodes[number].isDirectory { nodes[number].gone = Tree.bytes(of: path) }
    }

    /// The synced bytes of every file there is, by its path below the root.
    mutating func syncedFiles() -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        Tree.forEachFile(below: root) { path in
            if let number = node(at: root + path) { files[path] = nodes[number].synced ?? [] }
        }
        return files
    }

    /// Takes down the names everywhere.
    ///
    /// - Returns: the root's number, and the present bytes of every file by number.
    mutating func standing() -> (root: Int?, bytes: [Int: [UInt8]]) {
        var bytes: [Int: [UInt8]] = [:]
        Tree.forEachDirectory(from: root) { note($0) }
        Tree.forEachFile(below: root) { path in
            if let number = node(at: root + path) { bytes[number] = Tree.bytes(of: root + path) }
        }
        return (node(at: root), bytes)
    }
}
