import LMDB
import TestSupport
import Testing

struct ScanTests {
    private let fixture: Tens

    init() throws {
        fixture = try Tens()
    }

    @Test(
        "a scan starts at the first key at or after its start",
        arguments: [
            (nil, [10, 20, 30, 40]), (0, [10, 20, 30, 40]), (10, [10, 20, 30, 40]), (11, [20, 30, 40]), (40, [40]),
            (41, []),
        ] as [(UInt64?, [UInt64])])
    func start(start: UInt64?, expected: [UInt64]) throws {
        let keys = try fixture.environment.withReadTransaction { transaction in
            var keys: [UInt64] = []
            try fixture.numbers.forEach(from: start, in: transaction) { key, value in
                #expect(UInt64Value.decode(value) == key + 1)
                keys.append(key)
                return .next
            }
            return keys
        }
        #expect(keys == expected)
    }

    @Test("a scan ends when the body says stop or throws")
    func ending() throws {
        try fixture.environment.withReadTransaction { transaction in
            var count = 0
            try fixture.numbers.forEach(in: transaction) { _, _ in
                count += 1
                return count < 2 ? .next : .stop
            }
            #expect(count == 2)
            #expect(throws: Refusal.self) {
                try fixture.numbers.forEach(in: transaction) { _, _ in throw Refusal() }
            }
        }
    }

    @Test("the first and the last row are the ends of the order")
    func ends() throws {
        try fixture.environment.withReadTransaction { transaction in
            let first = try #require(try fixture.numbers.first(in: transaction))
            let last = try #require(try fixture.numbers.last(in: transaction))
            #expect(first == (10, 11))
            #expect(last == (40, 41))
        }
    }

    @Test("a cursor moves both ways and stops at the ends")
    func cursor() throws {
        try fixture.environment.withReadTransaction { transaction in
            var cursor = try transaction.cursor(over: fixture.numbers)
            var keys: [UInt64] = []
            while try cursor.next() { keys.append(try cursor.key()) }
            #expect(keys == [10, 20, 30, 40])
            let sizePastTheEnd = cursor.keyBytes.byteCount
            #expect(sizePastTheEnd == 0)

            let steps = [
                try cursor.moveToLast() ? cursor.key() : 0, try cursor.previous() ? cursor.key() : 0,
                try cursor.move(atOrAfter: 11) ? cursor.key() : 0,
                try cursor.move(atOrAfter: 20) ? cursor.key() : 0,
                try cursor.move(atOrAfter: 41) ? cursor.key() : 0,
                try cursor.moveToFirst() ? cursor.key() : 0, try cursor.previous() ? cursor.key() : 0,
            ]
            #expect(steps == [40, 30, 20, 20, 0, 10, 0])
        }
    }

    @Test("a cursor's value is read where it lies")
    func cursorValue() throws {
        let value = try fixture.environment.withReadTransaction { transaction in
            var cursor = try transaction.cursor(over: fixture.numbers)
            guard try cursor.moveToLast() else { return 0 as UInt64 }
            return cursor.valueBytes.unsafeLoadUnaligned(as: UInt64.self)
        }
        #expect(value == 41)
    }
}

/// A table with the keys 10, 20, 30, 40 and one more as value.
private final class Tens {
    let temporary: TemporaryDirectory
    let environment: Environment
    let numbers: Table<UInt64Key, UInt64Value>

    init() throws {
        temporary = try TemporaryDirectory()
        let environment = try Environment(
            directory: temporary.path("environment"), options: .init(mapSizeBytes: 1 << 20, durability: .unsynced))
        let numbers = try environment.openTable("numbers", key: UInt64Key.self, value: UInt64Value.self)
        try environment.withWriteTransaction { transaction in
            for key in [10, 20, 30, 40] as [UInt64] { try numbers.append(key + 1, forKey: key, in: transaction) }
        }
        self.environment = environment
        self.numbers = numbers
    }
}
