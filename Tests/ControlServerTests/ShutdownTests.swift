import ControlAPI
import ControlServer
import NIOCore
import ServiceLifecycle
import Testing

@Suite(.timeLimit(.minutes(1))) struct ShutdownTests {
    @Test func `an idle connection does not hold up the stop`() async throws {
        try await TestServer.run { server in
            try await Connection.open(server.path(.operator)) { inbound, outbound in
                try await outbound.write(ByteBuffer(string: "GET \(Routes.status) HTTP/1.1\r\nHost: x\r\n\r\n"))
                var pieces = inbound.makeAsyncIterator()
                #expect(try await pieces.next().map { String(buffer: $0) }?.hasPrefix("HTTP/1.1 200") == true)
                await server.group.triggerGracefulShutdown()
                while let piece = try await pieces.next() { #expect(piece.readableBytes == 0) }
            }
        }
    }

    @Test func `a request under way is answered before the stop`() async throws {
        try await TestServer.run { server in
            try await server.makeShop()
            let body = contactChanged("1", "anna", #""vip":true"#)
            let head =
                "POST \(Routes.events(of: "shop")) HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                + "Content-Type: application/x-ndjson\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
            let answer = try await Connection.open(server.path(.ingest)) { inbound, outbound in
                try await outbound.write(ByteBuffer(string: head))
                var pieces = inbound.makeAsyncIterator()
                _ = try await pieces.next()
                await server.group.triggerGracefulShutdown()
                try await outbound.write(ByteBuffer(string: body))
                var bytes: [UInt8] = []
                while let piece = try await pieces.next() { bytes += piece.readableBytesView }
                return try Answer(bytes)
            }
            #expect(try answer.decode(IngestAnswer.self).appended == 1)
        }
    }

    /// What is accepted while the listener ends is served or closed; let go unfinished, it would end the process.
    @Test func `clients that connect while the server stops are closed`() async throws {
        for _ in 0..<20 {
            try await TestServer.run { server in
                await withDiscardingTaskGroup { clients in
                    for _ in 0..<16 {
                        clients.addTask {
                            // Until the socket is gone; a connection is answered or closed.
                            while await (try? server.send("GET", Routes.status, over: .query)) != nil {}
                        }
                    }
                    clients.addTask {
                        try? await Task.sleep(for: .microseconds(Int.random(in: 0...3000)))
                        await server.group.triggerGracefulShutdown()
                    }
                }
            }
        }
    }

    @Test func `a connection beyond the bound waits until another ends`() async throws {
        try await TestServer.run(connectionsMax: 1) { server in
            let waiting = try await Connection.open(server.path(.query)) { inbound, outbound in
                try await outbound.write(ByteBuffer(string: "GET \(Routes.status) HTTP/1.1\r\nHost: x\r\n\r\n"))
                var pieces = inbound.makeAsyncIterator()
                _ = try await pieces.next()
                let second = Task { try await server.send("GET", Routes.status, over: .query) }
                try await Task.sleep(for: .milliseconds(100))
                // Served over another socket meanwhile.
                #expect(try await server.send("GET", Routes.status, over: .ingest).status == 200)
                return second
            }
            #expect(try await waiting.value.status == 200)
        }
    }
}
