/// Looks at an environment's data file without opening it as one.
///
/// For files that nobody writes to: before an environment is opened, or in a directory that is kept closed meanwhile.
public enum EnvironmentFile {
    /// A row that was reached.
    public typealias RowVisit = (
        _ table: String, _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer?
    ) throws -> Void

    /// Checks that all pages are where they should be, so that LMDB can be let at the file; throws `FileDamage`.
    ///
    /// Cost: a read of every page of the trees, and of the pages of large values if `readsValues`.
    ///
    /// - Parameters:
    ///   - readsValues: whether values that lie in pages of their own are read and lent to `visit`; else it gets nil for
    ///     them.
    ///   - visit: called for each row of each table, in the order of their keys.
    /// - Returns: what is there; nil if there is no file, or an empty one.
    @discardableResult
    public static func check(
        directory: String, readsValues: Bool = false, visit: RowVisit = { _, _, _ in }
    ) throws -> FileSummary? {
        guard let file = try DataFile(directory: directory) else { return nil }
        let head = try file.newestHead()
        return try withoutActuallyEscaping(visit) { visit in
            var walk = FileWalk(file: file, head: head, readsValues: readsValues, visit: visit, report: { throw $0 })
            try walk.run()
            return walk.summary
        }
    }

    /// Visits every row that can still be reached in a damaged file, then whatever rows stand in leaves that nothing leads
    /// to any more and that are not free; the latter with an empty table's name, as nothing says what they belong to.
    ///
    /// A value is lent as it lies there: whether it is what was written is for the caller to find out.
    ///
    /// - Returns: what is damaged; empty if there is no file.
    public static func salvage(directory: String, visit: RowVisit) throws -> [FileDamage] {
        guard let file = try DataFile(directory: directory) else { return [] }
        var damages: [FileDamage] = []
        do throws(FileDamage) {
            _ = try file.newestHead()
        } catch {
            damages.append(error)
        }
        var seen = PageSet(count: Int(file.pageCount))
        if let head = file.readableHeads().first {
            let (found, walked) = try withoutActuallyEscaping(visit) { visit in
                let found = FoundDamage()
                var walk = FileWalk(
                    file: file, head: head, readsValues: true, visit: visit, report: { found.list.append($0) })
                try walk.run()
                return (found.list, walk.seen)
            }
            damages += found
            seen = walked
        }
        if !damages.isEmpty { try visitLostLeaves(of: file, besides: seen, visit) }
        return damages
    }

    private final class FoundDamage {
        var list: [FileDamage] = []
    }

    private static func visitLostLeaves(of file: DataFile, besides seen: PageSet, _ visit: RowVisit) throws {
        for number in 2..<max(2, file.pageCount) where !seen.contains(Int(number)) {
            guard let bytes = file.pages(number), let nodes = try? PageNodes(bytes, page: number), nodes.isLeaf else {
                continue
            }
            for index in 0..<nodes.count {
                let row = nodes.row(index)
                guard !row.isTable, let value = value(of: row, in: nodes, file) else { continue }
                try nodes.bytes.withUnsafeBytes { page in
                    try value.withUnsafeBytes { try visit("", UnsafeRawBufferPointer(rebasing: page[row.key]), $0) }
                }
            }
        }
    }

    private static func value(of row: PageNodes.Row, in nodes: PageNodes, _ file: DataFile) -> [UInt8]? {
        if let place = row.inline { return Array(nodes.bytes[place]) }
        guard let first = row.overflowPage else { return nil }
        let count = (PageNodes.headerSize - 1 + row.byteCount) / file.pageSize + 1
        guard let pages = file.pages(first, count: UInt64(count)) else { return nil }
        return Array(pages[PageNodes.headerSize..<PageNodes.headerSize + row.byteCount])
    }
}
