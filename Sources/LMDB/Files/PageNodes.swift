internal import Glibc

/// The rows or children of a page, each checked to lie inside of it.
struct PageNodes {
    let bytes: [UInt8]
    let isLeaf: Bool
    /// Where each node begins.
    private let starts: [Int]

    static let headerSize = 16
    private static let nodeSize = 8
    private static let isOverflowing: UInt16 = 0x01
    private static let isTable: UInt16 = 0x02

    /// A node of a leaf.
    struct Row {
        var key: Range<Int>
        /// Where the value lies in the page, if it does.
        var inline: Range<Int>?
        /// The first of the pages that hold the value, if they do, and how long it is.
        var overflowPage: UInt64?
        var byteCount: Int
        /// The value is the head of another table.
        var isTable: Bool
    }

    /// Why a page cannot be read.
    struct Refusal: Error {
        let reason: String
    }

    init(_ bytes: [UInt8], page number: UInt64) throws(Refusal) {
        guard bytes.word(at: 0, UInt64.self) == number else { throw Refusal(reason: "bears another number") }
        let kind = bytes.word(at: 10, UInt16.self)
        guard kind == PageKind.branch || kind == PageKind.leaf else { throw Refusal(reason: "is of no known kind") }
        self.bytes = bytes
        isLeaf = kind == PageKind.leaf
        let (lower, upper) = (Int(bytes.word(at: 12, UInt16.self)), Int(bytes.word(at: 14, UInt16.self)))
        guard lower >= Self.headerSize, lower % 2 == 0, lower <= upper, upper <= bytes.count else {
            throw Refusal(reason: "has no sound bounds")
        }
        starts = stride(from: Self.headerSize, to: lower, by: 2).map { Int(bytes.word(at: $0, UInt16.self)) }
        // An empty leaf is never stored, and a branch of one child never followed.
        guard starts.count >= (isLeaf ? 1 : 2) else { throw Refusal(reason: "has too few nodes") }
        for start in starts {
            guard start >= upper, start % 2 == 0, start + Self.nodeSize <= bytes.count,
                end(ofNodeAt: start) <= bytes.count
            else { throw Refusal(reason: "has a node outside of it") }
        }
    }

    var count: Int { starts.count }

    func key(_ index: Int) -> Range<Int> {
        let start = starts[index] + Self.nodeSize
        return start..<start + Int(bytes.word(at: starts[index] + 6, UInt16.self))
    }

    /// The page of a child, for a branch.
    func child(_ index: Int) -> UInt64 {
        let start = starts[index]
        return UInt64(bytes.word(at: start, UInt32.self)) | UInt64(bytes.word(at: start + 4, UInt16.self)) << 32
    }

    /// A row, for a leaf.
    func row(_ index: Int) -> Row {
        let start = starts[index]
        let key = key(index)
        let size = Int(bytes.word(at: start, UInt32.self))
        let flags = bytes.word(at: start + 4, UInt16.self)
        let isOverflowing = flags & Self.isOverflowing != 0
        return Row(
            key: key, inline: isOverflowing ? nil : key.upperBound..<key.upperBound + size,
            overflowPage: isOverflowing ? bytes.word(at: key.upperBound, UInt64.self) : nil, byteCount: size,
            isTable: flags & Self.isTable != 0)
    }

    /// Whether the flags of a row are those that tables without duplicate keys have.
    func hasKnownFlags(_ index: Int) -> Bool {
        bytes.word(at: starts[index] + 4, UInt16.self) & ~(Self.isOverflowing | Self.isTable) == 0
    }

    private func end(ofNodeAt start: Int) -> Int {
        let keyEnd = start + Self.nodeSize + Int(bytes.word(at: start + 6, UInt16.self))
        guard isLeaf else { return keyEnd }
        if bytes.word(at: start + 4, UInt16.self) & Self.isOverflowing != 0 { return keyEnd + 8 }
        return keyEnd + Int(bytes.word(at: start, UInt32.self))
    }

    /// Whether one key stands before the other, as LMDB orders them.
    func precedes(_ left: Range<Int>, _ right: Range<Int>, numeric: Bool) -> Bool {
        Self.precedes(bytes[left], bytes[right], numeric: numeric)
    }

    static func precedes(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>, numeric: Bool) -> Bool {
        guard numeric else {
            return left.withUnsafeBytes { left in
                right.withUnsafeBytes { right in
                    guard let first = left.baseAddress, let second = right.baseAddress else { return left.isEmpty }
                    let order = memcmp(first, second, min(left.count, right.count))
                    return order < 0 || order == 0 && left.count < right.count
                }
            }
        }
        return left.reversed().lexicographicallyPrecedes(right.reversed())
    }
}
