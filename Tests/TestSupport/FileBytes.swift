import FoundationEssentials

/// Bytes of files, to be damaged.
public enum FileBytes {
    /// Where the bytes first stand in the file.
    public static func position(of bytes: [UInt8], in path: String) throws -> Int? {
        let content = try Data(contentsOf: URL(filePath: path))
        return content.firstRange(of: Data(bytes))?.lowerBound
    }

    /// Flips one bit of the byte at that offset.
    public static func flipBit(at offset: Int, in path: String) throws {
        var content = try Data(contentsOf: URL(filePath: path))
        content[offset] ^= 0x10
        try content.write(to: URL(filePath: path))
    }

    /// The size of the file.
    public static func count(of path: String) throws -> Int {
        try Data(contentsOf: URL(filePath: path)).count
    }

    /// Cuts the file off.
    public static func truncate(to count: Int, _ path: String) throws {
        try Data(contentsOf: URL(filePath: path)).prefix(count).write(to: URL(filePath: path))
    }
}
