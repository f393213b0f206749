internal import LMDB

// What is derived from a log names the rewriting that it is of: sequences and instants are the same in all of them.
extension LogStorage {
    static let rewritesName = "rewrites"
    private static let countKey = "count"

    /// How often the log was rewritten; only a rewritten log has the table.
    static func generation(in environment: Environment) throws -> UInt64 {
        let table = try rewrites(in: environment)
        return try environment.withReadTransaction { try table.value(forKey: countKey, in: $0) ?? 0 }
    }

    /// Says which rewriting this log is of; known once it is opened again.
    func store(generation: UInt64) throws {
        let table = try Self.rewrites(in: environment)
        try environment.withWriteTransaction { try table.put(generation, forKey: Self.countKey, in: $0) }
    }

    private static func rewrites(in environment: Environment) throws -> Table<StringKey, UInt64Value> {
        try environment.openTable(rewritesName, key: StringKey.self, value: UInt64Value.self)
    }
}
