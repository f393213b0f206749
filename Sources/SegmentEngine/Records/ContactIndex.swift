internal import Synchronization

/// Finds contacts by id: hashes of ids to ordinals. One thread changes it, any may look.
///
/// Ids stand in the records alone; who looks compares them there.
final class ContactIndex: Sendable {
    private let index = Mutex(HashIndex())
    private static let seed = UInt64.random(in: .min ... .max)

    /// The contact of that id, as `idOf` tells them apart.
    func ordinal(of id: UnsafeRawBufferPointer, idOf: (Ordinal) -> UnsafeRawBufferPointer) -> Ordinal? {
        ordinal(of: id, hash: Self.hash(id), idOf: idOf)
    }

    /// The same, if the id's hash is known.
    func ordinal(
        of id: UnsafeRawBufferPointer, hash: UInt64, idOf: (Ordinal) -> UnsafeRawBufferPointer
    ) -> Ordinal? {
        index.withLock { $0.first(hash: hash) { idOf($0).isSame(as: id) } }
    }

    /// Lends the index, for many looks under one lock.
    func withProbe(_ body: (HashProbe) -> Void) {
        index.withLock { $0.withProbe(body) }
    }

    /// The hash that an id is found by.
    static func hash(_ id: UnsafeRawBufferPointer) -> UInt64 { ByteHash.hash(id, seed: seed) }

    func insert(_ ordinal: Ordinal, hash: UInt64) {
        index.withLock { $0.insert(hash: hash, number: ordinal) }
    }

    func remove(_ ordinal: Ordinal, hash: UInt64) {
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
}
