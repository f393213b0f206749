import LMDB
import TestSupport
import Testing

struct TransactionTests {
    @Test("a body that throws leaves nothing behind, and its error comes out unchanged")
    func abortOnThrow() throws {
        let fixture = try Fixture()
        let numbers = try fixture.numbers()
        #expect(throws: Refusal.self) {
            try fixture.environment.withWriteTransaction { transaction in
                try numbers.put(1, forKey: 1, in: transaction)
                throw Refusal()
            }
        }
        #expect(try fixture.environment.withReadTransaction { try numbers.isEmpty(in: $0) })
        // The write lock is free again.
        try fixture.environment.withWriteTransaction { try numbers.put(2, forKey: 2, in: $0) }
        #expect(try numbers.keys(in: fixture.environment) == [2])
    }

    @Test("a snapshot does not see a later commit")
    func snapshot() throws {
        let fixture = try Fixture()
        let numbers = try fixture.numbers()
        try fixture.environment.withWriteTransaction { try numbers.put(1, forKey: 1, in: $0) }
        try fixture.environment.withReadTransaction { snapshot in
            try fixture.environment.withWriteTransaction { try numbers.put(2, forKey: 1, in: $0) }
            #expect(try numbers.value(forKey: 1, in: snapshot) == 1)
        }
        #expect(try fixture.environment.withReadTransaction { try numbers.value(forKey: 1, in: $0) } == 2)
    }

    @Test("an error that the body swallows still keeps the transaction from committing")
    func swallowedError() throws {
        let fixture = try Fixture(.init(mapSizeBytes: 64 << 10, durability: .unsynced))
        let blobs = try fixture.environment.openTable("blobs", key: UInt64Key.self, value: BytesValue.self)
        let thrown = code {
            try fixture.environment.withWriteTransaction { transaction in
                try? blobs.put([UInt8](repeating: 7, count: 1 << 20), forKey: 1, in: transaction)
            }
        }
        #expect(thrown == .badTransaction)
        #expect(try blobs.keys(in: fixture.environment) == [])
    }

    @Test("a full map is named, loses nothing, and ends neither reading nor smaller writes")
    func mapFull() throws {
        let fixture = try Fixture(.init(mapSizeBytes: 256 << 10, durability: .unsynced))
        let blobs = try fixture.environment.openTable("blobs", key: UInt64Key.self, value: BytesValue.self)
        var lastKey: UInt64 = 0
        let thrown = code {
            while lastKey < 1000 {
                try fixture.environment.withWriteTransaction { transaction in
                    try blobs.append([UInt8](repeating: 7, count: 10_000), forKey: lastKey + 1, in: transaction)
                }
                lastKey += 1
            }
        }
        #expect(thrown == .mapFull)
        #expect(try blobs.keys(in: fixture.environment) == Array(1...lastKey))
        try fixture.environment.withWriteTransaction { transaction throws in
            #expect(try blobs.delete(forKey: 1, in: transaction))
        }
        #expect(try blobs.keys(in: fixture.environment) == Array(2...lastKey))
    }

    @Test("the reader slots are bounded, and free again when readers end")
    func readersFull() throws {
        let fixture = try Fixture(.init(mapSizeBytes: 1 << 20, readerCountMax: 2))
        let environment = fixture.environment
        for _ in 1...3 {
            try environment.withReadTransaction { _ in
                try environment.withReadTransaction { _ in
                    #expect(code { try environment.withReadTransaction { _ in } } == .readersFull)
                }
            }
        }
    }

    @Test("read transactions past their age are counted")
    func agedReads() throws {
        let fixture = try Fixture(.init(mapSizeBytes: 1 << 20, readerAgeMax: .zero))
        try fixture.environment.withReadTransaction { _ in }
        #expect(throws: Refusal.self) { try fixture.environment.withReadTransaction { _ in throw Refusal() } }
        let usage = try fixture.environment.usage
        #expect(usage.agedReadCount == 2)
        #expect(usage.longestRead > .zero)

        let patient = try Fixture(.init(mapSizeBytes: 1 << 20, readerAgeMax: .seconds(3600)))
        try patient.environment.withReadTransaction { _ in }
        #expect(try patient.environment.usage.agedReadCount == 0)
    }

    @Test("writers on many threads wait for each other")
    func manyWriters() async throws {
        let fixture = try Fixture()
        let environment = fixture.environment
        let numbers = try fixture.numbers()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<50 {
                        try environment.withWriteTransaction { transaction in
                            let count = try numbers.value(forKey: 0, in: transaction) ?? 0
                            try numbers.put(count + 1, forKey: 0, in: transaction)
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try environment.withReadTransaction { try numbers.value(forKey: 0, in: $0) } == 400)
    }

    @Test("a body may return what cannot be copied")
    func noncopyableResult() throws {
        struct Token: ~Copyable { let number: UInt64 }
        let fixture = try Fixture()
        let numbers = try fixture.numbers()
        let written = try fixture.environment.withWriteTransaction { transaction in
            try numbers.put(9, forKey: 1, in: transaction)
            return Token(number: 9)
        }
        let read = try fixture.environment.withReadTransaction { transaction in
            Token(number: try numbers.value(forKey: 1, in: transaction) ?? 0)
        }
        #expect(written.number == read.number)
    }

    @Test("two environments may be written by one thread at a time, one inside the other")
    func nestedEnvironments() throws {
        let outer = try Fixture()
        let inner = try Fixture()
        let (outerNumbers, innerNumbers) = (try outer.numbers(), try inner.numbers())
        let innerEnvironment = inner.environment
        try outer.environment.withWriteTransaction { first in
            try outerNumbers.put(1, forKey: 1, in: first)
            try innerEnvironment.withWriteTransaction { try innerNumbers.put(2, forKey: 2, in: $0) }
        }
        #expect(try outerNumbers.keys(in: outer.environment) == [1])
        #expect(try innerNumbers.keys(in: innerEnvironment) == [2])
    }

    @Test("a write transaction inside another on one thread stops the program instead of waiting for ever")
    func nestedWrite() async {
        await #expect(processExitsWith: trap) {
            let fixture = try Fixture()
            fixture.removeFiles()
            let environment = fixture.environment
            try environment.withWriteTransaction { _ in
                try environment.withWriteTransaction { _ in }
            }
        }
    }

    @Test("a table in a transaction of another environment stops the program")
    func foreignTable() async {
        await #expect(processExitsWith: trap) {
            let one = try Fixture()
            let other = try Fixture()
            one.removeFiles()
            other.removeFiles()
            let numbers = try one.numbers()
            _ = try other.numbers()
            _ = try other.environment.withReadTransaction { try numbers.value(forKey: 1, in: $0) }
        }
    }
}
