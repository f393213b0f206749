/// A file system as a power loss may find it: of every file and directory, what is on the disk for certain, and what was
/// done since.
///
/// - Bytes are on the disk once a later sync of their file returned, or with a write that was itself durable. Of what was
///   written since, any piece of `sectorSize` bytes may have got there, in any order.
/// - Names are on the disk once a later sync of their directory returned. Of what was done to a directory since, the
///   first so many changes may have got there: each is whole, none overtakes another of the same directory, and
///   directories know nothing of each other. A sync of a file says nothing of its name.
///
/// That is weaker than what journalling file systems give, whose one journal keeps all names in order.
struct DiskModel {
    static let sectorSize = 512

    /// A guarantee of the system that a model may leave out, to see that the campaign finds it missing.
    enum Guarantee: String, CaseIterable {
        /// Syncs of the log's file, with the durability of its last write: LMDB's MDB_NOSYNC.
        case logSync = "log-sync"
        /// Durable writes, by which LMDB names the root of a commit: MDB_NOMETASYNC.
        case metaSync = "meta-sync"
        /// Syncs of directories.
        case directorySync = "directory-sync"
    }

    private enum Change {
        /// - Parameter isKept: it is on the disk already, and stands here because nothing before it may undo it.
        case write(offset: Int, bytes: [UInt8], isKept: Bool)
        case truncate(size: Int)
    }

    private enum NameChange {
        case set(String, Int)
        case remove(String)
        case rename(String, String)
    }

    private struct File {
        var durable: [UInt8] = []
        var changes: [Change] = []
    }

    private struct Directory {
        var durable: [String: Int] = [:]
        var changes: [NameChange] = []
        var present: [String: Int] = [:]
    }

    private enum Node {
        case file(File)
        case directory(Directory)
    }

    private let disregarded: Guarantee?
    /// Never forgotten: a name that was removed may come back.
    private var nodes: [Node] = [.directory(Directory())]

    init(disregarding guarantee: Guarantee? = nil) {
        disregarded = guarantee
    }

    // MARK: What happens

    mutating func apply(_ operation: Trace.Operation) throws {
        switch operation {
        case .write(let path, let offset, let bytes, let isDurable):
            try write(bytes, at: offset, to: path, isDurable: isDurable)
        case .truncate(let path, let size): try change(path) { $0.changes.append(.truncate(size: size)) }
        case .sync(let path): try sync(path)
        case .create(let path): try link(path, .file(File()))
        case .makeDirectory(let path): try link(path, .directory(Directory()))
        case .rename(let path, let other): try rename(path, to: other)
        case .remove(let path):
            let (parent, name) = try place(of: path)
            change(directory: parent, .remove(name))
        case .mark: break
        }
    }

    private mutating func write(_ bytes: [UInt8], at offset: Int, to path: String, isDurable: Bool) throws {
        let isKept = isDurable && disregarded != .metaSync && !(disregarded == .logSync && Self.isLog(path))
        try change(path) { file in
            file.changes.append(.write(offset: offset, bytes: bytes, isKept: isKept))
            if isKept { Self.put(bytes, at: offset, into: &file.durable) }
        }
    }

    private static func isLog(_ path: String) -> Bool { path.hasSuffix("/log/data.mdb") }

    private mutating func sync(_ path: String) throws {
        let number = try number(of: path)
        switch nodes[number] {
        case .file(var file):
            guard disregarded != .logSync || !Self.isLog(path) else { return }
            for change in file.changes { Self.apply(change, to: &file.durable) }
            file.changes = []
            nodes[number] = .file(file)
        case .directory(var directory):
            guard disregarded != .directorySync else { return }
            directory.durable = directory.present
            directory.changes = []
            nodes[number] = .directory(directory)
        }
    }

    private mutating func link(_ path: String, _ node: Node) throws {
        let (parent, name) = try place(of: path)
        nodes.append(node)
        change(directory: parent, .set(name, nodes.count - 1))
    }

    private mutating func rename(_ path: String, to other: String) throws {
        let (parent, name) = try place(of: path)
        let (target, newName) = try place(of: other)
        guard parent != target else { return change(directory: parent, .rename(name, newName)) }
        // Two changes, of which each may be lost without the other.
        change(directory: target, .set(newName, try number(of: path)))
        change(directory: parent, .remove(name))
    }

