import LMDB
import TestSupport
import Testing

/// The module's use from end to end: read this first.
struct CookbookTests {
    @Test("a log of events with an index of their ids")
    func logAndIndex() throws {
        let temporary = try TemporaryDirectory()

        // An environment is a directory, opened once in a process. The defaults sync every commit.
        let environment = try Environment(
            directory: temporary.path("log"), options: EnvironmentOptions(mapSizeBytes: 1 << 30))

        // Tables are opened before they are used. They are small values: keep them beside the environment.
        let events = try environment.openTable("events", key: UInt64Key.self, value: StringValue.self)
        let ids = try environment.openTable("ids", key: StringKey.self, value: UInt64Value.self)

        // A batch is written in one transaction: all of it, or nothing if the closure throws.
        let accepted = try environment.withWriteTransaction { transaction in
            var sequence = try events.last(in: transaction)?.key ?? 0
            for id in ["shop/7", "shop/8", "shop/7"] {
                // Inserting says whether the id is new.
                guard try ids.insert(sequence + 1, forKey: id, in: transaction) else { continue }
                sequence += 1
                // Rising keys are appended: dense pages, and a key out of order is refused.
                try events.append("order from \(id)", forKey: sequence, in: transaction)
            }
            return sequence
        }
        #expect(accepted == 2)

        // Readers see one moment. Copy out, end the transaction, then go on with what was copied.
        let texts = try environment.withReadTransaction { transaction in
            var texts: [String] = []
            try events.forEach(from: 1, in: transaction) { sequence, bytes in
                texts.append("\(sequence): " + String(decoding: bytes, as: UTF8.self))
                return sequence < accepted ? .next : .stop
            }
            return texts
        }
        #expect(texts == ["1: order from shop/7", "2: order from shop/8"])

        // A cursor gives spans that cannot outlive their row.
        let size = try environment.withReadTransaction { transaction in
            var cursor = try transaction.cursor(over: events)
            guard try cursor.move(atOrAfter: 2) else { return 0 }
            return cursor.valueBytes.byteCount
        }
        #expect(size == "order from shop/8".utf8.count)

        // Refusals have a code, and a text for the operator.
        do {
            try environment.withWriteTransaction { transaction in
                try events.append("late", forKey: 1, in: transaction)
            }
            Issue.record("a sequence was used twice")
        } catch LMDBError.Code.keyExists {
            // The transaction has been aborted.
        }
        environment.close()
    }

    @Test("an actor that writes on its own thread")
    func pinnedWriter() async throws {
        let temporary = try TemporaryDirectory()
        let environment = try Environment(directory: temporary.path("log"))
        let executor = PinnedExecutor(name: "log-writer")
        let writer = try CountWriter(environment: environment, executor: executor)

        // One hop to the writer's thread for a whole batch of work.
        #expect(try await writer.add([3, 4, 5]) == 12)
        #expect(try await writer.add([1]) == 13)

        executor.shutdown()
    }
}

private actor CountWriter {
    private let environment: Environment
    private let executor: PinnedExecutor
    private let counts: Table<StringKey, UInt64Value>

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(environment: Environment, executor: PinnedExecutor) throws {
        self.environment = environment
        self.executor = executor
        counts = try environment.openTable("counts", key: StringKey.self, value: UInt64Value.self)
    }

    func add(_ numbers: [UInt64]) throws -> UInt64 {
        try environment.withWriteTransaction { transaction in
            let sum = try counts.value(forKey: "sum", in: transaction) ?? 0
            let next = numbers.reduce(sum, +)
            try counts.put(next, forKey: "sum", in: transaction)
            return next
        }
    }
}
