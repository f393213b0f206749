import LMDB
import TestSupport
import Testing

@Suite("Inserting or reading") struct InsertOrReadTests {
    @Test("insertOrRead stores what is new and gives back what is there")
    func insertOrRead() throws {
        let directory = try TemporaryDirectory()
        let environment = try Environment(directory: directory.path, options: EnvironmentOptions(mapSizeBytes: 1 << 20))
        defer { environment.close() }
        let texts = try environment.openTable("texts", key: StringKey.self, value: StringValue.self)
        try environment.withWriteTransaction { transaction throws in
            var cursor = try transaction.cursor(over: texts)
            let answers = [
                try cursor.insertOrRead("one", forKey: "a", in: transaction),
                try cursor.insertOrRead("two", forKey: "a", in: transaction),
                try cursor.insertOrRead("three", forKey: "b", in: transaction),
            ]
            #expect(answers == [nil, "one", nil])
            #expect(try texts.value(forKey: "a", in: transaction) == "one")
            #expect(try texts.value(forKey: "b", in: transaction) == "three")
        }
    }
}
