internal import LMDB
internal import SegmentModel

/// How far a check of a log that is in use has come; made anew for each pass.
public struct LogCheck: Sendable {
    /// Events that were checked.
    public var checkedSequence: UInt64 { chain.end.sequence }
    var chain = LogChain()

    public init() {}
}

// The log is written to meanwhile: each step looks at one block, and holds up nobody.
extension EventLog {
    /// Checks the next block: its checksum, that it continues the one before, the form of its events, and that the index
    /// knows each of them.
    ///
    /// - Returns: false at the end of the log.
    public func check(_ check: inout LogCheck) throws(LogError) -> Bool {
        do {
            let next = check.chain.end.sequence + 1
            // One log throughout, whatever takes its place meanwhile.
            let storage = storage
            guard let block = try storage.environment.withReadTransaction({ try storage.block(holding: next, in: $0) })
            else { return false }
            try storage.index.compare { knows in
                try check.chain.take(block) { try knows($0) }
            }
            return true
        } catch {
            throw LogError.wrapping(error)
        }
    }

    /// Checks what a pass over the blocks does not see: that the definitions read, and that the index knows no event that
    /// the log has not.
    public func checkRest() throws(LogError) {
        _ = try definitions()
        do {
            try storage.index.checkCount()
        } catch {
            throw LogError.wrapping(error)
        }
    }

    /// Lets the next start build the index anew.
    public func distrustIndex() {
        storage.index.distrust()
    }

    /// Why the index was built anew when the log was opened; nil if it was not, or if there was none.
    public var indexRepair: String? { storage.index.repair }

    /// Writes the log as of now, without the index, into `directory`, which must exist and be empty; when it returns the
    /// copy is on disk. Appending goes on meanwhile.
    public func copy(to directory: String) throws(LogError) {
        do {
            try storage.environment.copyCompacted(to: directory)
        } catch {
            throw LogError.wrapping(error)
        }
    }

    /// Disk that the log takes, at most, in bytes.
    public var storedBytes: Int { (try? storage.environment.usage.usedBytes) ?? 0 }
}

extension EventIndex {
    /// Lends a function that compares an event of the log with the index as of one commit; it passes over events that the
    /// index does not stand at yet.
    func compare(_ body: ((StoredEvent) throws -> Void) throws -> Void) throws {
        try environment.withReadTransaction { transaction in
            let standing = try sequence(in: transaction)
            let names = try storedSources(in: transaction)
            var key: [UInt8] = []
            try body { event in
                guard event.sequence <= standing else { return }
                guard let head = EventHead(event.bytes) else { throw EventBlock.malformed(event.sequence) }
                key.removeAll(keepingCapacity: true)
                IndexKey.append(head, numbers: names, to: &key)
                let found = try ids.value(forKey: key, in: transaction)
                guard found == event.sequence else {
                    throw disagreement(
                        "has event \(event.sequence) of the log at \(found.map(String.init) ?? "no place")")
                }
            }
        }
    }

    /// Whether there are as many ids as events.
    func checkCount() throws {
        try environment.withReadTransaction { transaction in
            let (standing, count) = (try sequence(in: transaction), try ids.count(in: transaction))
            guard UInt64(count) == standing else {
                throw disagreement("has \(count) ids and stands at event \(standing)")
            }
        }
    }

    private func disagreement(_ reason: String) -> LogError {
        LogError(.storage, "The index in \(environment.directory) \(reason). It is built anew at the next start.")
    }
}
