import FoundationEssentials
import Glibc

/// Bytes of files, to be damaged.
public enum FileBytes {
    /// Where the bytes first stand in the file.
    public static func position(of bytes: [UInt8], in path: String) throws -> Int? {
        guard let first = bytes.first else { return 0 }
        return try Data(contentsOf: URL(filePath: path)).withUnsafeBytes { content in
            guard let start = content.baseAddress else { return nil }
            var offset = 0
            // Not `firstRange(of:)`, which takes a hundred times as long.
            while content.count - offset >= bytes.count,
                let place = memchr(start + offset, Int32(first), content.count - offset - bytes.count + 1)
            {
                offset = start.distance(to: place)
                if memcmp(place, bytes, bytes.count) == 0 { return offset }
                offset += 1
            }
            return nil
        }
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
