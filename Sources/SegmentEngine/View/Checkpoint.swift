internal import Glibc
internal import SegmentModel
internal import Synchronization

/// The truths of leaves that stand beside a view, as they were at one instant: what a start need not compute again.
///
/// They are true of the view's records only, and only for the program, the settings and the leaves that they were computed
/// for. What does not match or cannot be read is not used; docs/format.md describes every byte.
final class Checkpoint: Sendable {
    private let file: MappedFile
    private let head: CheckpointHead
    private let headSize: Int

    /// No contact was evaluated at a later one.
    var instant: Instant { head.instant }

    /// Nil if there is none that belongs to the view.
    init?(path: String, of view: StoredView) {
        guard let file = MappedFile(path), let (head, size) = CheckpointHead.read(file.bytes),
            head.sequence == view.sequence, head.recordedAt == view.recordedAt
        else { return nil }
        self.file = file
        self.head = head
        headSize = size
    }

    /// Whether truths computed with this context would be the same.
    func isGood(for context: EvaluationContext) -> Bool {
        head.basis == CheckpointBasis.bytes(of: context)
    }

    /// What it says about a catalog's leaves; nil if it cannot be read.
    func truths(of catalog: Catalog, fieldTypes: [Identifier: FieldType], on pool: WorkerPool) -> KnownTruths? {
        guard let sections, let wakes = wakes(sections[0]),
            let exists = bitmap(sections[1], CheckpointHead.existsNumber)
        else { return nil }
        let numbers = Dictionary(head.leaves.indices.map { (head.leaves[$0].key, $0) }) { first, _ in first }
        let leaves = (0..<UInt32(catalog.leafIDLimit)).map(LeafID.init).compactMap { id in
            catalog.leaf(id).map { (id: id, leaf: $0) }
        }
        let columns = Mutex<[Bitmap?]>(Array(repeating: nil, count: leaves.count))
        pool.forEach(count: leaves.count) { place in
            guard let key = leaves[place].leaf.key(fieldTypes: fieldTypes), let number = numbers[key] else { return }
            let column = bitmap(sections[2 + number], CheckpointHead.leafNumber(number))
            columns.withLock { $0[place] = column }
        }
        var truths = KnownTruths(columns: LeafColumns(), wakes: wakes)
        truths.columns.exists = exists
        for (leaf, column) in zip(leaves, columns.withLock { $0 }) {
            if let column { truths.columns.add(column, for: leaf.id) } else { truths.unknown.append(leaf) }
        }
        return truths
    }

    /// Where the sections after the head lie; nil if they are not the rest of the file.
    private var sections: [Range<Int>]? {
        var offset = headSize
        var sections: [Range<Int>] = []
        for byteCount in [head.contactCount * 8, head.existsByteCount] + head.leaves.map(\.byteCount) {
            guard byteCount <= file.bytes.count - offset - ViewSeal.size else { return nil }
            sections.append(offset..<offset + byteCount + ViewSeal.size)
            offset += byteCount + ViewSeal.size
        }
        return offset == file.bytes.count ? sections : nil
    }

    private func wakes(_ section: Range<Int>) -> [Int64]? {
        guard let bytes = content(section, CheckpointHead.wakesNumber) else { return nil }
        return Array(unsafeUninitializedCapacity: head.contactCount) { wakes, count in
            UnsafeMutableRawBufferPointer(wakes).copyMemory(from: bytes)
            count = head.contactCount
        }
    }

    private func bitmap(_ section: Range<Int>, _ number: UInt64) -> Bitmap? {
        content(section, number).flatMap { Bitmap(stored: $0) }
    }

    private func content(_ section: Range<Int>, _ number: UInt64) -> UnsafeRawBufferPointer? {
        try? ViewSeal.open(UnsafeRawBufferPointer(rebasing: file.bytes[section]), number: number)
    }
}

/// Truths of all contacts that need not be computed.
struct KnownTruths {
    var columns: LeafColumns
    /// The next wake of each contact, by ordinal.
    var wakes: [Int64]
    /// Leaves without a column that is right.
    var unknown: [(id: LeafID, leaf: Leaf)] = []
}

/// A file that nobody changes, mapped to be read.
private final class MappedFile: Sendable {
    nonisolated(unsafe) let bytes: UnsafeRawBufferPointer

    init?(_ path: String) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_size > 0 else { return nil }
        let mapped = mmap(nil, status.st_size, PROT_READ, MAP_PRIVATE, descriptor, 0)
        guard let mapped, mapped != MAP_FAILED else { return nil }
        bytes = UnsafeRawBufferPointer(start: mapped, count: status.st_size)
    }

    deinit {
        munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
    }
}
