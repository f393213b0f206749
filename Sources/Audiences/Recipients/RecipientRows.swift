internal import SegmentEngine
internal import SegmentModel

/// Walks over the rows of a recipient file, a block at a time.
struct RecipientRows: Sendable {
    private let file: RecipientFile
    private var nextBlock = 0
    private var block: [UInt8] = []
    private var offset = 0

    init(_ file: RecipientFile) {
        self.file = file
    }

    /// Lends the next row's contact and e-mail address; false at the end. Rows of erased contacts are passed over.
    mutating func next(
        _ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) -> Void
    ) throws(AudienceError) -> Bool {
        while true {
            if offset == block.count {
                guard nextBlock < file.directory.blocks.count else { return false }
                block = try file.block(nextBlock)
                nextBlock += 1
                offset = 0
            }
            guard let (contact, email) = RecipientBlock.row(in: block, at: &offset) else {
                throw RecipientFile.damage(file.list, "a row of its file ends early")
            }
            // An erased contact's bytes are zeros, which no id has.
            if contact.isEmpty || block[contact.lowerBound] == 0 { continue }
            block.withUnsafeBytes {
                body(UnsafeRawBufferPointer(rebasing: $0[contact]), UnsafeRawBufferPointer(rebasing: $0[email]))
            }
            return true
        }
    }

    /// Moves behind a contact, which need not be in the list.
    mutating func skip(through contact: Identifier) throws(AudienceError) {
        // The last block that begins at or before the contact; those before it are not looked at.
        var (lower, upper) = (0, file.directory.blocks.count)
        while lower < upper {
            let middle = (lower + upper) / 2
            var rows = self
            rows.move(toBlock: middle)
            if let first = try rows.nextContact(), first > contact { upper = middle } else { lower = middle + 1 }
        }
        move(toBlock: max(lower - 1, 0))
        var ahead = self
        while let found = try ahead.nextContact(), found <= contact { self = ahead }
    }

    private mutating func move(toBlock index: Int) {
        nextBlock = index
        block = []
        offset = 0
    }

    /// The next row as a copy; nil at the end.
    mutating func nextRow() throws(AudienceError) -> (contact: [UInt8], email: [UInt8])? {
        var row: (contact: [UInt8], email: [UInt8])?
        _ = try next { row = (Array($0), Array($1)) }
        return row
    }

    private mutating func nextContact() throws(AudienceError) -> Identifier? {
        try nextRow().map { Identifier(String(decoding: $0.contact, as: UTF8.self)) }
    }
}

extension RecipientRows: RowSource {
    mutating func next(_ countMax: Int, _ cell: (MemberCell) -> Void) throws(AudienceError) -> Int {
        for count in 0..<countMax {
            let isThere = try next { contact, email in
                cell(.text(contact))
                cell(.text(email))
            }
            guard isThere else { return count }
        }
        return countMax
    }
}
