import ControlAPI
import ControlClient
import Imports
import Synchronization

/// Sends an input to the daemon, chunk after chunk in order, reading the next one while the daemon works.
///
/// In: a file or standard input. Out: the sum of everything that was acknowledged, also when the import ends early.
/// A chunk is acknowledged as a whole or, as far as is known here, not at all; sending it again does no harm.
struct EventImport {
    /// A request carries at most that much.
    static let chunkBytesMax = 8_388_608

    /// How an import ended.
    enum Ending {
        case complete
        case interrupted
        case failed(any Error)
    }

    /// Hands one chunk to the daemon.
    typealias Send = (LineChunk) async throws -> IngestAnswer

    /// Length of the input, if known.
    let size: Int?
    private let source: InputSource
    private let isInterrupted: @Sendable () -> Bool
    private let stop: StopFlag
    private let send: Send

    /// Opens the input. `isInterrupted` is asked between requests and while waiting for input.
    init(path: String, isInterrupted: @escaping @Sendable () -> Bool, send: @escaping Send) throws(Failure) {
        let stop = StopFlag()
        self.send = send
        self.isInterrupted = isInterrupted
        self.stop = stop
        source = try InputSource(path: path) { stop.isRaised || isInterrupted() }
        size = source.size
    }

    /// Runs to the end, an interruption or a failure. `report` is called with each receipt.
    ///
    /// - Parameters:
    ///   - conversion: makes events of the input; nil: its lines are events.
    ///   - firstLine: lines before that one are passed over; a conversion passes over them itself.
    func run(
        converting conversion: (any EventConversion)? = nil, firstLine: Int = 1, isDryRun: Bool = false,
        chunkBytesMax: Int = chunkBytesMax, report: (ImportSummary, IngestAnswer) throws -> Void
    ) async -> (summary: ImportSummary, ending: Ending) {
        defer { source.close() }
        var summary = ImportSummary(isDryRun: isDryRun)
        let cutter = conversion.map { InputCutter.converted(ConvertingChunker($0, bytesMax: chunkBytesMax)) }
        let reader = ReadAhead(
            source: source, cutter: cutter ?? .lines(LineChunker(bytesMax: chunkBytesMax), from: firstLine))
        do {
            var current = try await reader.next()
            while let chunk = current, !isInterrupted() {
                async let following = reader.next()
                do {
                    try await take(chunk, &summary, report)
                } catch {
                    // The reader may be waiting for input that never comes.
                    stop.raise()
                    throw error
                }
                current = try await following
            }
        } catch {
            return (summary, .failed(error))
        }
        return (summary, isInterrupted() ? .interrupted : .complete)
    }

    private func take(
        _ chunk: LineChunk, _ summary: inout ImportSummary, _ report: (ImportSummary, IngestAnswer) throws -> Void
    ) async throws {
        do {
            let receipt = chunk.told(chunk.hasEvents ? try await send(chunk) : IngestAnswer())
            summary.add(receipt, for: chunk)
            try report(summary, receipt)
        } catch ControlClientError.problem(let problem) {
            if let partial = problem.ingest {
                summary.add(partial: partial, of: chunk)
                try report(summary, chunk.told(partial, isWhole: false))
            }
            throw ControlClientError.problem(problem)
        }
    }
}

/// Says once that work shall end.
final class StopFlag: Sendable {
    private let raised = Atomic(false)

    var isRaised: Bool { raised.load(ordering: .relaxed) }

    func raise() {
        raised.store(true, ordering: .relaxed)
    }
}
