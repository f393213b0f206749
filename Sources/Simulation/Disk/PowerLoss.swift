internal import RandomWorlds

/// Writes a directory tree as a power loss may have left it.
struct PowerLoss {
    private let nodes: [DiskModel.Node]
    private let bytes: [Int: [UInt8]]
    private var random: SeededGenerator

    /// What a disk writes as a whole.
    private static let sectorSize = 512

    /// - Parameter bytes: the present bytes of every file by number.
    init(_ nodes: [DiskModel.Node], bytes: [Int: [UInt8]], random: SeededGenerator) {
        self.nodes = nodes
        self.bytes = bytes
        self.random = random
    }

    mutating func write(_ directory: Int, to path: String) {
        Tree.makeDirectory(path)
        let listings = nodes[directory].listings
        // What nobody synced is as often there as not.
        let listing =
            random.chance(0.5) ? random.pick(listings) : random.pick([listings[0], listings[listings.count - 1]])
        for (name, number) in listing.sorted(by: { $0.key < $1.key }) {
            if nodes[number].isDirectory {
                write(number, to: path + "/" + name)
            } else if !Tree.isLock(name) {
                Tree.write(rebooted(content(of: number), name), to: path + "/" + name)
            }
        }
    }

    private mutating func content(of number: Int) -> [UInt8] {
        let old = nodes[number].synced ?? []
        guard let new = bytes[number] ?? nodes[number].gone, new != old else { return old }
        switch Int.random(in: 0..<4, using: &random) {
        case 0: return old
        case 1: return new
        default: return torn(old, new)
        }
    }

    /// Some sectors are written and others are not.
    private mutating func torn(_ old: [UInt8], _ new: [UInt8]) -> [UInt8] {
        let count = random.pick([old.count, new.count, max(old.count, new.count)])
        var result = [UInt8](repeating: 0, count: count)
        for start in stride(from: 0, to: count, by: Self.sectorSize) {
            let source = random.chance(0.5) ? new : old
            let end = min(start + Self.sectorSize, count, source.count)
            if start < end { result.replaceSubrange(start..<end, with: source[start..<end]) }
        }
        return result
    }

    /// After a power loss the machine has another boot than the one that an index was left open in.
    private func rebooted(_ content: [UInt8], _ name: String) -> [UInt8] {
        guard name == "TRUST", content.starts(with: Array("dirty ".utf8)) else { return content }
        return Array("dirty 00000000-0000-0000-0000-000000000000\n".utf8)
    }
}
