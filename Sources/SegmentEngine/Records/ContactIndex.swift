internal import Synchronization

/// Finds contacts by id: hashes of ids to ordinals. One thread changes it, any may look.
///
/// Ids stand in the records alone; who looks compares them there.
final class ContactIndex: Sendable {
    private let index = Mutex(HashIndex())
    private static let seed = UInt64.random(in: .min ... .max)

    /// The contact of that id, as `idOf` tells them apart.
    func ordinal(of id: UnsafeRawBufferPointer, idOf: (Ordinal) -> UnsafeRawBufferPointer) -> Ordinal? {
        let hash = ByteHash.hash(id, seed: Self.seed)
        return index.withLock { $0.first(hash: hash) { idOf($0).isSame(as: id) } }
    }

    /// Contacts that ids probably belong to, so that their records can be brought into the cache side by side.
    func candidates(of hashes: [UInt64], _ body: (Ordinal) -> Void) {
        index.withLock { index in
            for hash in hashes { if let ordinal = index.candidate(hash: hash) { body(ordinal) } }
        }
    }

    static func hash(_ id: UnsafeRawBufferPointer) -> UInt64 { ByteHash.hash(id, seed: seed) }

    func insert(_ ordinal: Ordinal, id: UnsafeRawBufferPointer) {
        let hash = ByteHash.hash(id, seed: Self.seed)
        index.withLock { $0.insert(hash: hash, number: ordinal) }
    }

    func remove(_ ordinal: Ordinal, id: UnsafeRawBufferPointer) {
        let hash = ByteHash.hash(id, seed: Self.seed)
        index.withLock { _ = $0.remove(hash: hash, number: ordinal) }
    }

    /// An entry for `fill`.
    static func slot(_ ordinal: Ordinal, id: UnsafeRawBufferPointer) -> UInt64 {
        HashIndex.slot(hash: hash(id), number: ordinal)
    }

    /// Takes all contacts at once.
    func fill(_ slots: [[UInt64]], on pool: WorkerPool) {
        let filled = HashIndex(slots: slots, on: pool)
        index.withLock { $0 = filled }
    }

    /// Memory used, in bytes.
    var byteCount: Int { index.withLock { $0.byteCount } }
}
