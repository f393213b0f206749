import Admission
import FoundationEssentials
import Glibc
import SegmentModel
import TestSupport
import Testing

@testable import Audiences

@Suite struct BackupTests {
    /// Opens the shop's data directory and writes a backup of it; the last parts of the path are made first.
    private func backUp(_ shop: StoredShop, to place: String, home: String? = nil) async throws -> BackupReport {
        var configuration = AudienceConfiguration.small
        configuration.backupDirectory = home
        let data = try await DataDirectory.open(path: shop.path, configuration: configuration, clock: shop.clock)
        do {
            let report = try await data.backUp(to: place)
            try await data.close()
            return report
        } catch {
            try await data.close()
            throw error
        }
    }

    private func mode(_ path: String) -> mode_t {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }

    @Test func `a daemon started on a backup serves what the other one did, sends too`() async throws {
        let shop = try await StoredShop()
        let expected = try await shop.served()
        let place = shop.home.path("backup")
        let report = try await backUp(shop, to: place)
        #expect(report.path == place)
        #expect(report.audiences.map(\.id) == ["shop"])
        #expect(report.audiences.first?.lastSequence == UInt64(StoredShop.events))
        #expect(report.audiences.first?.recipientLists == 2)
        #expect(expected.recipients["spring"]?.isEmpty == false)
        #expect(try await shop.served(at: place) == expected)
        // The same campaign still has its list.
        let again = try await shop.run(at: place) { try await $0.send("VIP", campaign: "spring") }
        #expect(!again.isNew)
    }

    @Test func `what a backup of many audiences says of each is read whole, and one that is missing is named`()
        async throws
    {
        let shop = try await StoredShop()
        let place = shop.home.path("backup")
        let report = try await backUp(shop, to: place)
        let all = (1...100).map { number in
            var audience = report.audiences[0]
            audience.id = "an-audience-with-a-name-\(number)"
            return audience
        }
        let text = BackupManifest.text(of: BackupReport(path: place, at: report.at, audiences: report.audiences + all))
        try Data(text.utf8).write(to: URL(filePath: place + "/BACKUP"))
        let said = try #require(try BackupManifest.read(place))
        #expect(said.count == 101)
        #expect(said[all[99].id]?.digest == report.audiences[0].digest)
        let verifier = try DirectoryVerifier(path: place, scratch: shop.home.path("scratch"), configuration: .small)
        #expect(verifier.audiences.count == 101)
        try FileManager.default.createDirectory(atPath: shop.home.path("scratch"), withIntermediateDirectories: true)
        #expect(try verifier.verify("shop").isSound)
        let missing = try verifier.verify(all[0].id)
        #expect(!missing.isSound)
        #expect(missing.problems.first?.contains("is missing") == true)
    }

