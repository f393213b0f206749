import ControlAPI
import FoundationEssentials
import TestSupport
import Testing

@testable import ControlServer

@Suite struct BackupRouteTests {
    private func body(_ place: String) -> String { #"{"to":"\#(place)"}"# }

    @Test func `a backup is answered with what was written, and the status knows it`() async throws {
        try await TestServer.run { server in
            try await server.makeShop()
            try await server.ingest([contactChanged("1", "ada", #""tags":{"add":["vip"]}"#)])
            let place = server.place.path("backup")
            let answer = try await server.send("POST", Routes.backups, body(place))
            #expect(answer.status == 201)
            let backup = try answer.decode(BackupAnswer.self)
            #expect(backup.path == place)
            #expect(backup.audiences.map(\.id) == ["shop"])
            #expect(backup.audiences.first?.lastSequence == 1)
            #expect(backup.bytes > 0 && backup.audiences.first?.digest.count == 8)
            #expect(FileManager.default.fileExists(atPath: place + "/BACKUP"))
            let status = try await server.send("GET", Routes.status).decode(StatusAnswer.self)
            #expect(status.lastBackup == backup)
            #expect(status.backup == nil && status.reserveHeld == nil)
            #expect(status.audiences.first?.scrub == ScrubAnswer())
        }
    }

    @Test func `a place that cannot be is refused with its code and place in the body`() async throws {
        try await TestServer.run { server in
            for (place, status, code) in [
                ("nightly", 422, "invalid_backup_place"), ("../x", 422, "invalid_backup_place"),
                (server.place.path, 409, "backup_exists"), (server.place.path("data/x"), 422, "invalid_backup_place"),
            ] {
                let answer = try await server.send("POST", Routes.backups, body(place))
                #expect(answer.status == status)
                let problem = try answer.decode(Problem.self)
                #expect(problem.code == code && problem.pointer == "/to")
            }
            let empty = try await server.send("POST", Routes.backups, "{}")
            #expect(empty.status == 422)
        }
    }

    @Test func `only operators may`() async throws {
        try await TestServer.run { server in
            let place = server.place.path("backup")
            for role in [SocketRole.query, .ingest] {
                let answer = try await server.send("POST", Routes.backups, body(place), over: role)
                #expect(answer.status == 403)
            }
            #expect(!FileManager.default.fileExists(atPath: place))
        }
    }
}
