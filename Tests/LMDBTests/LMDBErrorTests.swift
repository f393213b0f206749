import Glibc
import LMDB
import TestSupport
import Testing

struct LMDBErrorTests {
    @Test("an error says what was done, to which table and directory, why it failed and what helps")
    func description() throws {
        let fixture = try Fixture(.init(mapSizeBytes: 64 << 10, durability: .unsynced))
        let blobs = try fixture.environment.openTable("blobs", key: UInt64Key.self, value: BytesValue.self)
        let error = try #require(throws: LMDBError.self) {
            try fixture.environment.withWriteTransaction { transaction in
                try blobs.put([UInt8](repeating: 7, count: 1 << 20), forKey: 1, in: transaction)
            }
        }
        #expect(error.table == "blobs")
        #expect(error.path == fixture.directory)
        let text = "\(error)"
        #expect(text.hasPrefix("MDB_MAP_FULL while putting a value, table 'blobs' of \(fixture.directory): "))
        #expect(text.contains("larger map size"))
    }

    @Test("a code can be caught, compared and met again as a number")
    func codes() {
        let error: any Error = closedError()
        do {
            throw error
        } catch LMDBError.Code.mapFull {
            Issue.record("caught as another code")
        } catch LMDBError.Code.closed {
            #expect(LMDBError.Code(rawValue: -2) == .closed)
        } catch {
            Issue.record("not caught by its code")
        }
        #expect(closedError() == .closed)
        #expect(!(closedError() == .mapFull))
    }

    @Test("every code has a name and a number of its own", arguments: allCodes)
    func names(code: LMDBError.Code) {
        #expect(!code.name.hasPrefix("error"))
        #expect(allCodes.filter { $0.rawValue == code.rawValue }.count == 1)
    }

    @Test("an unknown code keeps its number and the system's words")
    func unknownCode() throws {
        let temporary = try TemporaryDirectory()
        let file = temporary.path("file")
        close(open(file, O_CREAT | O_WRONLY, 0o600))
        let error = try #require(throws: LMDBError.self) { _ = try Environment(directory: file + "/inside") }
        #expect(error.code.rawValue == ENOTDIR)
        #expect("\(error)".contains("Not a directory"))
        #expect(!error.isDiskFull)
    }
}

private let allCodes: [LMDBError.Code] = [
    .alreadyOpen, .closed, .malformed, .keyExists, .notFound, .pageNotFound, .corrupted, .panic, .versionMismatch,
    .invalid, .mapFull, .tablesFull, .readersFull, .transactionFull, .cursorFull, .pageFull, .mapResized,
    .incompatible, .badReaderSlot, .badTransaction, .badValueSize, .badTable,
]

private func closedError() -> LMDBError {
    do {
        let fixture = try Fixture()
        fixture.environment.close()
        _ = try fixture.environment.checkReaders()
    } catch let error as LMDBError {
        return error
    } catch {}
    preconditionFailure("a closed environment refuses")
}
