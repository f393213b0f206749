internal import LMDB

/// How a stored index compares with the log.
public enum IndexComparison: Equatable, Sendable {
    /// There is none.
    case missing
    /// It has exactly the events of the log up to that sequence, each at its place.
    case agrees(sequence: UInt64)
    /// The next start would not believe it, for the reason.
    case notBelieved(String)
    /// The next start would believe it, and it is wrong.
    case differs(String)
}

extension EventLog {
    /// Compares the index in an audience's directory with this log, both ways: every event has its place, and there is no
    /// other. Nothing is written there.
    public func indexComparison(with directory: String) throws(LogError) -> IndexComparison {
        let place = directory + "/index"
        do {
            let marker = TrustMarker(directory: place, steps: .system)
            guard try EnvironmentFile.check(directory: place) != nil else { return .missing }
            guard marker.isTrustworthy() else { return .notBelieved("the machine was restarted without a clean stop") }
            let inspection = IndexInspection(directory: place)
            if let fault = inspection.fault { return .notBelieved(fault) }
            return try compare(with: try StoredIDs(directory: place))
        } catch let error as FileDamage {
            return .notBelieved("\(error)")
        } catch {
            throw LogError.wrapping(error)
        }
    }

    private func compare(with stored: StoredIDs) throws -> IndexComparison {
        defer { stored.close() }
        guard stored.standing <= tail.sequence else {
            return .differs("it knows event \(stored.standing), which the log does not hold")
        }
        guard UInt64(stored.count) == stored.standing else {
            return .differs("it has \(stored.count) ids and stands at event \(stored.standing)")
        }
        var missing: UInt64?
        _ = try storage.forEachStored(from: 1, countMax: .max) { event in
            guard event.sequence <= stored.standing else { return false }
            guard let head = EventHead(event.bytes) else { throw EventBlock.malformed(event.sequence) }
            if try stored.sequence(of: head) != event.sequence { missing = event.sequence }
            return missing == nil
        }
        return missing.map { .differs("it does not have event \($0) at its place") }
            ?? .agrees(sequence: stored.standing)
    }
}

/// The ids of a stored index, read without changing it.
private final class StoredIDs {
    private let environment: Environment
    private let ids: Table<BytesKey, SequenceValue>
    private var numbers: [[UInt8]: UInt16] = [:]
    let standing: UInt64
    let count: Int

    init(directory: String) throws {
        let environment = try Environment(directory: directory, options: EnvironmentOptions(isReadOnly: true))
        let ids = try environment.openTable("ids", key: BytesKey.self, value: SequenceValue.self)
        let sources = try environment.openTable("sources", key: BytesKey.self, value: SequenceValue.self)
        let state = try environment.openTable("state", key: StringKey.self, value: UInt64Value.self)
        var numbers: [[UInt8]: UInt16] = [:]
        (standing, count) = try environment.withReadTransaction { transaction in
            try sources.forEach(in: transaction) { source, value in
                numbers[source] = SequenceValue.decode(value).map { UInt16(truncatingIfNeeded: $0) }
                return .next
            }
            return (
                try state.value(forKey: "sequence", in: transaction) ?? 0, try ids.count(in: transaction)
            )
        }
        self.environment = environment
        self.ids = ids
        self.numbers = numbers
    }

    func sequence(of event: EventHead) throws -> UInt64? {
        var key: [UInt8] = []
        IndexKey.append(event, numbers: numbers, to: &key)
        return try environment.withReadTransaction { [ids] in try ids.value(forKey: key, in: $0) }
    }

    func close() {
        environment.close()
    }
}
