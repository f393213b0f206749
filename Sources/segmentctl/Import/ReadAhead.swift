import NIOPosix
import Synchronization

/// Cuts the next chunk on a thread of its own while the daemon works on the one before.
final class ReadAhead: Sendable {
    private let source: InputSource
    private let chunker: Mutex<LineChunker>

    init(source: InputSource, chunkBytesMax: Int) {
        self.source = source
        self.chunker = Mutex(LineChunker(bytesMax: chunkBytesMax))
    }

    /// The next chunk; nil at the end. One call at a time. Reading may block, which tasks must not: hence the thread.
    @concurrent
    func next() async throws -> LineChunk? {
        try await NIOThreadPool.singleton.runIfActive { [self] in
            try chunker.withLock { chunker throws(Failure) in
                try chunker.next { buffer throws(Failure) in try source.read(into: buffer) }
            }
        }
    }
}
