import ControlAPI
import NIOCore
import Testing

@testable import ControlServer

@Suite(.timeLimit(.minutes(1))) struct BodyRoomTests {
    private static let target = Routes.events(of: "shop")

    /// About 250 bytes each.
    private func events(_ prefix: String, _ count: Int) -> [String] {
        (0..<count).map {
            contactChanged("\(prefix)\($0)", "\(prefix)\($0)", #""city":"\#(String(repeating: "x", count: 100))""#)
        }
    }

    @Test func `what is held is given back with the share, and a little may be held in any case`() {
        let room = BodyRoom(bytesMax: 100_000)
        var share: BodyRoom.Share? = BodyRoom.Share(of: room)
        #expect(share?.hold(90_000) == true)
        #expect(share?.hold(20_000) == false)
        let other = BodyRoom.Share(of: room)
        #expect(other.hold(Bounds.heldBytesOfOneMax))
        #expect(!other.hold(1))
        share = nil
        #expect(room.heldBytes == Bounds.heldBytesOfOneMax + 1)
        #expect(other.hold(1))
    }

    @Test func `beside bodies that hold all the room, batches are refused, and lines and single events go in`()
        async throws
    {
        let room = BodyRoom(bytesMax: 100_000)
        try await TestServer.run(room: room) { server in
            try await server.makeShop()
            let type = MediaType.cloudEventsBatch
            let batch = "[" + events("b", 500).joined(separator: ",") + "]"
            let head =
                "POST \(Self.target) HTTP/1.1\r\nHost: x\r\nContent-Type: \(type)\r\nContent-Length: 200000\r\n\r\n"
            try await Connection.open(server.path(.ingest)) { inbound, outbound in
                try await outbound.write(ByteBuffer(string: head + String(repeating: " ", count: 100_000)))
                while room.heldBytes < 100_000 { try await Task.sleep(for: .milliseconds(1)) }
                let refused = try await server.send("POST", Self.target, batch, type: type, over: .ingest)
                #expect(try refused.problem().code == "busy")
                #expect(refused.status == 503)
                let one = try await server.send("POST", Self.target, events("o", 1)[0], type: MediaType.cloudEvent)
                #expect(try one.decode(IngestAnswer.self).appended == 1)
                let lines = try await server.ingest(events("l", 2_000))
                #expect(lines.appended == 2_000)
                withExtendedLifetime(inbound) {}
            }
            // With the connection goes what it held.
            while room.heldBytes > 0 { try await Task.sleep(for: .milliseconds(1)) }
            #expect(try await server.send("POST", Self.target, events("s", 200).first, type: type).status == 400)
            let taken = try await server.send(
                "POST", Self.target, "[" + events("b", 300).joined(separator: ",") + "]", type: type)
            #expect(try taken.decode(IngestAnswer.self).appended == 300)
            #expect(room.heldBytes == 0)
        }
    }

    @Test func `a dry run that would remember more than there is room for is refused`() async throws {
        let room = BodyRoom(bytesMax: 100_000)
        try await TestServer.run(room: room) { server in
            try await server.makeShop()
            let lines = events("d", 1_500).joined(separator: "\n")
            let target = Routes.events(of: "shop", dryRun: true)
            let refused = try await server.send("POST", target, lines, type: MediaType.ndjson)
            #expect(try refused.problem().code == "busy")
            #expect(try #require(refused.problem().ingest).appended > 0)
            #expect(
                try await server.send("POST", target, events("d", 100).joined(separator: "\n"), type: MediaType.ndjson)
                    .status == 200)
        }
    }

    @Test func `problems are held too, however short their lines`() async throws {
        let room = BodyRoom(bytesMax: 100_000)
        try await TestServer.run(room: room) { server in
            try await server.makeShop()
            let refused = try await server.send(
                "POST", Self.target, String(repeating: "{}\n", count: 5_000), type: MediaType.ndjson)
            #expect(try refused.problem().code == "busy")
            let refusedBatch = try await server.send(
                "POST", Self.target, "[" + String(repeating: "0,", count: 5_000) + "0]",
                type: MediaType.cloudEventsBatch)
            #expect(try refusedBatch.problem().code == "busy")
        }
    }
}
