internal import Glibc
internal import LMDB
internal import SegmentModel
internal import Synchronization

/// What a checkpoint is written from: the truths at one instant, as nobody changes them any more.
struct CheckpointSource: Sendable {
    let sequence: UInt64
    let recordedAt: Instant
    /// No contact was evaluated at a later one.
    let instant: Instant
    let context: EvaluationContext
    let catalog: Catalog
    let columns: LeafColumns
    /// The next wake of each contact, by ordinal.
    let wakes: [Int64]
}

/// A checkpoint that waits to be written, once: as long as it does, what the engine changes is copied first.
final class CheckpointDraft: Sendable {
    private let source: Mutex<CheckpointSource?>

    init(_ source: CheckpointSource) {
        self.source = Mutex(source)
    }

    /// Writes the file and syncs it; nothing if it has been written.
    func write(to path: String, _ steps: DurableSteps = .system) throws {
        let source = source.withLock { source in
            defer { source = nil }
            return source
        }
        guard let source, let basis = CheckpointBasis.bytes(of: source.context) else { return }
        try CheckpointWriter(path: path, steps: steps).write(source, basis: basis)
    }
}

/// Writes a checkpoint section by section.
private struct CheckpointWriter: ~Copyable {
    private let path: String
    private let steps: DurableSteps
    private let descriptor: CInt
    private var bytes: [UInt8] = []

    init(path: String, steps: DurableSteps) throws {
        self.path = path
        self.steps = steps
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw ViewError.unwritable }
    }

    deinit { close(descriptor) }

    consuming func write(_ source: CheckpointSource, basis: [UInt8]) throws {
        let leaves = source.leaves
        let head = CheckpointHead(
            sequence: source.sequence, recordedAt: source.recordedAt, instant: source.instant,
            contactCount: source.wakes.count, basis: basis, existsByteCount: source.columns.exists.storedByteCount,
            leaves: leaves.map { (key: $0.key, byteCount: $0.column.storedByteCount) })
        try writeSection(CheckpointHead.number) { head.append(to: &$0) }
        try writeSection(CheckpointHead.wakesNumber) { bytes in
            source.wakes.withUnsafeBytes { bytes.append(contentsOf: $0) }
        }
        try writeSection(CheckpointHead.existsNumber) { source.columns.exists.append(to: &$0) }
        for (number, leaf) in leaves.enumerated() {
            try writeSection(CheckpointHead.leafNumber(number)) { leaf.column.append(to: &$0) }
        }
        guard steps.sync(descriptor, of: path) == 0 else { throw ViewError.unwritable }
    }

    /// Writes what `append` appends, and its checksum.
    private mutating func writeSection(_ number: UInt64, _ append: (inout [UInt8]) -> Void) throws {
        bytes.removeAll(keepingCapacity: true)
        append(&bytes)
        let checksum = bytes.withUnsafeBytes { ViewSeal.checksum($0, number: number) }
        withUnsafeBytes(of: checksum.littleEndian) { bytes.append(contentsOf: $0) }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { bytes in
                let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
                return Glibc.write(descriptor, rest.baseAddress, rest.count)
            }
            guard count > 0 else { throw ViewError.unwritable }
            written += count
        }
    }
}

extension CheckpointSource {
    /// Every leaf that another process can tell from others.
    fileprivate var leaves: [(key: [UInt8], column: Bitmap)] {
        (0..<UInt32(catalog.leafIDLimit)).map(LeafID.init).compactMap { id in
            catalog.leaf(id)?.key(fieldTypes: context.fieldTypes).map { (key: $0, column: columns[id]) }
        }
    }
}