    private mutating func change(directory number: Int, _ change: NameChange) {
        guard case .directory(var directory) = nodes[number] else { return }
        directory.changes.append(change)
        Self.apply(change, to: &directory.present)
        nodes[number] = .directory(directory)
    }

    private mutating func change(_ path: String, _ body: (inout File) -> Void) throws {
        let number = try number(of: path)
        guard case .file(var file) = nodes[number] else { throw Violation("\(path) is no file") }
        // Not in two places, so that it is not copied.
        nodes[number] = .directory(Directory())
        body(&file)
        nodes[number] = .file(file)
    }

    private func number(of path: String) throws -> Int {
        var number = 0
        for name in path.split(separator: "/") {
            guard case .directory(let directory) = nodes[number], let next = directory.present[String(name)] else {
                throw Violation("the recording knows nothing of how \(path) came to be")
            }
            number = next
        }
        return number
    }

    private func place(of path: String) throws -> (parent: Int, name: String) {
        let slash = path.lastIndex(of: "/")
        let parent = try number(of: slash.map { String(path[..<$0]) } ?? "")
        return (parent, String(slash.map { path[path.index(after: $0)...] } ?? path[...]))
    }

    private static func apply(_ change: Change, to bytes: inout [UInt8]) {
        switch change {
        case .write(let offset, let written, _): put(written[...], at: offset, into: &bytes)
        case .truncate(let size):
            if size < bytes.count {
                bytes.removeLast(bytes.count - size)
            } else {
                bytes.append(contentsOf: repeatElement(0, count: size - bytes.count))
            }
        }
    }

    private static func put(_ written: some Collection<UInt8>, at offset: Int, into bytes: inout [UInt8]) {
        if bytes.count < offset + written.count {
            bytes.append(contentsOf: repeatElement(0, count: offset + written.count - bytes.count))
        }
        bytes.replaceSubrange(offset..<offset + written.count, with: written)
    }

    private static func apply(_ change: NameChange, to names: inout [String: Int]) {
        switch change {
        case .set(let name, let number): names[name] = number
        case .remove(let name): names[name] = nil
        case .rename(let name, let other):
            names[other] = names[name]
            names[name] = nil
        }
    }
}

// MARK: What is left

extension DiskModel {
    /// How much of what was not synced is left.
    enum Loss: CaseIterable {
        case everything, some, nothing
    }

    /// The files and directories after a power loss; `bytes` is nil for a directory.
    ///
    /// - Parameters:
    ///   - data, names: what is lost of what was written, and of what was done to directories.
    ///   - draw: a number below the bound, for what is lost in part.
    func image(losing data: Loss, names: Loss, draw: (Int) -> Int) -> [(path: String, bytes: [UInt8]?)] {
        var image: [(path: String, bytes: [UInt8]?)] = []
        append(0, "", data, names, draw, to: &image)
        return image
    }

    private func append(
        _ number: Int, _ path: String, _ data: Loss, _ names: Loss, _ draw: (Int) -> Int,
        to image: inout [(path: String, bytes: [UInt8]?)]
    ) {
        switch nodes[number] {
        case .file(let file): image.append((path, Self.bytes(of: file, losing: data, draw)))
        case .directory(let directory):
            if !path.isEmpty { image.append((path, nil)) }
            for (name, child) in Self.names(of: directory, losing: names, draw).sorted(by: { $0.key < $1.key }) {
                append(child, path.isEmpty ? name : path + "/" + name, data, names, draw, to: &image)
            }
        }
    }

    private static func names(of directory: Directory, losing loss: Loss, _ draw: (Int) -> Int) -> [String: Int] {
        let count =
            switch loss {
            case .everything: 0
            case .some: draw(directory.changes.count + 1)
            case .nothing: directory.changes.count
            }
        var names = directory.durable
        for change in directory.changes.prefix(count) { apply(change, to: &names) }
        return names
    }

    private static func bytes(of file: File, losing loss: Loss, _ draw: (Int) -> Int) -> [UInt8] {
        guard loss != .everything else { return file.durable }
        var bytes = file.durable
        for change in file.changes {
            switch change {
            case .write(let offset, let written, isKept: false) where loss == .some:
                for start in stride(from: 0, to: written.count, by: sectorSize) where draw(2) == 0 {
                    put(written[start..<min(start + sectorSize, written.count)], at: offset + start, into: &bytes)
                }
            case .write: apply(change, to: &bytes)
            case .truncate: if loss == .nothing || draw(2) == 0 { apply(change, to: &bytes) }
            }
        }
        return bytes
    }
}
