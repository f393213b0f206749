import LMDB
import TestSupport
import Testing

struct TableTests {
    @Test("put replaces, insert does not, and a key has one value")
    func putAndInsert() throws {
        let fixture = try Fixture()
        let texts = try fixture.texts()
        try fixture.environment.withWriteTransaction { transaction in
            try texts.put("one", forKey: "a", in: transaction)
            try texts.put("two", forKey: "a", in: transaction)
            #expect(try texts.value(forKey: "a", in: transaction) == "two")
            #expect(try !texts.insert("three", forKey: "a", in: transaction))
            #expect(try texts.value(forKey: "a", in: transaction) == "two")
            #expect(try texts.insert("four", forKey: "b", in: transaction))
            #expect(try texts.count(in: transaction) == 2)
        }
    }

    @Test("a missing key has no value, bytes or row")
    func missing() throws {
        let fixture = try Fixture()
        let texts = try fixture.texts()
        try fixture.environment.withWriteTransaction { transaction throws in
            #expect(try texts.value(forKey: "a", in: transaction) == nil)
            #expect(try texts.withBytes(forKey: "a", in: transaction) { $0 == nil })
            #expect(try !texts.contains("a", in: transaction))
            #expect(try !texts.delete(forKey: "a", in: transaction))
            #expect(try texts.first(in: transaction) == nil)
            #expect(try texts.last(in: transaction) == nil)
            #expect(try texts.isEmpty(in: transaction))
        }
    }

    @Test("deleting takes one row, removing all takes them all")
    func deleting() throws {
        let fixture = try Fixture()
        let numbers = try fixture.numbers()
        try fixture.environment.withWriteTransaction { transaction in
            for key in 1...5 as ClosedRange<UInt64> { try numbers.put(key * 10, forKey: key, in: transaction) }
            #expect(try numbers.delete(forKey: 3, in: transaction))
            #expect(try numbers.count(in: transaction) == 4)
            #expect(try !numbers.contains(3, in: transaction))
            #expect(try numbers.contains(4, in: transaction))
        }
        #expect(try numbers.keys(in: fixture.environment) == [1, 2, 4, 5])
        try fixture.environment.withWriteTransaction { try numbers.removeAll(in: $0) }
        #expect(try numbers.keys(in: fixture.environment) == [])
    }

    @Test("appending refuses a key that is not above the last one")
    func appendOrder() throws {
        let fixture = try Fixture()
        let numbers = try fixture.numbers()
        try fixture.environment.withWriteTransaction { transaction in
            try numbers.append(1, forKey: 7, in: transaction)
            #expect(code { try numbers.append(2, forKey: 7, in: transaction) } == .keyExists)
            #expect(code { try numbers.append(2, forKey: 6, in: transaction) } == .keyExists)
            try numbers.append(2, forKey: 256, in: transaction)
        }
        #expect(try numbers.keys(in: fixture.environment) == [7, 256])
    }

    @Test("a key must have 1 to 511 bytes", arguments: [(0, false), (1, true), (511, true), (512, false)])
    func keySize(count: Int, isAccepted: Bool) throws {
        let fixture = try Fixture()
        let rows = try fixture.environment.openTable("rows", key: BytesKey.self, value: EmptyValue.self)
        let key = [UInt8](repeating: 1, count: count)
        let thrown = code {
            try fixture.environment.withWriteTransaction { try rows.put((), forKey: key, in: $0) }
        }
        #expect(thrown == (isAccepted ? nil : .badValueSize))
        #expect(try rows.keys(in: fixture.environment) == (isAccepted ? [key] : []))
    }

    @Test("rows stand in the order of numbers and of bytes")
    func order() throws {
        let fixture = try Fixture()
        let numbers = try fixture.numbers()
        let rows = try fixture.environment.openTable("rows", key: BytesKey.self, value: EmptyValue.self)
        let sortedNumbers: [UInt64] = [0, 1, 255, 256, 65_535, 65_536, 1 << 32, .max]
        let sortedBytes: [[UInt8]] = [[0], [0, 0], [1], [127, 255], [128], [255], [255, 0]]
        try fixture.environment.withWriteTransaction { transaction in
            for number in sortedNumbers.reversed() { try numbers.put(0, forKey: number, in: transaction) }
            for bytes in sortedBytes.reversed() { try rows.put((), forKey: bytes, in: transaction) }
        }
        #expect(try numbers.keys(in: fixture.environment) == sortedNumbers)
        #expect(try rows.keys(in: fixture.environment) == sortedBytes)
    }

    @Test("texts are equal only byte for byte")
    func normalForms() throws {
        let fixture = try Fixture()
        let texts = try fixture.texts()
        try fixture.environment.withWriteTransaction { transaction in
            try texts.put("composed", forKey: "\u{E9}", in: transaction)
            #expect(try texts.value(forKey: "e\u{301}", in: transaction) == nil)
        }
    }

    @Test("bytes that no codec wrote are refused when decoded")
    func malformed() throws {
        let fixture = try Fixture()
        let raw = try fixture.environment.openTable("texts", key: StringKey.self, value: BytesValue.self)
        let texts = try fixture.texts()
        let numbers = try fixture.environment.openTable("texts", key: StringKey.self, value: UInt64Value.self)
        try fixture.environment.withWriteTransaction { transaction in
            try raw.put([0xFF, 0xFE], forKey: "a", in: transaction)
            #expect(code { _ = try texts.value(forKey: "a", in: transaction) } == .malformed)
            #expect(code { _ = try numbers.value(forKey: "a", in: transaction) } == .malformed)
            #expect(code { _ = try numbers.first(in: transaction) } == .malformed)
            #expect(try raw.value(forKey: "a", in: transaction) == [0xFF, 0xFE])
        }
    }

    @Test(
        "bytes go in and out as they are, the empty ones and those of many pages too",
        arguments: [0, 1, 2_022, 2_023, 100_000])
    func bytes(count: Int) throws {
        let fixture = try Fixture()
        let rows = try fixture.environment.openTable("rows", key: UInt32Key.self, value: BytesValue.self)
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try fixture.environment.withWriteTransaction { transaction in
            try bytes.withUnsafeBytes { bytes in
                try rows.appendBytes(bytes, forKey: 1, in: transaction)
                try rows.appendBytes(bytes, forKey: 2, in: transaction)
                #expect(code { try rows.appendBytes(bytes, forKey: 2, in: transaction) } == .keyExists)
            }
        }
        try fixture.environment.withReadTransaction { transaction throws in
            for key in [1, 2] as [UInt32] {
                #expect(try rows.value(forKey: key, in: transaction) == bytes)
                #expect(try rows.withBytes(forKey: key, in: transaction) { $0.map { Array($0) } } == bytes)
            }
        }
    }

    @Test("integers of every width come back", arguments: [0, 1, 0x0102_0304, UInt32.max])
    func integers(number: UInt32) throws {
        let fixture = try Fixture()
        let environment = fixture.environment
        let narrow = try environment.openTable("narrow", key: UInt32Key.self, value: UInt32Value.self)
        let wide = try environment.openTable("wide", key: UInt128Key.self, value: UInt64Value.self)
        try environment.withWriteTransaction { transaction in
            try narrow.put(number, forKey: number, in: transaction)
            try wide.put(UInt64(number) << 32, forKey: UInt128(number) << 96, in: transaction)
            let narrowRow = try #require(try narrow.first(in: transaction))
            let wideRow = try #require(try wide.last(in: transaction))
            #expect(narrowRow == (number, number))
            #expect(wideRow == (UInt128(number) << 96, UInt64(number) << 32))
        }
    }
}
