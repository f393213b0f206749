import NIOCore
import NIOEmbedded
import Testing

@testable import ControlServer

@Suite(.timeLimit(.minutes(1))) struct UnservedConnectionsTests {
    @Test func `what nobody served by the end is closed, earlier or later`() async throws {
        let unserved = UnservedConnections()
        let early = NIOAsyncTestingChannel()
        let late = NIOAsyncTestingChannel()
        unserved.add(try await connection(over: early))
        await unserved.close()
        #expect(!early.isActive)

        unserved.add(try await connection(over: late))
        try await late.closeFuture.get()
    }

    @Test func `what is served is left alone`() async throws {
        let unserved = UnservedConnections()
        let channel = NIOAsyncTestingChannel()
        let connection = try await connection(over: channel)
        unserved.add(connection)
        unserved.take(connection)
        await unserved.close()
        #expect(channel.isActive)
        try await connection.executeThenClose { _, _ in }
    }

    private func connection(over channel: NIOAsyncTestingChannel) async throws -> UnservedConnections.Connection {
        try await channel.connect(to: SocketAddress(unixDomainSocketPath: "/unused"))
        return try await channel.testingEventLoop.executeInContext {
            try UnservedConnections.Connection(wrappingChannelSynchronously: channel)
        }
    }
}
