import SegmentEngine
import SegmentModel

/// Who must be in which segment, as another program worked it out.
///
/// A line `at INSTANT` says when the lines below it are true. Those say of a segment its name, how many members it has,
/// and the CRC-32 (as of zlib) of their ids, in the order of their bytes, with line feeds between.
struct MemberList {
    /// The segments of one instant.
    struct Section {
        let instant: Instant
        fileprivate(set) var expected: [Expected] = []
    }

    struct Expected {
        let name: String
        let count: Int
        let checksum: UInt32
    }

    /// In the order of their instants.
    private(set) var sections: [Section] = []

    var count: Int { sections.reduce(0) { $0 + $1.expected.count } }

    /// Whether the list is about these definitions, by their names.
    func covers(_ definitions: Definitions) -> Bool {
        Set(sections.flatMap(\.expected).map(\.name)) == Set(definitions.all.map(\.name))
    }

    init(_ path: String) throws {
        let text = String(decoding: try InputFile.readAll(path), as: UTF8.self)
        for line in text.split(separator: "\n") {
            if line.hasPrefix("at ") {
                sections.append(Section(instant: try Instant(rfc3339: String(line.dropFirst(3)))))
            } else if let expected = Expected(line), !sections.isEmpty {
                sections[sections.count - 1].expected.append(expected)
            } else {
                throw BenchFailure("\(path): “\(line)” is not a name, a count and a CRC-32 below an “at INSTANT”.")
            }
        }
        guard !sections.isEmpty else { throw BenchFailure("\(path) is empty.") }
        sections.sort { $0.instant < $1.instant }
    }
}

extension MemberList.Expected {
    fileprivate init?(_ line: Substring) {
        let parts = line.split(separator: " ")
        guard parts.count == 3, let count = Int(parts[1]), let checksum = UInt32(parts[2], radix: 16) else {
            return nil
        }
        self.init(name: String(parts[0]), count: count, checksum: checksum)
    }
}

extension MemberList.Section {
    /// What is not as it should be, a sentence for each segment.
    func differences(to snapshot: EngineSnapshot) -> [String] {
        expected.compactMap { expected in
            guard let members = snapshot.members(of: expected.name), let count = snapshot.count(of: expected.name)
            else {
                return "\(expected.name) is not defined"
            }
            guard count == expected.count, members.count == count else {
                return "\(expected.name) has \(members.count) members and counts \(count), not \(expected.count)"
            }
            let checksum = Self.checksum(snapshot.page(of: members).lazy.map(\.text))
            return checksum == expected.checksum ? nil : "\(expected.name) has the right count and other members"
        }
    }

    private static func checksum(_ ids: some Sequence<String>) -> UInt32 {
        var checksum = CRC32()
        var isFirst = true
        for var id in ids {
            if !isFirst { checksum.update(UInt8(ascii: "\n")) }
            isFirst = false
            id.withUTF8 { for byte in $0 { checksum.update(byte) } }
        }
        return checksum.value
    }
}

/// The checksum of zlib, gzip and PNG (polynomial 0xEDB88320, reflected).
struct CRC32 {
    private var state: UInt32 = .max

    var value: UInt32 { ~state }

    mutating func update(_ byte: UInt8) {
        state = Self.table[Int(UInt8(truncatingIfNeeded: state) ^ byte)] ^ (state >> 8)
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
    }
}
