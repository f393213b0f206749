/// The rows of a block of a recipient file: two texts each, with their lengths before them.
enum RecipientBlock {
    /// Where the texts of the row at the offset are, which is moved behind it; nil if the block ends before.
    static func row(in block: [UInt8], at offset: inout Int) -> (contact: Range<Int>, email: Range<Int>)? {
        guard let contact = text(in: block, at: &offset), let email = text(in: block, at: &offset) else { return nil }
        return (contact, email)
    }

    private static func text(in block: [UInt8], at offset: inout Int) -> Range<Int>? {
        var count = 0
        var shift = 0
        repeat {
            guard offset < block.count, shift < 28 else { return nil }
            count |= Int(block[offset] & 0x7F) << shift
            shift += 7
            offset += 1
        } while block[offset - 1] >= 0x80
        guard count <= block.count - offset else { return nil }
        defer { offset += count }
        return offset..<offset + count
    }
}
