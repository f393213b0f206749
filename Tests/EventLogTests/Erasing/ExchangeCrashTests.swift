import FoundationEssentials
import Glibc
import LMDB
import SegmentModel
import TestSupport
import Testing

@testable import EventLog

/// A crash at any step of an exchange leaves one of the two logs, whole, and nothing between them.
@Suite struct ExchangeCrashTests {
    private typealias Log = ErasedLog

    private struct Crash: Error {}

    @Test(arguments: RewriteStep.allCases) func `a start after a crash has the log before or the one after`(
        step: RewriteStep
    ) async throws {
        let log = try Log()
        try await log.append([
            ("1", Log.changed("eva-17", email: "eva@x.test")), ("2", Log.changed("bob", email: "b@x.test")),
            ("3", Log.erased("eva-17")),
        ])
        try log.log.define(["kind": "definition"])
        let before = try log.events()
        let copy = try TemporaryDirectory()
        let (from, to) = (log.home.path, copy.path("home"))
        await #expect(throws: LogError.self) {
            try await log.erase { done in
                guard done == step else { return }
                // What the process leaves behind that ends here.
                try FileManager.default.copyItem(atPath: from, toPath: to)
                throw Crash()
            }
        }
        try? log.log.close()
        let isDecided = ![RewriteStep.copied, .tailCopied, .synced].contains(step)
        let reopened = try Log.open(to)
        let after = try log.events(of: reopened)
        #expect(after.map(\.event.fact)[0] == (isDecided ? .hole : before[0].event.fact))
        #expect(after[1] == before[1])
        #expect(try reopened.definitions().count == 1)
        #expect(reopened.erasures.count == (isDecided ? 0 : 1))
        let again = try await log.append(
            [("1", Log.changed("eva-17", email: "eva@x.test")), ("4", Log.changed("bob", email: "c@x.test"))],
            to: reopened)
        #expect(again.duplicates == 1)
        #expect(again.appended == 1)
        try reopened.close()
        #expect(Set(try FileManager.default.contentsOfDirectory(atPath: to)) == ["log", "index"])
        #expect(try Log.files(in: to, with: "eva-17").isEmpty == isDecided)
    }

    @Test func `after a failure that came too late to go back the log takes nothing more`() async throws {
        let log = try Log()
        try await log.append([("1", Log.changed("eva", email: "eva@x.test")), ("2", Log.erased("eva"))])
        await #expect(throws: LogError.self) {
            try await log.erase { if $0 == .decided { throw Crash() } }
        }
        await #expect(throws: LogError.self) {
            _ = try await log.append([("3", Log.changed("bob", email: "b@x.test"))])
        }
        #expect(throws: LogError.self) { try log.log.define(["kind": "definition"]) }
        try? log.log.close()
    }

    @Test(arguments: [EIO, ENOSPC]) func `a name that may not be durable decides as well, and the start completes it`(
        code: CInt
    ) async throws {
        let observer = FailingSteps()
        let log = try Log(steps: DurableSteps(observer: observer))
        try await log.append([("1", Log.changed("eva", email: "eva@x.test")), ("2", Log.erased("eva"))])
        observer.fail(
            with: code, at: { if case .syncDirectory = $0 { true } else { false } },
            after: { if case .rename(_, let target) = $0 { target.hasSuffix(".former") } else { false } })
        let error = await #expect(throws: LogError.self) { try await log.erase() }
        // Whatever the reason was, the process has to end.
        #expect(error?.kind == .storage)
        await #expect(throws: LogError.self) {
            _ = try await log.append([("3", Log.changed("bob", email: "b@x.test"))])
        }
        try? log.log.close()
        let reopened = try Log.open(log.home.path)
        #expect(try log.events(of: reopened).map(\.event.fact) == [.hole, .hole])
        try reopened.close()
    }

    @Test func `where only the former log is left it is the log again`() async throws {
        let log = try Log()
        try await log.append([("1", Log.changed("eva", email: "eva@x.test"))])
        let before = try log.events()
        try log.log.close()
        try FileManager.default.moveItem(atPath: log.home.path("log"), toPath: log.home.path("log.former"))
        let reopened = try Log.open(log.home.path)
        #expect(try log.events(of: reopened) == before)
        try reopened.close()
    }

    @Test func `a row that is missing is not the end of the log`() async throws {
        let log = try Log()
        for number in 1...3 {
            // A row each: blocks are begun by what is appended together, and the last stays open.
            try await log.append((1...300).map { ("\(number)-\($0)", Log.changed("c\($0)", email: "c\($0)@x.test")) })
        }
        try await log.append([("last", Log.erased("c7"))])
        let storage = log.log.storage
        try storage.environment.withWriteTransaction { transaction in
            var keys: [UInt64] = []
            try storage.events.forEach(from: nil, in: transaction) { key, _ in
                keys.append(key)
                return .next
            }
            try #require(keys.count > 2)
            _ = try storage.events.delete(forKey: keys[1], in: transaction)
        }
        let error = await #expect(throws: LogError.self) { try await log.erase() }
        guard case .damaged = error?.kind else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(FileManager.default.fileExists(atPath: log.home.path("log")))
        #expect(!FileManager.default.fileExists(atPath: log.home.path("rewrite")))
        try? log.log.close()
    }
}