    @Test func `a backup is private and has nothing that can be built anew`() async throws {
        let shop = try await StoredShop()
        let place = shop.home.path("backup")
        _ = try await backUp(shop, to: place)
        let names = try FileManager.default.subpathsOfDirectory(atPath: place).sorted()
        #expect(
            names == [
                "BACKUP", "FORMAT", "audiences", "audiences/shop", "audiences/shop/FORMAT", "audiences/shop/log",
                "audiences/shop/log/data.mdb", "audiences/shop/sent", "audiences/shop/sent/1", "audiences/shop/sent/2",
            ])
        for name in names {
            var isDirectory = false
            _ = FileManager.default.fileExists(atPath: place + "/" + name, isDirectory: &isDirectory)
            #expect(mode(place + "/" + name) == (isDirectory ? 0o700 : 0o600), "\(name)")
        }
        #expect(mode(place) == 0o700)
    }

    @Test func `what is acknowledged while a backup is written may be in it, and what was before is`() async throws {
        let shop = try await StoredShop()
        let data = try await DataDirectory.open(path: shop.path, configuration: .small, clock: shop.clock)
        let audience = try data.audience("shop")
        let place = shop.home.path("backup")
        async let report = data.backUp(to: place)
        for number in 5_000..<5_200 { _ = try await audience.ingest(AdmittedBatch([shop.event(number)])) }
        let last = try #require(try await report.audiences.first?.lastSequence)
        #expect((UInt64(StoredShop.events)...UInt64(StoredShop.events + 200)).contains(last))
        try await data.close()
        #expect(try await shop.served(at: place).lastSequence == last)
    }

    @Test func `equal logs have equal digests, however they are stored, and verify says the same of both`() async throws
    {
        let shop = try await StoredShop()
        let place = shop.home.path("backup")
        let report = try await backUp(shop, to: place)
        let (source, copy) = (try shop.verify(), try shop.verify(place))
        #expect(source.isSound && copy.isSound)
        #expect(report.audiences.map(\.digest) == [source.digest])
        #expect(source.digest == copy.digest)
        #expect(source.segments == copy.segments)
        #expect(source.segments.map(\.segment.name) == ["Buyers", "VIP"])
        #expect(copy.index == .missing && copy.view == .missing)
    }

    @Test func `a name goes below the configured directory, and needs one`() async throws {
        let shop = try await StoredShop()
        let home = shop.home.path("backups")
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: false)
        #expect(try await backUp(shop, to: "nightly", home: home).path == home + "/nightly")
        let error = await #expect(throws: AudienceError.self) { _ = try await backUp(shop, to: "nightly") }
        #expect(error?.code == .invalidBackupPlace)
        #expect(error?.pointer == "/to")
    }

    @Test(arguments: [
        "../elsewhere", "/tmp/../tmp/x", "/tmp/./x", "/tmp//x", "", "/", ".hidden", "/tmp/.hidden", "a/b", "nul\0",
        "/no/such/directory/x", "/dev/null/x", "ü", String(repeating: "x", count: 101),
    ])
    func `a place that leads somewhere else or nowhere is refused`(place: String) async throws {
        let shop = try await StoredShop()
        let error = await #expect(throws: AudienceError.self) {
            _ = try await backUp(shop, to: place, home: shop.home.path)
        }
        #expect(error?.code == .invalidBackupPlace)
    }

    @Test func `links, the data directory and what is there already are refused`() async throws {
        let shop = try await StoredShop()
        try FileManager.default.createDirectory(atPath: shop.home.path("real"), withIntermediateDirectories: false)
        try FileManager.default.createSymbolicLink(
            atPath: shop.home.path("link"), withDestinationPath: shop.home.path("real"))
        for (place, code) in [
            (shop.home.path("link/x"), AudienceError.Code.invalidBackupPlace), (shop.path + "/x", .invalidBackupPlace),
            (shop.path + "/audiences/x", .invalidBackupPlace), (shop.home.path("real"), .backupExists),
            (shop.home.path("link"), .backupExists),
        ] {
            let error = await #expect(throws: AudienceError.self) { _ = try await backUp(shop, to: place) }
            #expect(error?.code == code, "\(place)")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: shop.home.path("real")).isEmpty)
    }

    @Test func `what a crash left of a backup is removed by the next one there`() async throws {
        let shop = try await StoredShop()
        let left = shop.home.path(".unfinished-old/audiences/shop")
        try FileManager.default.createDirectory(atPath: left, withIntermediateDirectories: true)
        _ = try await backUp(shop, to: shop.home.path("backup"))
        #expect(!FileManager.default.fileExists(atPath: shop.home.path(".unfinished-old")))
        #expect(!FileManager.default.fileExists(atPath: shop.home.path(".unfinished-backup")))
    }

    @Test func `what another daemon is writing there is left alone`() async throws {
        let shop = try await StoredShop()
        let other = shop.home.path(".unfinished-other")
        try FileManager.default.createDirectory(atPath: other + "/audiences", withIntermediateDirectories: true)
        let descriptor = open(other, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        _ = try await backUp(shop, to: shop.home.path("first"))
        #expect(FileManager.default.fileExists(atPath: other + "/audiences"))
        close(descriptor)
        _ = try await backUp(shop, to: shop.home.path("second"))
        #expect(!FileManager.default.fileExists(atPath: other))
    }

    @Test func `who waits for a backup is told at once that the daemon stops, and none begins any more`() async throws {
        let shop = try await StoredShop()
        let data = try await DataDirectory.open(path: shop.path, configuration: .small, clock: shop.clock)
        try data.backups.begin(
            BackupProgress(path: "/x", startedAt: data.clock.now(), audience: "", audiencesDone: 0, audiences: 1))
        let (steps, step) = AsyncStream.makeStream(of: Void.self)
        let outcome = Task {
            await data.backups.outcome {
                // A step that cannot be broken off.
                for await _ in steps {}
                return .failure(AudienceError(.fileFailed, "The step has ended."))
            }
        }
        data.endLongWork()
        let error = await #expect(throws: AudienceError.self) { _ = try await outcome.value.get() }
        #expect(error?.code == .cancelled)
        step.finish()
        let late = await #expect(throws: AudienceError.self) {
            _ = try await data.backUp(to: shop.home.path("backup"))
        }
        #expect(late?.code == .cancelled)
        #expect(!FileManager.default.fileExists(atPath: shop.home.path("backup")))
        try await data.close()
    }

    @Test func `a damaged list does not stop a backup, and is named`() async throws {
        let shop = try await StoredShop()
        try FileBytes.flipBit(at: 20, in: shop.audience + "/sent/1")
        let report = try await backUp(shop, to: shop.home.path("backup"))
        #expect(report.audiences.first?.damagedLists == ["spring"])
        #expect(report.audiences.first?.recipientLists == 1)
    }

    @Test func `a log that is damaged gives no backup, and leaves nothing behind`() async throws {
        let shop = try await StoredShop()
        let data = try await DataDirectory.open(path: shop.path, configuration: .small, clock: shop.clock)
        // In the file of the environment that is open, where a full block lies.
        let file = shop.audience + "/log/data.mdb"
        let content = try Data(contentsOf: URL(filePath: file))
        let descriptor = open(file, O_WRONLY)
        for page in 2..<content.count / 4096 where content[page * 4096 + 10] == 4 {
            let byte = [content[page * 4096 + 2_000] ^ 1]
            #expect(pwrite(descriptor, byte, 1, off_t(page * 4096 + 2_000)) == 1)
        }
        close(descriptor)
        let error = await #expect(throws: AudienceError.self) {
            _ = try await data.backUp(to: shop.home.path("backup"))
        }
        #expect(error?.code == .fileFailed)
        #expect(error?.message.contains("event ") == true)
        try? await data.close()
        let names = try FileManager.default.contentsOfDirectory(atPath: shop.home.path)
        #expect(names == ["data"])
    }

    @Test func `a backup that was changed is not what its manifest says`() async throws {
        let shop = try await StoredShop()
        let place = shop.home.path("backup")
        _ = try await backUp(shop, to: place)
        let manifest = place + "/BACKUP"
        let text = try String(contentsOfFile: manifest, encoding: .utf8)
        try text.replacing("\"lastSequence\":900", with: "\"lastSequence\":901").write(
            toFile: manifest, atomically: false, encoding: .utf8)
        let found = try shop.verify(place)
        #expect(!found.isSound)
        #expect(found.problems.first?.contains("901") == true)
        try text.replacing("\"format\":1", with: "\"format\":2").write(
            toFile: manifest, atomically: false, encoding: .utf8)
        let error = #expect(throws: AudienceError.self) { _ = try shop.verify(place) }
        #expect(error?.code == .unsupportedFormat)
    }

    @Test func `a daemon that starts on a backup makes it a data directory`() async throws {
        let shop = try await StoredShop()
        let place = shop.home.path("backup")
        _ = try await backUp(shop, to: place)
        try await shop.run(at: place) { _ = try await $0.ingest(AdmittedBatch([shop.event(9_999)])) }
        #expect(!FileManager.default.fileExists(atPath: place + "/BACKUP"))
        #expect(try shop.verify(place).isSound)
    }
}
