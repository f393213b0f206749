internal import EventLog
internal import Glibc
internal import LMDB

// Erasing a contact from recipient lists: the bytes of its row become zeros in a new file, which takes the place of the old.
extension RecipientStore {
    /// Blanks the rows of contacts in a list. A list whose file is gone has none.
    ///
    /// - Parameter contacts: the bytes of their ids.
    /// - Returns: how many rows; the file is left as it is if there are none.
    func blank(_ contacts: Set<[UInt8]>, in list: RecipientList) throws(AudienceError) -> Int {
        guard access(path(list.number), F_OK) == 0 else { return 0 }
        let file = try open(list)
        guard try hasRow(of: contacts, in: file) else { return 0 }
        let unfinished = directory + "/unfinished"
        var writer = try RecipientWriter(path: unfinished, steps: steps)
        var count = 0
        for index in file.directory.blocks.indices {
            var block = try file.block(index)
            count += RecipientBlock.blank(contacts, in: &block)
            try writer.copy(block, rowCount: file.directory.blocks[index].rowCount)
        }
        try writer.finish(
            list: list.number, digest: file.directory.digest, erasedCount: file.directory.erasedCount + UInt64(count))
        guard steps.rename(unfinished, to: path(list.number)) == 0 else {
            throw RecipientWriter.failure("write", path(list.number))
        }
        try Directories.sync(directory, steps)
        return count
    }

    private func hasRow(of contacts: Set<[UInt8]>, in file: RecipientFile) throws(AudienceError) -> Bool {
        for index in file.directory.blocks.indices {
            var block = try file.block(index)
            if RecipientBlock.blank(contacts, in: &block) > 0 { return true }
        }
        return false
    }
}

extension RecipientBlock {
    /// Makes zeros of the texts of the contacts' rows; their lengths stay.
    ///
    /// - Returns: how many rows.
    fileprivate static func blank(_ contacts: Set<[UInt8]>, in block: inout [UInt8]) -> Int {
        var count = 0
        var offset = 0
        while let (contact, email) = row(in: block, at: &offset) {
            guard contacts.contains(Array(block[contact])) else { continue }
            for place in [contact, email] { block.replaceSubrange(place, with: repeatElement(0, count: place.count)) }
            count += 1
        }
        return count
    }
}
