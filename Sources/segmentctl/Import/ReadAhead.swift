import NIOPosix
import Synchronization

/// Cuts the next chunk on a thread of its own while the daemon works on the one before.
final class ReadAhead: Sendable {
    private let source: InputSource
    private let cutter: Mutex<InputCutter>

    init(source: InputSource, cutter: InputCutter) {
        self.source = source
        self.cutter = Mutex(cutter)
    }

    /// The next chunk; nil at the end. One call at a time. Reading may block, which tasks must not: hence the thread.
    @concurrent
    func next() async throws -> LineChunk? {
        try await NIOThreadPool.singleton.runIfActive { [self] in
            try cutter.withLock { cutter throws(Failure) in
                try cutter.next { buffer throws(Failure) in try source.read(into: buffer) }
            }
        }
    }
}
